/**
 * Arithmetic of hands on spans: edges that two labels share, what an edge may snap to,
 * which labels lie within a stretch. Pure; no canvas, no page.
 *
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 * @typedef {'start'|'end'} Edge
 * @typedef {{span: Spanlike, start_frame: number, end_frame: number}} Move what a span becomes
 */

/**
 * The span that begins right where this one ends, or ends right before it begins.
 * @template {Spanlike} S
 * @param {S} span @param {Edge} edge @param {Iterable<S>} others may hold the span itself @returns {S|null}
 */
export function findTouching(span, edge, others) {
  for (const other of others) {
    if (other === span) continue;
    if (edge === 'start' ? other.end_frame + 1 === span.start_frame : other.start_frame === span.end_frame + 1)
      return other;
  }
  return null;
}

/**
 * Two touching spans with the boundary between them elsewhere, as near to the wish as leaves each a frame.
 * @template {Spanlike} S
 * @param {S} span @param {S} other its neighbour at `edge` @param {Edge} edge @param {number} boundary whole number
 * @returns {(Move & {span: S})[]} the one that shrinks first, so that the two never overlap on the way; none when
 * nothing moves
 */
export function moveShared(span, other, edge, boundary) {
  const [left, right] = edge === 'end' ? [span, other] : [other, span];
  const at = Math.max(left.start_frame + 1, Math.min(right.end_frame, boundary));
  if (at === right.start_frame) return [];
  const moves = [
    { span: left, start_frame: left.start_frame, end_frame: at - 1 },
    { span: right, start_frame: at, end_frame: right.end_frame },
  ];
  return at < right.start_frame ? moves : moves.reverse();
}

/**
 * Whether a boundary between two touching spans can lie there.
 * @param {Spanlike} span
 * @param {Spanlike} other
 * @param {Edge} edge
 * @param {number} boundary
 */
export function canShareAt(span, other, edge, boundary) {
  const [left, right] = edge === 'end' ? [span, other] : [other, span];
  return boundary > left.start_frame && boundary <= right.end_frame;
}

/** The boundary at an edge: before its start or after its end. @param {Spanlike} span @param {Edge} edge */
export const boundaryOf = (span, edge) => (edge === 'start' ? span.start_frame : span.end_frame + 1);

/**
 * Boundaries in sight that a dragged edge may snap to.
 * @param {{start: number, stop: number}} view
 * @param {{spans: Iterable<Spanlike>, frames?: number[], cuts?: number[], valleys?: number[]}} what `frames`: whose
 * both sides count, as the play head's
 */
export function listSnapTargets(view, { spans, frames = [], cuts = [], valleys = [] }) {
  const found = new Set([...cuts, ...valleys]);
  for (const frame of frames) found.add(frame).add(frame + 1);
  for (const span of spans) found.add(span.start_frame).add(span.end_frame + 1);
  return [...found].filter((boundary) => boundary >= view.start && boundary <= view.stop);
}

/**
 * Which target a dragged span met: for a body that of either edge.
 * @param {Spanlike} span after the drag @param {Edge|'body'} part @param {number[]} targets @returns {number|null}
 */
export function findSnapped(span, part, targets) {
  const edges = part === 'body' ? [span.start_frame, span.end_frame + 1] : [boundaryOf(span, part)];
  return edges.find((boundary) => targets.includes(boundary)) ?? null;
}

/**
 * From one label to another by time, both included, whichever comes first.
 * @template {{annotation_id: string}} L
 * @param {L[]} labels in order of time
 * @param {string|null} fromId
 * @param {string} toId
 * @returns {L[]} only the second when the first is not among them
 */
export function listFromTo(labels, fromId, toId) {
  const to = labels.findIndex((label) => label.annotation_id === toId);
  if (to < 0) return [];
  const from = labels.findIndex((label) => label.annotation_id === fromId);
  if (from < 0) return [labels[to]];
  return labels.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/**
 * Those that lie wholly between two frames, both included.
 * @template {Spanlike} S
 * @param {S[]} spans
 * @param {number} first
 * @param {number} last
 */
export const listWithin = (spans, first, last) =>
  spans.filter((span) => span.start_frame >= first && span.end_frame <= last);

/**
 * Those that touch a stretch of frames at all.
 * @template {Spanlike} S
 * @param {S[]} spans
 * @param {number} first
 * @param {number} last
 */
export const listMeeting = (spans, first, last) =>
  spans.filter((span) => span.end_frame >= first && span.start_frame <= last);
