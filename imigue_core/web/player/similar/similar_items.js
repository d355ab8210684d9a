/**
 * What was found to be like a span, as values: which stretch is which, whose label is there, which
 * one is next. Pure; the drawer is similar.js, labelling is similar_labels.js.
 *
 * @typedef {Object} Found a stretch as GET /similar tells of it
 * @property {number} video_id @property {string} name of its video
 * @property {number} start_frame @property {number} end_frame @property {number} score 0..1
 * @property {number} fps @property {number} n_frames of its video
 * @property {{annotation_id: string, class_id: number, version: number}|null} own the person's own label there
 * @property {{class_id: number, annotator: string}[]} others labels of others, as far as they may be known
 *
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 * @typedef {Spanlike & {class_id: number}} Classed
 * @typedef {{title: string, span: Spanlike, classId: number|null}} Query
 * @typedef {{left: number, top: number, width: number}} Box of a card on the page
 */

import { formatClock } from '../core/clock.js';

const LEAST_ALIKE = 0.5;

/** Under which a stretch is remembered. @param {{video_id: number, start_frame: number, end_frame: number}} one */
export const keyOf = (one) => `${one.video_id}:${one.start_frame}:${one.end_frame}`;

/**
 * What to look for: the selected suggestion, else the marked span, else the current label, else a rejected suggestion.
 * @param {{suggestion: Classed|null, nudged: Spanlike|null, marks: (number|null)[], position: number,
 *          label: Classed|null, ghost: Classed|null}} at `marks`: both ends
 * @returns {Query|null}
 */
export function makeQuery({ suggestion, nudged, marks: [markIn, markOut], position, label, ghost }) {
  if (suggestion) return { title: 'this suggestion', span: spanOf(nudged ?? suggestion), classId: suggestion.class_id };
  if (markIn !== null || markOut !== null) {
    const a = markIn ?? position;
    const b = markOut ?? position;
    return {
      title: 'the marked span',
      span: { start_frame: Math.min(a, b), end_frame: Math.max(a, b) },
      classId: null,
    };
  }
  if (label) return { title: 'this label', span: spanOf(label), classId: label.class_id };
  if (ghost) return { title: 'this rejected suggestion', span: spanOf(ghost), classId: ghost.class_id };
  return null;
}

/** @param {Spanlike} span @returns {Spanlike} */
const spanOf = ({ start_frame, end_frame }) => ({ start_frame, end_frame });

/**
 * The own label that says what a stretch shows, as on the server: half of the shorter lies in the other.
 * @template {Spanlike} L
 * @param {Spanlike} found @param {L[]} labels @returns {L|null}
 */
export function findThere(found, labels) {
  /** @param {Spanlike} one */
  const length = (one) => one.end_frame - one.start_frame + 1;
  /** @param {Spanlike} one */
  const shared = (one) => Math.min(one.end_frame, found.end_frame) - Math.max(one.start_frame, found.start_frame) + 1;
  const there = labels.filter((one) => 2 * shared(one) >= Math.min(length(one), length(found)));
  return there.reduce((best, one) => (!best || shared(one) > shared(best) ? one : best), /** @type {L|null} */ (null));
}

/**
 * The next one that has no own label yet, round the end; the same place when none is left.
 * @param {boolean[]} isLabelled
 * @param {number} at
 */
export function nextOpen(isLabelled, at) {
  for (let step = 1; step < isLabelled.length; step += 1) {
    const next = (at + step) % isLabelled.length;
    if (!isLabelled[next]) return next;
  }
  return at;
}

/**
 * The card an arrow key leads to; up and down by where the cards lie, so that any number of columns will do.
 * @param {Box[]} boxes in their order @param {number} at @param {string} key such as ArrowDown @returns {number}
 */
export function moveTo(boxes, at, key) {
  const last = boxes.length - 1;
  /** @type {Record<string, number|undefined>} */
  const plains = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
  const plain = plains[key];
  if (plain !== undefined) return Math.max(0, Math.min(last, plain));
  const from = boxes[at];
  const sign = key === 'ArrowDown' ? 1 : -1;
  const further = boxes.map((box, i) => ({ box, i })).filter(({ box }) => sign * (box.top - from.top) > 1);
  if (!further.length) return at;
  const row = sign * Math.min(...further.map(({ box }) => sign * box.top));
  /** @param {Box} box */
  const middle = (box) => box.left + box.width / 2;
  const inRow = further.filter(({ box }) => Math.abs(box.top - row) <= 1);
  return inRow.reduce((best, one) =>
    Math.abs(middle(one.box) - middle(from)) < Math.abs(middle(best.box) - middle(from)) ? one : best,
  ).i;
}

/**
 * "0:12.3" by the video's mean rate, which is all that is known of other videos.
 * @param {Pick<Found, 'start_frame'|'fps'>} found
 */
export const describeTime = (found) => formatClock(found.start_frame / found.fps);

/** "87 %" @param {number} score */
export const formatAlike = (score) => `${Math.round(100 * Math.max(0, score))} %`;

/** How many there are; where even the best one is hardly alike, that. @param {{score: number}[]} found best first */
export function describeCount(found) {
  if (!found.length) return '';
  return found[0].score < LEAST_ALIKE ? 'nothing much alike' : String(found.length);
}

/** "3 of 40 videos have not been scanned.", or nothing. @param {number} missing @param {number} all */
export function describeMissing(missing, all) {
  if (!missing) return '';
  return `${missing} of ${all} ${all === 1 ? 'video' : 'videos'} ${missing === 1 ? 'has' : 'have'} not been scanned.`;
}
