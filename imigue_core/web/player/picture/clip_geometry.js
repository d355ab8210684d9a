/** Where the person is in a clip, and which frame of it is shown when. Pure; drawing is clip_view.js. */

import { JOINT_SETS } from './joints.js';

/** A longer stretch shows its beginning. */
export const MOST_SECONDS = 20;
const PAUSE_MS = 350;
const MARGIN = 0.08;
/** Share of the picture's height that is shown at least, so that nobody is looked at with a lens. */
const LEAST_HEIGHT = 0.3;
const LEAST_CONFIDENCE = 0.1;

/**
 * The index of the pose to show; the last one stands for a moment before the loop begins again.
 * @param {number} ms since the start @param {number} fps @param {number} n poses
 */
export function frameOfClip(ms, fps, n) {
  if (n < 1) return 0;
  const length = (n / fps) * 1000;
  return Math.min(n - 1, Math.floor(((Math.max(0, ms) % (length + PAUSE_MS)) / 1000) * fps));
}

/**
 * The viewport in which body and hands of all poses fill a canvas; the whole picture when nobody is there.
 * @param {(import('./chunks.js').Pose|null)[]} poses @param {{width: number, height: number}} source pixels
 * @param {{width: number, height: number}} canvas @returns {import('./overlay.js').Viewport}
 */
export function fitPerson(poses, source, canvas) {
  const box = findBox(poses) ?? { left: 0, top: 0, right: source.width, bottom: source.height };
  const least = LEAST_HEIGHT * source.height;
  const width = Math.max(box.right - box.left, (least * canvas.width) / canvas.height, 1);
  const height = Math.max(box.bottom - box.top, least, 1);
  const scale = Math.min(canvas.width / width, canvas.height / height) / (1 + 2 * MARGIN);
  const centre = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  return { x: canvas.width / 2 - centre.x * scale, y: canvas.height / 2 - centre.y * scale, scale };
}

/** @param {(import('./chunks.js').Pose|null)[]} poses */
function findBox(poses) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const pose of poses) {
    if (!pose) continue;
    for (const [first, stop] of [JOINT_SETS.body, JOINT_SETS.hands]) {
      for (let k = first; k < stop; k += 1) {
        if (pose.confidence[k] < LEAST_CONFIDENCE) continue;
        box.left = Math.min(box.left, pose.x[k]);
        box.right = Math.max(box.right, pose.x[k]);
        box.top = Math.min(box.top, pose.y[k]);
        box.bottom = Math.max(box.bottom, pose.y[k]);
      }
    }
  }
  return box.left <= box.right ? box : null;
}
