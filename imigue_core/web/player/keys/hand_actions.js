/**
 * What the keys of hands on spans do: nudging and sharing edges, selecting several labels,
 * certainty, "unclear, discuss", notes, locked playback.
 *
 * @typedef {{lockedLoop: import('../picture/locked_loop.js').LockedLoop,
 *            hands: import('../labels/span_hands.js').SpanHands,
 *            selection: import('../labels/selection.js').Selection}} HandParts
 */

/** @param {HandParts} parts @returns {import('./actions.js').Actions} */
export function makeHandActions({ lockedLoop, hands, selection }) {
  return {
    loopSpan: () => lockedLoop.start(),
    nudgeLabel: (how) => hands.nudge(how),
    shareEdge: (edge) => hands.shareEdge(edge),
    chooseCurrent: () => selection.toggleCurrent(),
    chooseAll: () => selection.chooseAll(),
    dropChosen: () => void selection.drop(),
    toggleUnclear: () => hands.toggleUnclear(),
    stepCertainty: () => hands.stepCertainty(),
    writeNote: () => hands.writeNote(),
  };
}
