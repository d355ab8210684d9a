/**
 * Suggestions as values: which are left to look at, in which order, which comes next.
 * Pure; who decides and what is drawn is review.js and suggestion_drawing.js.
 *
 * @typedef {Object} Suggestion
 * @property {number} suggestion_id @property {number} class_id
 * @property {number} start_frame @property {number} end_frame
 * @property {number} score 0..1 @property {[number, number][]} top five at most: class, probability
 * @property {number} start_sd @property {number} end_sd standard deviations of the edges, frames
 *
 * @typedef {import('../labels/labels.js').Decision} Decision
 * @typedef
 * {{suggestion_id: number, class_id: number, start_frame: number, end_frame: number, score: number, model: string}}
 * Rejection
 */

/** From this overlap on, two spans of one class are about the same gesture; as on the server. */
export const SAME_TIOU = 0.5;
export const THRESHOLD_STEP = 0.05;

/**
 * Temporal intersection over union of two spans, both ends inclusive.
 * @param {import('../timeline/geometry.js').Spanlike} a @param {import('../timeline/geometry.js').Spanlike} b
 */
export function computeTiou(a, b) {
  const shared = Math.min(a.end_frame, b.end_frame) - Math.max(a.start_frame, b.start_frame) + 1;
  if (shared <= 0) return 0;
  return shared / (a.end_frame - a.start_frame + b.end_frame - b.start_frame + 2 - shared);
}

/**
 * In order of time; of two at one place, the surer first.
 * @template {Rejection|Suggestion} S
 * @param {Iterable<S>} suggestions
 * @returns {S[]}
 */
export function sortByTime(suggestions) {
  return [...suggestions].sort(
    (a, b) => a.start_frame - b.start_frame || b.score - a.score || a.suggestion_id - b.suggestion_id,
  );
}

/**
 * What is left to look at: not what an own label, a suggestion that became one, or an own
 * rejection of the same class covers already. The server's rule, ahead of its answer.
 * @param {Suggestion[]} suggestions in order of time
 * @param {import('../labels/labels.js').Label[]} ownLabels
 * @param {Map<number, Decision>} decisions
 * @param {Iterable<Rejection>} rejections spans of the rejected ones, whatever scan they are of
 * @returns {Suggestion[]} in the same order
 */
export function listOpen(suggestions, ownLabels, decisions, rejections) {
  const cameFrom = new Set(ownLabels.map((label) => label.suggestion_id));
  /** @type {Map<number, import('../timeline/geometry.js').Spanlike[]>} */
  const settled = new Map();
  /** @param {import('../timeline/geometry.js').Spanlike & {class_id: number}} one */
  const settle = (one) => settled.set(one.class_id, [...(settled.get(one.class_id) ?? []), one]);
  ownLabels.forEach(settle);
  for (const one of suggestions) if (cameFrom.has(one.suggestion_id)) settle(one);
  for (const one of rejections) settle(one);
  return suggestions.filter((one) => {
    if (cameFrom.has(one.suggestion_id) || isRejected(decisions, one)) return false;
    return !(settled.get(one.class_id) ?? []).some((known) => computeTiou(known, one) >= SAME_TIOU);
  });
}

/** @param {Map<number, Decision>} decisions @param {{suggestion_id: number}} one */
export const isRejected = (decisions, one) => decisions.get(one.suggestion_id)?.verdict === 'rejected';
/** @param {Map<number, Decision>} decisions @param {{suggestion_id: number}} one */
export const isSkipped = (decisions, one) => decisions.get(one.suggestion_id)?.verdict === 'skipped';

/** @param {Suggestion[]} suggestions @param {number} threshold */
export function listAbove(suggestions, threshold) {
  return suggestions.filter((one) => one.score >= threshold - 1e-9);
}

/**
 * The one after (or before) a place, in order of time, round the end of the video.
 * @template {Rejection|Suggestion} S
 * @param {S[]} suggestions in order of time
 * @param {{suggestion_id?: number, start_frame: number, score?: number}} from a suggestion, which need not be in the
 * list, or a frame
 * @param {1|-1} direction @returns {S|null}
 */
export function findNext(suggestions, from, direction) {
  const others = suggestions.filter((one) => one.suggestion_id !== from.suggestion_id);
  if (!others.length) return suggestions[0] ?? null;
  if (direction > 0) return others.find((one) => comesAfter(one, from)) ?? others[0];
  return others.findLast((one) => !comesAfter(one, from)) ?? others[others.length - 1];
}

/**
 * From a mere frame on, what starts right there is still to come.
 * @param {Rejection|Suggestion} one @param {{suggestion_id?: number, start_frame: number, score?: number}} from
 */
function comesAfter(one, from) {
  if (one.start_frame !== from.start_frame) return one.start_frame > from.start_frame;
  if (from.suggestion_id === undefined) return true;
  return ((from.score ?? 0) - one.score || one.suggestion_id - from.suggestion_id) > 0;
}

/** A threshold in whole hundredths, 0 to 0.95. @param {number} value */
export function clampThreshold(value) {
  return Math.max(0, Math.min(0.95, Math.round(value * 100) / 100));
}

/**
 * A span with one edge moved, never empty and inside the video.
 * @param {import('../timeline/geometry.js').Spanlike} span
 * @param {'start'|'end'} edge
 * @param {number} frames
 * @param {number} nFrames
 */
export function nudgeSpan({ start_frame: start, end_frame: end }, edge, frames, nFrames) {
  if (edge === 'start') return { start_frame: Math.max(0, Math.min(end, start + frames)), end_frame: end };
  return { start_frame: start, end_frame: Math.min(nFrames - 1, Math.max(start, end + frames)) };
}

/**
 * A subset of an index whose spans keep their lanes, so that nothing moves when others go.
 * @template {import('../timeline/geometry.js').Spanlike} S
 * @param {import('../timeline/geometry.js').SpanIndex<S>} index @param {(span: S) => boolean} test
 * @returns {import('../timeline/geometry.js').SpanIndex<S>}
 */
export function filterIndex(index, test) {
  const kept = index.spans.map((_, i) => i).filter((i) => test(index.spans[i]));
  let furthest = -1;
  const reach = Int32Array.from(kept, (i) => (furthest = Math.max(furthest, index.spans[i].end_frame)));
  return {
    spans: kept.map((i) => index.spans[i]),
    lanes: Int32Array.from(kept, (i) => index.lanes[i]),
    nLanes: index.nLanes,
    reach,
  };
}

/** ".71"; certainty is "1.00". @param {number} probability */
export function formatScore(probability) {
  const text = probability.toFixed(2);
  return text.startsWith('0') ? text.slice(1) : text;
}

/** Where a model's opinion comes from, in words. @param {string} trainedOn */
export function describeTraining(trainedOn) {
  if (trainedOn === 'synthetic') return 'trained on acted data, accuracy on real footage unknown';
  return trainedOn === 'user' ? "trained on this project's labels" : `trained on ${trainedOn}`;
}
