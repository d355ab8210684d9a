/**
 * The rows of the timeline: who has labels, how overlapping ones are stacked, where
 * each row lies. Rebuilt only when labels change; drawing is timeline.js.
 *
 * @typedef {Object} Track
 * @property {string} name "mine", the annotator's, "suggested" or "rejected"
 * @property {'labels'|'suggested'|'rejected'} kind
 * @property {boolean} own
 * @property {ReturnType<typeof import('./geometry.js').buildIndex>} index
 * @property {number} top CSS pixels from the top of the canvas
 * @property {number} laneHeight @property {number} height
 */

import { COVERAGE_PX } from './coverage_drawing.js';
import { buildIndex } from './geometry.js';

export const RULER_PX = 22;
export const READY_PX = 18;
/** Height of a lane, and of all lanes of a track before they are drawn lower. */
const OWN = { lane: 26, all: 108 };
const OTHER = { lane: 22, all: 66 };
const SUGGESTED = { lane: 22, all: 60 };
const REJECTED = { lane: 13, all: 26 };
const LEAST_LANE_PX = 9;
const PADDING_PX = 4;

/**
 * @param {Iterable<import('./labels.js').Label>} labels @param {number} annotatorId
 * @param {{index: any, ghostIndex: any}|null} [review] suggestions; null for a video that is never scanned
 * @returns {{tracks: Track[], height: number}} own track first, then others by name, suggested and rejected; height with ruler, coverage and ready row
 */
export function layTracks(labels, annotatorId, review = null) {
  const groups = new Map([[annotatorId, { name: 'mine', own: true, labels: [] }]]);
  for (const label of labels) {
    let group = groups.get(label.annotator_id);
    if (!group) {
      group = { name: label.annotator ?? `annotator ${label.annotator_id}`, own: false, labels: [] };
      groups.set(label.annotator_id, group);
    }
    group.labels.push(label);
  }
  const [own, ...others] = groups.values();
  others.sort((a, b) => a.name.localeCompare(b.name));
  let top = RULER_PX;
  const tracks = [];
  const add = (name, kind, isOwn, index, { lane, all }) => {
    const laneHeight = Math.max(LEAST_LANE_PX, Math.min(lane, all / Math.max(1, index.nLanes)));
    const height = laneHeight * Math.max(1, index.nLanes) + PADDING_PX;
    tracks.push({ name, kind, own: isOwn, index, top, laneHeight, height });
    top += height;
  };
  for (const group of [own, ...others]) add(group.name, 'labels', group.own, buildIndex(group.labels), group.own ? OWN : OTHER);
  if (review) add('suggested', 'suggested', false, review.index, SUGGESTED);
  if (review?.ghostIndex.spans.length) add('rejected', 'rejected', false, review.ghostIndex, REJECTED);
  return { tracks, height: top + COVERAGE_PX + READY_PX };
}

/** @param {Track[]} tracks @param {number} y @returns {{track: Track, lane: number}|null} */
export function trackAt(tracks, y) {
  const track = tracks.find((one) => y >= one.top && y < one.top + one.height);
  return track ? { track, lane: Math.floor((y - track.top - PADDING_PX / 2) / track.laneHeight) } : null;
}

/** Top of a lane's bar. @param {Track} track @param {number} lane */
export function laneTop(track, lane) {
  return track.top + PADDING_PX / 2 + lane * track.laneHeight;
}
