/** What lies over the rows of the timeline and moves with the play head or the pointer. */

import { drawMoving } from './label_drawing.js';
import { drawOpenSpans } from './open_spans_drawing.js';
import { drawPreview } from './span_drawing.js';
import { clipToFrames, drawCurrentFrame, drawMarks, LEFT_PX, RULER_PX } from './timeline_ground.js';

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import('./scene.js').RowsScene & {preview: import('./scene.js').Preview|null}} scene
 */
export function drawRowsOver(ctx, scene) {
  const { model, layout, moving, preview, scrolled } = scene;
  ctx.save();
  clipToFrames(ctx, scene, scrolled + RULER_PX);
  drawMarks(ctx, { ...scene, top: RULER_PX });
  if (model.spans.list.length) drawOpenSpans(ctx, scene, layout().own);
  if (moving.size) drawMoving(ctx, scene, layout().own, preview?.moves ?? []);
  ctx.restore();
  ctx.save();
  clipToFrames(ctx, scene);
  if (preview) drawPreview(ctx, scene, preview);
  ctx.restore();
  ctx.translate(LEFT_PX, 0);
  drawPlayHead(ctx, scene);
}

/** @param {CanvasRenderingContext2D} ctx @param {import('./scene.js').RowsScene} scene */
function drawPlayHead(ctx, scene) {
  const top = scene.scrolled + RULER_PX;
  const x = drawCurrentFrame(ctx, { ...scene, top: top - 8 });
  if (x === null) return;
  ctx.beginPath();
  ctx.moveTo(x - 6, top - 10);
  ctx.lineTo(x + 6, top - 10);
  ctx.lineTo(x, top - 2);
  ctx.fill();
}
