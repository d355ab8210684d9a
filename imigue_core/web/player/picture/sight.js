/**
 * Whether a class can be judged from what is on the canvas: pure. What each class needs comes with
 * the class list (imigue_core/codebook/needs.py); what is there now is view_sight.js.
 *
 * @typedef {import('./joints.js').JointSet} JointSet
 * @typedef {import('./chunks.js').Pose} Pose
 *
 * @typedef {Object} Sight as /taxonomy answers
 * @property {'well'|'partly'|'not'} masked @property {'well'|'partly'|'not'} skeleton
 * @property {JointSet[]} sets joint sets that are needed where the picture does not serve
 * @property {string} thing what no point knows; '' when the points are enough
 *
 * @typedef {Object} Situation
 * @property {import('./views.js').View} view
 * @property {Record<JointSet, boolean>} drawn which sets are switched on
 * @property {Record<JointSet, boolean>} found which sets have points in the stretch
 */

import { JOINT_SETS } from './joints.js';

/** Share of a set's points that makes it found in a frame, and of frames that makes it found in a stretch. */
const LEAST_POINTS = 0.4;
const LEAST_FRAMES = 0.3;
const MOST_SAMPLES = 12;
const HAND_POINTS = 21;

/**
 * Why a class cannot be judged now, as the end of a sentence; '' when it can.
 * @param {Sight|undefined} sight @param {Situation} situation
 */
export function findDoubt(sight, { view, drawn, found }) {
  if (!sight || view === 'source') return '';
  if (view === 'masked') {
    if (sight.masked === 'not') return 'the face is masked';
    if (!sight.sets.includes('face')) return '';
    if (!drawn.face) return 'the face is masked and its points are off';
    return found.face ? '' : 'the face is masked and has no points here';
  }
  if (sight.thing) return `the skeleton shows no ${sight.thing}`;
  const off = sight.sets.filter((name) => !drawn[name]);
  if (off.length) return `the skeleton’s ${join(off)} ${isMany(off) ? 'are' : 'is'} off`;
  const lost = sight.sets.filter((name) => !found[name]);
  return lost.length ? `the ${join(lost)} ${isMany(lost) ? 'have' : 'has'} no points here` : '';
}

/** @param {string} name of a class @param {string} doubt @returns {string} a sentence, or '' */
export const sayDoubt = (name, doubt) => doubt && `${name} cannot be judged in this view: ${doubt}.`;

/**
 * Which sets have points in a stretch; a stretch of which nothing is known counts as found.
 * @param {(Pose|null)[]} poses of some of its frames, null where not known
 */
export function findSets(poses) {
  const known = poses.filter((pose) => pose !== null);
  /** @param {(pose: Pose) => boolean} has */
  const isFound = (has) => !known.length || known.filter(has).length >= LEAST_FRAMES * known.length;
  const [left] = JOINT_SETS.hands;
  return {
    body: isFound((pose) => shareOf(pose, 0, 8) >= LEAST_POINTS),
    face: isFound((pose) => shareOf(pose, ...JOINT_SETS.face) >= LEAST_POINTS),
    hands: isFound((pose) =>
      [left, left + HAND_POINTS].some((first) => shareOf(pose, first, first + HAND_POINTS) >= LEAST_POINTS),
    ),
  };
}

/**
 * Frames to look at: some, spread over the stretch, both ends among them.
 * @param {number} start
 * @param {number} end inclusive
 */
export function pickSamples(start, end) {
  const n = Math.min(MOST_SAMPLES, end - start + 1);
  return Array.from({ length: n }, (_, i) => start + Math.round((i * (end - start)) / Math.max(1, n - 1)));
}

/** @param {Pose} pose @param {number} first @param {number} stop */
function shareOf(pose, first, stop) {
  let n = 0;
  for (let k = first; k < stop; k += 1) if (pose.confidence[k] > 0) n += 1;
  return n / (stop - first);
}

/** @param {string[]} names */
const isMany = (names) => names.length > 1 || names[0] === 'hands';
/** @param {string[]} names */
const join = (names) => (names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names[0]);
