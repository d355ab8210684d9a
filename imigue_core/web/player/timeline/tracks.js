/**
 * The rows of the timeline: who has labels, how overlapping ones are stacked, where
 * each row lies, which are folded. Rebuilt only when labels or what is folded change;
 * drawing is timeline_drawing.js.
 *
 * @typedef {Object} Track
 * @property {string} name "mine", the annotator's, "suggested" or "rejected"
 * @property {'labels'|'suggested'|'rejected'} kind
 * @property {boolean} own
 * @property {number|null} annotatorId whose labels they are
 * @property {boolean} folded drawn as a thin strip in which overlapping labels are not stacked
 * @property {ReturnType<typeof import('./geometry.js').buildIndex>} index
 * @property {number} top CSS pixels from the top of the canvas
 * @property {number} laneHeight @property {number} height
 *
 * @typedef {Object} Layout own track first, then others by name, suggested and rejected
 * @property {Track[]} tracks
 * @property {number} height of all, with the ruler
 */

import { buildIndex } from './geometry.js';
import { RULER_PX } from './timeline_ground.js';

/** Lanes lower than this hold no names. */
export const LEAST_TEXT_PX = 15;
/** Height of a lane, of all lanes of a track before they are drawn lower, and of the lowest lane. */
const OWN = { lane: 26, all: 78, least: 16 };
const OTHER = { lane: 22, all: 66, least: LEAST_TEXT_PX };
const SUGGESTED = { lane: 22, all: 60, least: LEAST_TEXT_PX };
const REJECTED = { lane: 13, all: 26, least: 9 };
const FOLDED = { lane: 12, all: 12, least: 12 };
const PADDING_PX = 4;

/**
 * @param {Iterable<import('../labels/labels.js').Label>} labels @param {number} annotatorId
 * @param {{index: any, ghostIndex: any}|null} [review] suggestions; null for a video that is never scanned
 * @param {{folded?: Set<number>}} [choices] annotators whose tracks are folded
 * @param {number} [available] drawing pixels in sight
 * @returns {Layout}
 */
export function layTracks(labels, annotatorId, review = null, { folded = new Set() } = {}, available = Infinity) {
  const groups = new Map([[annotatorId, { id: annotatorId, name: 'mine', own: true, labels: [] }]]);
  for (const label of labels) {
    let group = groups.get(label.annotator_id);
    if (!group) {
      group = {
        id: label.annotator_id,
        name: label.annotator ?? `annotator ${label.annotator_id}`,
        own: false,
        labels: [],
      };
      groups.set(label.annotator_id, group);
    }
    group.labels.push(label);
  }
  const [own, ...others] = groups.values();
  others.sort((a, b) => a.name.localeCompare(b.name));
  const rows = [own, ...others].map(({ id, name, own: isOwn, labels: list }) => {
    const isFolded = !isOwn && folded.has(id);
    const index = buildIndex(list);
    const fields = { name, kind: /** @type {const} */ ('labels'), own: isOwn, annotatorId: id, folded: isFolded };
    return isFolded ? { fields, index: inOneLane(index), size: FOLDED } : { fields, index, size: isOwn ? OWN : OTHER };
  });
  const more = { own: false, annotatorId: null, folded: false };
  if (review)
    rows.push({ fields: { ...more, name: 'suggested', kind: 'suggested' }, index: review.index, size: SUGGESTED });
  if (review?.ghostIndex.spans.length)
    rows.push({ fields: { ...more, name: 'rejected', kind: 'rejected' }, index: review.ghostIndex, size: REJECTED });
  return stack(rows, available);
}

/** One under the other; where they do not fit into what is in sight, their lanes get lower, down to the lowest. */
function stack(rows, available) {
  const lanesOf = ({ index }) => Math.max(1, index.nLanes);
  const wanted = rows.map((row) => Math.max(row.size.least, Math.min(row.size.lane, row.size.all / lanesOf(row))));
  const sum = (heights) => rows.reduce((total, row, i) => total + heights[i] * lanesOf(row) + PADDING_PX, RULER_PX);
  const least = sum(rows.map(({ size }) => size.least));
  const share = sum(wanted) <= available ? 1 : Math.max(0, (available - least) / (sum(wanted) - least));
  let top = RULER_PX;
  const tracks = rows.map((row, i) => {
    const laneHeight = row.size.least + share * (wanted[i] - row.size.least);
    const height = laneHeight * lanesOf(row) + PADDING_PX;
    top += height;
    return { ...row.fields, index: row.index, top: top - height, laneHeight, height };
  });
  return { tracks, height: top };
}

/**
 * The own row may take this much of what is in sight, with the ruler, and stays; a higher one scrolls with the rest.
 */
const MOST_PINNED = 0.7;

/**
 * Keeps the own row right under the ruler while the others scroll away beneath it.
 * @param {Layout} layout its own row is moved
 * @param {number} scrolled
 * @param {number} available drawing pixels in sight
 * @returns {number} where the other rows come into sight, from the top of what is in sight
 */
export function pinOwnTrack({ tracks: [own] }, scrolled, available) {
  const isPinned = RULER_PX + own.height <= MOST_PINNED * available;
  own.top = RULER_PX + (isPinned ? scrolled : 0);
  return RULER_PX + (isPinned ? own.height : 0);
}

const inOneLane = (index) => ({ ...index, lanes: new Int32Array(index.spans.length), nLanes: 1 });

/** @param {Track[]} tracks @param {number} y @returns {{track: Track, lane: number}|null} */
export function trackAt(tracks, y) {
  const track = tracks.find((one) => y >= one.top && y < one.top + one.height);
  return track ? { track, lane: Math.floor((y - track.top - PADDING_PX / 2) / track.laneHeight) } : null;
}

/** Top of a lane's bar. @param {Track} track @param {number} lane */
export function laneTop(track, lane) {
  return track.top + PADDING_PX / 2 + lane * track.laneHeight;
}
