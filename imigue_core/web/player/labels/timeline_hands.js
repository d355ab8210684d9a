/** What the timeline's pointer asks for, in terms of the parts that do it. */

/** @typedef {'only'|'toggle'|'extend'|'keep'} How a label is selected by a click */

/**
 * @param {{picked: import('./picked.js').Picked, selection: import('./selection.js').Selection,
 *          hands: import('./span_hands.js').SpanHands, review: import('../review/review.js').Review,
 *          transport: import('../picture/transport.js').Transport,
 *          lockedLoop: import('../picture/locked_loop.js').LockedLoop,
 *          act: (action: string, value?: unknown) => void}} parts
 */
export function makeTimelineHands({ picked, selection, hands, review, transport, lockedLoop, act }) {
  return {
    /** @param {number} frame */
    seek: (frame) => void transport.jump(frame),
    /** @param {string|null} id @param {How} [how] */
    select: (id, how = 'only') => {
      if (id === null) {
        // Scrubbing leaves the labels that were selected together.
        if (picked.selectedId !== null && !picked.labels.length) picked.chooseLabel(null);
      } else if (how === 'toggle') selection.toggle(id);
      else if (how === 'extend') selection.extendTo(id);
      else {
        if (how === 'only') selection.drop();
        picked.chooseLabel(id);
      }
    },
    act,
    /** @param {number} first @param {number} last */
    band: (first, last) => selection.chooseMeeting(first, last),
    /** @param {number} id @param {boolean} [isGhost] */
    suggestion: (id, isGhost = false) => (isGhost ? review.selectGhost(id) : review.select(id)),
    /** @param {string} id @param {number} start @param {number} end */
    move: (id, start, end) => hands.move(id, start, end),
    /** @param {{id: string, start_frame: number, end_frame: number}[]} moves */
    moveBoth: (moves) => hands.moveBoth(moves),
    hold: () => lockedLoop.hold(),
    letGo: () => lockedLoop.letGo(),
  };
}
