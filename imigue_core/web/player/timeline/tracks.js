/**
 * The rows of the timeline: who has labels, how overlapping ones are stacked, where
 * each row lies, which are folded. Drawing is rows_drawing.js.
 *
 * @typedef {import('../labels/labels.js').Label} Label
 * @typedef {import('../review/suggestions.js').Suggestion} Suggestion
 * @typedef {import('../review/suggestions.js').Rejection} Rejection
 *
 * @typedef {Object} Row what every kind of track has
 * @property {string} name "mine", the annotator's, "suggested" or "rejected"
 * @property {boolean} own
 * @property {number|null} annotatorId whose labels they are
 * @property {boolean} folded drawn as a thin strip in which overlapping labels are not stacked
 * @property {number} top drawing pixels from the top of the canvas
 * @property {number} laneHeight @property {number} height
 *
 * @typedef {Row & {kind: 'labels', index: import('./geometry.js').SpanIndex<Label>}} LabelTrack
 * @typedef {Row & {kind: 'suggested', index: import('./geometry.js').SpanIndex<Suggestion>}} SuggestionTrack
 * @typedef {Row & {kind: 'rejected', index: import('./geometry.js').SpanIndex<Rejection>}} RejectedTrack
 * @typedef {LabelTrack|SuggestionTrack|RejectedTrack} Track
 *
 * @typedef {Object} Layout
 * @property {LabelTrack} own under the ruler
 * @property {Track[]} tracks the own one first, then others by name, suggested and rejected
 * @property {number} height of all, with the ruler
 *
 * @typedef {Object} Found what a scan found: suggestions and own rejections
 * @property {import('./geometry.js').SpanIndex<Suggestion>} index
 * @property {import('./geometry.js').SpanIndex<Rejection>} ghostIndex
 *
 * @typedef {{lane: number, all: number, least: number}} Size
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
 * @param {Iterable<Label>} labels @param {number} annotatorId
 * @param {Found|null} [found] null for a video that is never scanned
 * @param {ReadonlySet<number>} [folded] annotators whose tracks are folded
 * @param {number} [available] drawing pixels in sight
 * @returns {Layout}
 */
export function layTracks(labels, annotatorId, found = null, folded = new Set(), available = Infinity) {
  const { own, others } = groupByAnnotator(labels, annotatorId);
  const rows = [own, ...others].map((group) =>
    makeLabelRow(group, group !== own && folded.has(group.id), group === own),
  );
  const more = { own: false, annotatorId: null, folded: false };
  if (found)
    rows.push({
      track: { ...more, ...UNPLACED, name: 'suggested', kind: 'suggested', index: found.index },
      size: SUGGESTED,
    });
  if (found?.ghostIndex.spans.length)
    rows.push({
      track: { ...more, ...UNPLACED, name: 'rejected', kind: 'rejected', index: found.ghostIndex },
      size: REJECTED,
    });
  return stack(rows, available);
}

/**
 * @typedef {{id: number, name: string, labels: Label[]}} Group
 *
 * @param {Iterable<Label>} labels @param {number} annotatorId
 * @returns {{own: Group, others: Group[]}} others by name
 */
function groupByAnnotator(labels, annotatorId) {
  /** @type {Group} */
  const own = { id: annotatorId, name: 'mine', labels: [] };
  const groups = new Map([[annotatorId, own]]);
  for (const label of labels) {
    let group = groups.get(label.annotator_id);
    if (!group) {
      const id = label.annotator_id;
      group = { id, name: label.annotator ?? `annotator ${id}`, labels: [] };
      groups.set(id, group);
    }
    group.labels.push(label);
  }
  const others = [...groups.values()].filter((group) => group !== own);
  return { own, others: others.sort((a, b) => a.name.localeCompare(b.name)) };
}

const UNPLACED = { top: 0, laneHeight: 0, height: 0 };

/** @param {Group} group @param {boolean} folded @param {boolean} own @returns {{track: Track, size: Size}} */
function makeLabelRow({ id, name, labels }, folded, own) {
  const index = buildIndex(labels);
  return {
    track: {
      ...UNPLACED,
      name,
      kind: 'labels',
      own,
      annotatorId: id,
      folded,
      index: folded ? inOneLane(index) : index,
    },
    size: folded ? FOLDED : own ? OWN : OTHER,
  };
}

/**
 * One under the other; where they do not fit into what is in sight, their lanes get lower, down to the lowest.
 * @param {{track: Track, size: Size}[]} rows @param {number} available @returns {Layout}
 */
function stack(rows, available) {
  const nLanes = rows.map(({ track }) => Math.max(1, track.index.nLanes));
  const wanted = rows.map(({ size }, i) => Math.max(size.least, Math.min(size.lane, size.all / nLanes[i])));
  /** @param {number[]} heights of lanes */
  const sum = (heights) => heights.reduce((total, height, i) => total + height * nLanes[i] + PADDING_PX, RULER_PX);
  const least = sum(rows.map(({ size }) => size.least));
  const share = sum(wanted) <= available ? 1 : Math.max(0, (available - least) / (sum(wanted) - least));
  let top = RULER_PX;
  const tracks = rows.map(({ track, size }, i) => {
    const laneHeight = size.least + share * (wanted[i] - size.least);
    const height = laneHeight * nLanes[i] + PADDING_PX;
    top += height;
    return { ...track, top: top - height, laneHeight, height };
  });
  return { own: /** @type {LabelTrack} */ (tracks[0]), tracks, height: top };
}

/**
 * The own row may take this much of what is in sight, with the ruler, and stays; a higher one scrolls with the rest.
 */
const MOST_PINNED = 0.7;

/**
 * Keeps the own row right under the ruler while the others scroll away beneath it.
 * @param {Layout} layout
 * @param {number} scrolled
 * @param {number} available drawing pixels in sight
 * @returns {{layout: Layout, covered: number}} `covered`: where the other rows come into sight, from the top of what
 *   is in sight
 */
export function pinOwnTrack({ own, tracks, height }, scrolled, available) {
  const isPinned = RULER_PX + own.height <= MOST_PINNED * available;
  const pinned = { ...own, top: RULER_PX + (isPinned ? scrolled : 0) };
  return {
    layout: { own: pinned, tracks: [pinned, ...tracks.slice(1)], height },
    covered: RULER_PX + (isPinned ? own.height : 0),
  };
}

/**
 * @template {import('./geometry.js').Spanlike} S
 * @param {import('./geometry.js').SpanIndex<S>} index
 * @returns {import('./geometry.js').SpanIndex<S>}
 */
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
