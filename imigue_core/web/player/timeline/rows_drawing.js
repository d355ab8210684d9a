/**
 * How the rows of the timeline look, but for what moves with the play head or the pointer (rows_over_drawing.js):
 * ruler, tracks, shot cuts. Functions of what they are given.
 */

import { drawLabels } from './label_drawing.js';
import { drawGhosts, drawRowText, drawSuggestions } from './suggestion_drawing.js';
import { clipToFrames, drawRuler, drawShotCuts, drawTicks, FONT, INK, LEFT_PX, RULER_PX } from './timeline_ground.js';
import { shorten } from './timeline_text.js';

/**
 * @typedef {import('./scene.js').RowsScene} RowsScene
 * @typedef {import('./tracks.js').Track} Track
 */

/** @param {CanvasRenderingContext2D} ctx @param {RowsScene} scene */
export function drawRows(ctx, scene) {
  const { model, width, height } = scene;
  const layout = scene.layout();
  const { own } = layout;
  ctx.fillStyle = INK.panel;
  ctx.fillRect(0, 0, width, height);
  drawTracks(ctx, scene, layout.tracks.slice(1));
  const suggested = layout.tracks.find((track) => track.kind === 'suggested');
  const state = suggested && model.findings.stateText;
  if (state) drawRowText(ctx, suggested, state, LEFT_PX);
  ctx.fillStyle = INK.panel;
  ctx.fillRect(0, 0, width, own.top + own.height - 1); // what scrolled under the own row
  drawTracks(ctx, { ...scene, height: own.top + own.height }, [own]);
  if (!model.labels.annotations.size && !model.spans.list.length) drawEmpty(ctx, own);
  ctx.translate(LEFT_PX, 0);
  drawRuler(ctx, scene);
}

/** @param {CanvasRenderingContext2D} ctx @param {RowsScene} scene @param {Track[]} tracks */
function drawTracks(ctx, scene, tracks) {
  for (const track of tracks) drawTrackName(ctx, track, scene.width);
  ctx.save();
  clipToFrames(ctx, scene);
  const ground = { ...scene, top: RULER_PX };
  drawTicks(ctx, ground);
  drawShotCuts(ctx, ground);
  for (const track of tracks) {
    if (track.kind === 'labels') drawLabels(ctx, scene, track);
    else if (track.kind === 'suggested') drawSuggestions(ctx, scene, track);
    else drawGhosts(ctx, scene, track);
  }
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {Track} track @param {number} width */
function drawTrackName(ctx, track, width) {
  ctx.fillStyle = INK.line;
  ctx.fillRect(0, Math.round(track.top) - 1, width, 1);
  ctx.font = FONT;
  if (track.kind === 'labels' && !track.own) return; // a button that folds it, see timeline_gutter.js
  ctx.fillStyle = track.own ? INK.text : INK.dim;
  ctx.fillText(shorten(track.name, LEFT_PX - 22), 12, track.top + Math.min(track.height, 30) / 2);
}

/** @param {CanvasRenderingContext2D} ctx @param {Track} own */
function drawEmpty(ctx, own) {
  ctx.font = FONT;
  ctx.fillStyle = INK.dim;
  ctx.fillText(
    'No labels yet: a class key (1, 2, …) opens a span, pressed again it closes it. ' +
      'Enter for all classes, ? for every key.',
    LEFT_PX + 8,
    own.top + own.laneHeight / 2 + 2,
  );
}
