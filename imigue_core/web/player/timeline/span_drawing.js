/**
 * What is drawn on and around single labels besides their bar: the mark to discuss, the sign of
 * a note, the frame of labels selected together, the line a drag snapped to, the rubber band.
 */

import { frameToX } from './geometry.js';

const INK = {
  mark: '#e3b341',
  markInk: '#1a1408',
  note: '#c9d1d9',
  chosen: '#ffffff',
  snap: '#ffd866',
  band: 'rgba(90, 200, 176, 0.16)',
  bandEdge: '#5ac8b0',
};
const BADGE_PX = 12;
/** Bars narrower than this get their sign above themselves as a thin line. */
const LEAST_BADGE_PX = 18;

/** @typedef {{left: number, right: number, y: number, height: number}} Box of a label's bar */

/**
 * A filled badge with a question mark: unclear, discuss; a dot: there is a note.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import('../labels/labels.js').Label} label
 * @param {Box} box
 */
export function drawFlags(ctx, label, { left, right, y, height }) {
  if (!label.mark && !label.note) return;
  if (right - left < LEAST_BADGE_PX || height < BADGE_PX) {
    ctx.fillStyle = label.mark ? INK.mark : INK.note;
    ctx.fillRect(left, y - 1, Math.max(3, right - left), label.mark ? 3 : 2);
    return;
  }
  let x = right - 3;
  if (label.mark) {
    x -= BADGE_PX;
    ctx.fillStyle = INK.mark;
    ctx.fillRect(left + 2, y, right - left - 4, 2);
    ctx.beginPath();
    ctx.roundRect(x, y + (height - BADGE_PX) / 2, BADGE_PX, BADGE_PX, 3);
    ctx.fill();
    ctx.fillStyle = INK.markInk;
    ctx.textAlign = 'center';
    ctx.fillText('?', x + BADGE_PX / 2, y + height / 2 + 0.5);
    ctx.textAlign = 'start';
    x -= 3;
  }
  if (!label.note) return;
  ctx.fillStyle = INK.note;
  ctx.beginPath();
  ctx.arc(x - 3, y + height / 2, 2.5, 0, 2 * Math.PI);
  ctx.fill();
}

/** How much of a bar's right end its signs take. @param {import('../labels/labels.js').Label} label */
export const flagsWidth = (label) => (label.mark ? BADGE_PX + 4 : 0) + (label.note ? 9 : 0);

/**
 * Labels selected together: a broken white frame over a bright bar.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 */
export function drawChosen(ctx, { left, right, y, height }) {
  ctx.strokeStyle = INK.chosen;
  ctx.lineWidth = 2;
  ctx.setLineDash([5, 3]);
  ctx.strokeRect(left, y, Math.max(3, right - left), height);
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  ctx.fillStyle = INK.chosen;
  ctx.fillRect(left, y + height - 2, Math.max(3, right - left), 2);
}

/**
 * A rubber band, and the line a drag snapped to.
 * @param {CanvasRenderingContext2D} ctx from the first visible frame
 * @param {import('./scene.js').Scene} scene
 * @param {import('./scene.js').Preview} preview
 */
export function drawPreview(ctx, { view, plot, height }, preview) {
  if (preview.band) {
    const [left, right] = [frameToX(view, plot, preview.band[0]), frameToX(view, plot, preview.band[1] + 1)];
    ctx.fillStyle = INK.band;
    ctx.fillRect(left, 0, right - left, height);
    ctx.strokeStyle = INK.bandEdge;
    ctx.strokeRect(left + 0.5, 0.5, right - left - 1, height - 1);
  }
  if (preview.snapped !== null) {
    const x = Math.round(frameToX(view, plot, preview.snapped));
    ctx.fillStyle = INK.snap;
    for (let y = 0; y < height; y += 6) ctx.fillRect(x - 1, y, 2, 4);
  }
}
