/** The strip of the whole video: everybody's labels, how far the skeleton is, what of it is in sight. */

import { INK, LEFT_PX, SMALL } from './timeline_ground.js';

export const STRIP_HEIGHT = 34;
const TOP = 8;
const BAR_PX = 18;

/** @typedef {import('./scene.js').Scene} Scene */

/** What stands still while it plays. @param {CanvasRenderingContext2D} ctx @param {Omit<Scene, 'view'>} scene */
export function drawStrip(ctx, { model, plot, width, height }) {
  ctx.fillStyle = INK.panel;
  ctx.fillRect(0, 0, width, height);
  ctx.font = SMALL;
  ctx.fillStyle = INK.dim;
  ctx.fillText('whole video', 12, TOP + BAR_PX / 2);
  ctx.beginPath();
  ctx.rect(LEFT_PX, TOP, plot, BAR_PX);
  ctx.clip();
  ctx.translate(LEFT_PX, TOP);
  ctx.fillStyle = INK.strip;
  ctx.fillRect(0, 0, plot, BAR_PX);
  const { labels, classes, ids, info, clock } = model;
  const perFrame = plot / clock.nFrames;
  for (const label of labels.annotations.values()) {
    const own = label.annotator_id === ids.annotatorId;
    ctx.fillStyle = classes.of(label.class_id).colour;
    ctx.globalAlpha = own ? 0.85 : 0.4;
    const length = label.end_frame - label.start_frame + 1;
    ctx.fillRect(label.start_frame * perFrame, own ? 2 : 10, Math.max(1.2, length * perFrame), own ? 8 : 5);
  }
  ctx.globalAlpha = 1;
  ctx.fillStyle = INK.ready;
  ctx.fillRect(0, BAR_PX - 2, info.poses.n_ready * perFrame, 2);
  ctx.fillStyle = INK.cut;
  for (const cut of info.video.shot_cuts) ctx.fillRect(cut * perFrame, 0, 1, 3);
}

/** What of the video is in sight, and the play head. @param {CanvasRenderingContext2D} ctx @param {Scene} scene */
export function drawStripOver(ctx, { model, view, plot }) {
  const { nFrames, position } = model.clock;
  const left = LEFT_PX + (view.start / nFrames) * plot;
  const right = LEFT_PX + (view.stop / nFrames) * plot;
  ctx.strokeStyle = INK.accent;
  ctx.fillStyle = INK.inSight;
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  ctx.roundRect(left, TOP - 4, Math.max(3, right - left), BAR_PX + 8, 4);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = INK.accent;
  ctx.fillRect(Math.round(LEFT_PX + ((position + 0.5) / nFrames) * plot) - 1, TOP - 7, 2, BAR_PX + 14);
}
