/**
 * What the keys of hands on spans do: nudging and sharing edges, selecting several labels,
 * certainty, "unclear, discuss", notes, locked playback.
 *
 * @type {Record<string, (player: import('../core/player.js').Player, value?: any) => void>}
 */
export const HAND_ACTIONS = {
  loopSpan: (player) => player.lockedLoop.start(),
  nudgeLabel: (player, how) => player.hands.nudge(how),
  shareEdge: (player, edge) => player.hands.shareEdge(edge),
  chooseCurrent: (player) => player.selection.toggleCurrent(),
  chooseAll: (player) => player.selection.chooseAll(),
  dropChosen: (player) => void player.selection.drop(),
  toggleUnclear: (player) => player.hands.toggleUnclear(),
  stepCertainty: (player) => player.hands.stepCertainty(),
  writeNote: (player) => player.hands.writeNote(),
};
