/** How coverage looks on the timeline: watched frames pale, reviewed ones solid. */

import { frameToX } from './geometry.js';

export const COVERAGE_PX = 16;
const FONT = '12px "Source Sans", system-ui, sans-serif';
const INK = { dim: '#97a1ac', strip: '#161c23', seen: '#34506b', reviewed: '#6ea8dc' };

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import('./scene.js').Scene} scene
 * @param {number} top
 * @param {number} left where frames begin
 */
export function drawCoverage(ctx, { model, view, plot }, top, left) {
  ctx.font = FONT;
  ctx.fillStyle = INK.dim;
  ctx.fillText('reviewed', 12, top + COVERAGE_PX / 2);
  /** @param {number} boundary */
  const place = (boundary) => left + Math.max(0, Math.min(plot, frameToX(view, plot, boundary)));
  ctx.fillStyle = INK.strip;
  ctx.fillRect(place(0), top + 5, place(model.clock.nFrames) - place(0), 6);
  for (const [start, end, isReviewed] of model.coverage.watched) {
    if (end + 1 < view.start || start > view.stop) continue;
    ctx.fillStyle = isReviewed ? INK.reviewed : INK.seen;
    ctx.fillRect(place(start), top + 5, Math.max(1, place(end + 1) - place(start)), 6);
  }
}
