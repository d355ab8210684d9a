/**
 * In which order suggestions are reviewed: by time, the surest first, or the most doubtful
 * first. Pure; who walks is review.js.
 *
 * @typedef {import('./suggestions.js').Suggestion} Suggestion
 * @typedef {'time'|'confidence'|'doubt'} Order
 */

/** @type {Order[]} in the order in which a key steps them */
export const ORDERS = ['time', 'confidence', 'doubt'];
/** @type {Record<Order, string>} */
export const ORDER_NAMES = { time: 'by time', confidence: 'surest first', doubt: 'most doubtful first' };
/** How much of the doubt is about the class; the rest is about the edges. */
const CLASS_WEIGHT = 0.75;
const OUTCOMES = 6;

/** @param {unknown} value @returns {Order} `time` for what is none */
export const readOrder = (value) => ORDERS.find((order) => order === value) ?? 'time';

/** @param {Order} order @returns {Order} */
export const stepOrder = (order) => ORDERS[(ORDERS.indexOf(order) + 1) % ORDERS.length];

/**
 * How unsure a model is of a suggestion, 0 to 1. Three quarters are the entropy of the top five
 * probabilities, with what they leave to 1 as a sixth outcome ("something else, or nothing"), as a share of
 * the greatest there can be; a quarter is how large the edges' standard deviations are beside the span.
 * @param {Pick<Suggestion, 'top'|'start_sd'|'end_sd'|'start_frame'|'end_frame'>} suggestion
 */
export function computeDoubt({ top, start_sd: startSd, end_sd: endSd, start_frame: start, end_frame: end }) {
  const named = top.slice(0, OUTCOMES - 1).map(([, probability]) => Math.max(0, probability));
  const sum = named.reduce((total, one) => total + one, 0);
  const shares = [...named, Math.max(0, 1 - sum)].map((one) => one / Math.max(1, sum));
  const entropy = -shares.reduce((total, one) => total + (one > 0 ? one * Math.log(one) : 0), 0) / Math.log(OUTCOMES);
  const edges = Math.min(1, (startSd + endSd) / (end - start + 1));
  return CLASS_WEIGHT * entropy + (1 - CLASS_WEIGHT) * edges;
}

/** @param {Suggestion} a @param {Suggestion} b */
const byTime = (a, b) => a.start_frame - b.start_frame || b.score - a.score || a.suggestion_id - b.suggestion_id;
/** @type {Record<Order, (a: Suggestion, b: Suggestion) => number>} */
const COMPARE = {
  time: byTime,
  confidence: (a, b) => b.score - a.score || byTime(a, b),
  doubt: (a, b) => computeDoubt(b) - computeDoubt(a) || byTime(a, b),
};

/** @template {Suggestion} S @param {Iterable<S>} suggestions @param {Order} order @returns {S[]} */
export function sortByOrder(suggestions, order) {
  return [...suggestions].sort(COMPARE[order]);
}

/**
 * The one after (or before) a suggestion in an order, and round its end to the other one.
 * @template {Suggestion} S
 * @param {S[]} sorted as `sortByOrder` sorts them
 * @param {Suggestion} from need not be among them
 * @param {1|-1} direction
 * @param {Order} order
 * @returns {S|null} the same one when it is alone
 */
export function findNextInOrder(sorted, from, direction, order) {
  const others = sorted.filter((one) => one.suggestion_id !== from.suggestion_id);
  if (!others.length) return sorted[0] ?? null;
  /** @param {S} one */
  const isAfter = (one) => COMPARE[order](one, from) > 0;
  if (direction > 0) return others.find(isAfter) ?? others[0];
  return others.findLast((one) => !isAfter(one)) ?? others[others.length - 1];
}
