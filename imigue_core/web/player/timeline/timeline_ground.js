/**
 * What runs through all rows of the timeline: ticks, marks, shot cuts, the frame of the play head; and
 * the row of how far the skeleton is. Drawn from the first visible frame, from `top` to `height`.
 */

import { formatClock, formatCount } from '../core/clock.js';
import { frameToX, rulerStep } from './geometry.js';

export const LEFT_PX = 104;
export const RIGHT_PX = 14;
export const RULER_PX = 22;
export const READY_PX = 18;
export const FONT = '12px "Source Sans", system-ui, sans-serif';
export const SMALL = '11px "Source Sans", system-ui, sans-serif';
export const INK = {
  text: '#e6eaef',
  dim: '#97a1ac',
  line: '#1c222a',
  panel: '#0f1317',
  strip: '#161c23',
  accent: '#5ac8b0',
  cut: '#e3b341',
  ready: '#2b4a48',
  selected: '#ffffff',
  inSight: 'rgba(90, 200, 176, 0.08)',
};
const CURRENT = 'rgba(90, 200, 176, 0.16)';
const MARKED = 'rgba(90, 200, 176, 0.13)';

/**
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {Scene & {top: number}} Ground
 */

/**
 * From here on nothing is drawn beside the frames or above a height, and x counts from the first visible frame.
 * @param {CanvasRenderingContext2D} ctx @param {{plot: number, height: number}} scene @param {number} [top]
 */
export function clipToFrames(ctx, { plot, height }, top = 0) {
  ctx.beginPath();
  ctx.rect(LEFT_PX - 1, top, plot + 2, height - top);
  ctx.clip();
  ctx.translate(LEFT_PX, 0);
}

/** @param {Scene} scene */
function* listTicks({ model, view, plot }) {
  const step = rulerStep(view, plot, model.clock.fps);
  const showFrames = step < model.clock.fps;
  for (let n = Math.ceil(view.start / step); n * step <= view.stop; n += 1) {
    const frame = Math.round(n * step);
    if (frame >= model.clock.nFrames) return;
    yield { frame, showFrames, x: Math.round(frameToX(view, plot, frame)) };
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {Ground} scene */
export function drawTicks(ctx, scene) {
  ctx.fillStyle = INK.line;
  for (const { x } of listTicks(scene)) ctx.fillRect(x, scene.top, 1, scene.height);
}

/**
 * The ruler stays in sight when the rows scroll.
 * @param {CanvasRenderingContext2D} ctx @param {Scene & {scrolled: number}} scene
 */
export function drawRuler(ctx, scene) {
  const { model, scrolled } = scene;
  if (scrolled) {
    ctx.fillStyle = INK.panel;
    ctx.fillRect(-LEFT_PX, scrolled, scene.width, RULER_PX);
    ctx.fillStyle = INK.line;
    ctx.fillRect(-LEFT_PX, scrolled + RULER_PX - 1, scene.width, 1);
  }
  ctx.font = SMALL;
  ctx.fillStyle = INK.dim;
  for (const { frame, showFrames, x } of listTicks(scene)) {
    const clock = formatClock(model.clock.secondsOf(frame));
    ctx.fillText(showFrames ? formatCount(frame) : clock.replace(/\.00$/, ''), x + 7, scrolled + RULER_PX / 2);
  }
}

/** @param {CanvasRenderingContext2D} ctx @param {Ground} scene */
export function drawMarks(ctx, { model, view, plot, top, height }) {
  const { markIn, markOut } = model.picked;
  if (markIn === null && markOut === null) return;
  const ends = [markIn ?? model.clock.position, markOut ?? model.clock.position];
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  const left = frameToX(view, plot, from);
  const right = frameToX(view, plot, to + 1);
  ctx.fillStyle = MARKED;
  ctx.fillRect(left, top, right - left, height);
  ctx.fillStyle = INK.accent;
  if (markIn !== null) ctx.fillRect(frameToX(view, plot, Math.min(markIn, to)) - 1, top, 2, height);
  if (markOut !== null) ctx.fillRect(frameToX(view, plot, markOut + 1) - 1, top, 2, height);
}

/** @param {CanvasRenderingContext2D} ctx @param {Ground} scene */
export function drawShotCuts(ctx, { model, view, plot, top, height }) {
  ctx.fillStyle = INK.cut;
  for (const cut of model.info.video.shot_cuts) {
    if (cut < view.start || cut > view.stop) continue;
    const x = Math.round(frameToX(view, plot, cut));
    for (let y = top; y < height; y += 7) ctx.fillRect(x, y, 1, 3);
    ctx.fillRect(x - 2, top - 4, 5, 3);
  }
}

/**
 * The play head's frame: as wide as the frame is, a line at least.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Ground} scene
 * @returns {number|null} where its line is, null out of sight
 */
export function drawCurrentFrame(ctx, { model, view, plot, top, height }) {
  const { position } = model.clock;
  const left = frameToX(view, plot, position);
  const right = frameToX(view, plot, position + 1);
  if (right < -1 || left > plot + 1) return null;
  if (right - left > 3) {
    ctx.fillStyle = CURRENT;
    ctx.fillRect(left, top, right - left, height);
  }
  const x = Math.round(left);
  ctx.fillStyle = INK.accent;
  ctx.fillRect(x - 1, top, 2, height);
  return x;
}

/** @param {CanvasRenderingContext2D} ctx not moved @param {Scene} scene @param {number} top */
export function drawReady(ctx, { model, view, plot, width }, top) {
  ctx.fillStyle = INK.line;
  ctx.fillRect(0, top - 1, width, 1);
  ctx.font = FONT;
  ctx.fillStyle = INK.dim;
  ctx.fillText('skeleton', 12, top + READY_PX / 2);
  const from = Math.max(0, frameToX(view, plot, 0));
  const to = Math.min(plot, frameToX(view, plot, model.clock.nFrames));
  const done = Math.min(plot, frameToX(view, plot, model.info.poses.n_ready));
  ctx.fillStyle = INK.strip;
  ctx.fillRect(LEFT_PX + from, top + 6, to - from, 6);
  ctx.fillStyle = INK.ready;
  if (done > from) ctx.fillRect(LEFT_PX + from, top + 6, done - from, 6);
}
