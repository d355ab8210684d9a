/**
 * How the timeline looks: strip, ruler, tracks, marks, play head. Functions of what
 * they are given; the pointer and the zoom are timeline.js.
 */

import { findVisible, frameToX } from './geometry.js';
import { drawOpenSpans } from './open_spans_drawing.js';
import { drawChosen, drawFlags, drawPreview, flagsWidth } from './span_drawing.js';
import { drawGhosts, drawRowText, drawSuggestions } from './suggestion_drawing.js';
import {
  drawCurrentFrame,
  drawMarks,
  drawRuler,
  drawShotCuts,
  drawTicks,
  FONT,
  INK,
  LEFT_PX,
  RULER_PX,
  SMALL,
} from './timeline_ground.js';
import { LEAST_TEXT_PX, laneTop } from './tracks.js';

export const OVERVIEW_PX = 34;
const STRIP_TOP = 8;
const STRIP_PX = 18;
const LETTER_PX = 6.3;
/** Spans narrower than this are plain bars. */
const SMALL_PX = 5;
const ROUND_PX = 12;

/**
 * @typedef {{model: import('./timeline_model.js').TimelineModel, view: import('./geometry.js').View, plot: number,
 *            width: number, height: number}} Scene `plot`: pixels the frames have
 */

/**
 * The rows, but for what moves with the play head.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene & {layout: any, preview: any}} scene
 */
export function drawRows(ctx, scene) {
  const { model, width, height, layout } = scene;
  ctx.fillStyle = INK.panel;
  ctx.fillRect(0, 0, width, height);
  ctx.textBaseline = 'middle';
  const [own, ...others] = layout.tracks;
  drawTracks(ctx, scene, others);
  const suggested = layout.tracks.find((track) => track.kind === 'suggested');
  const state = suggested && model.findings.stateText;
  if (state) drawRowText(ctx, suggested, state, LEFT_PX);
  ctx.fillStyle = INK.panel;
  ctx.fillRect(0, 0, width, own.top + own.height - 1); // what scrolled under the own row
  drawTracks(ctx, { ...scene, height: own.top + own.height }, [own]);
  if (!model.annotations.size && !model.openSpans.length) drawEmpty(ctx, layout);
}

function drawTracks(ctx, scene, tracks) {
  for (const track of tracks) drawTrackName(ctx, track, scene.width);
  ctx.save();
  clipToFrames(ctx, scene);
  const ground = { ...scene, top: RULER_PX };
  drawTicks(ctx, ground);
  drawShotCuts(ctx, ground);
  for (const track of tracks) DRAW[track.kind](ctx, scene, track);
  ctx.restore();
}

/**
 * What lies over the rows and moves with the play head or the pointer.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene & {layout: any, preview: any}} scene
 */
export function drawOver(ctx, scene) {
  ctx.textBaseline = 'middle';
  ctx.save();
  clipToFrames(ctx, scene);
  drawMarks(ctx, { ...scene, top: RULER_PX });
  drawOpenSpans(ctx, scene, scene.layout.tracks[0]);
  drawPreview(ctx, scene, scene.preview);
  ctx.restore();
  ctx.save();
  ctx.translate(LEFT_PX, 0);
  drawRuler(ctx, scene);
  drawPlayHead(ctx, scene);
  ctx.restore();
}

function clipToFrames(ctx, { plot, height }) {
  ctx.beginPath();
  ctx.rect(LEFT_PX - 1, 0, plot + 2, height);
  ctx.clip();
  ctx.translate(LEFT_PX, 0);
}

const DRAW = { labels: drawSpans, suggested: drawSuggestions, rejected: drawGhosts };

function drawTrackName(ctx, track, width) {
  ctx.fillStyle = INK.line;
  ctx.fillRect(0, Math.round(track.top) - 1, width, 1);
  ctx.font = FONT;
  if (track.kind === 'labels' && !track.own) return; // a button that folds it, see timeline_gutter.js
  ctx.fillStyle = track.own ? INK.text : INK.dim;
  ctx.fillText(shorten(track.name, LEFT_PX - 22), 12, track.top + Math.min(track.height, 30) / 2);
}

function drawSpans(ctx, { model, view, plot, preview }, track) {
  const [from, to] = findVisible(track.index, Math.floor(view.start), Math.ceil(view.stop));
  ctx.font = FONT;
  const moved = new Map(preview?.moves.map((move) => [move.id, move]));
  /** @type {number[]} */
  const small = [];
  const top = []; // the current label and what is dragged lie over their neighbours
  for (let i = from; i < to; i += 1) {
    const label = track.index.spans[i];
    if (label.end_frame + 1 < view.start) continue;
    const lane = track.index.lanes[i];
    if (label.annotation_id === model.currentId) top.push({ label, lane });
    else if (moved.has(label.annotation_id)) top.unshift({ label, lane });
    else if (isSmall(view, plot, label) && !label.mark && !label.note && !model.chosen.has(label.annotation_id))
      small.push(i);
    else drawSpan(ctx, { model, view, plot }, track, label, lane);
  }
  drawSmall(ctx, { model, view, plot }, track, small);
  for (const { label, lane } of top) {
    const { annotation_id: id } = label;
    const state = id === model.selectedId ? 'selected' : 'current';
    drawSpan(ctx, { model, view, plot }, track, { ...label, ...moved.get(id) }, lane, state);
  }
}

/** How much of its colour a label is filled with: its name stays readable on any. */
export const FILL = { current: 0.5, own: 0.42, other: 0.28 };
const isSmall = (view, plot, { start_frame: start, end_frame: end }) =>
  ((end + 1 - start) * plot) / (view.stop - view.start) < SMALL_PX;

/** Many small ones in few strokes of each colour. */
function drawSmall(ctx, { model, view, plot }, track, positions) {
  const byColour = new Map();
  for (const i of positions) {
    const { colour } = model.classOf(track.index.spans[i].class_id);
    const list = byColour.get(colour);
    if (list) list.push(i);
    else byColour.set(colour, [i]);
  }
  const gap = track.laneHeight < LEAST_TEXT_PX ? 1 : 2;
  const perFrame = plot / (view.stop - view.start);
  ctx.globalAlpha = track.own ? 0.9 : 0.65;
  for (const [colour, list] of byColour) {
    ctx.fillStyle = colour;
    for (const i of list) {
      const span = track.index.spans[i];
      const width = Math.max(1.5, (span.end_frame + 1 - span.start_frame) * perFrame);
      ctx.fillRect(
        (span.start_frame - view.start) * perFrame,
        laneTop(track, track.index.lanes[i]) + gap,
        width,
        track.laneHeight - 2 * gap,
      );
    }
  }
  ctx.globalAlpha = 1;
}

function drawSpan(ctx, { model, view, plot }, track, label, lane, state = '') {
  const { colour, name, short_name: short } = model.classOf(label.class_id);
  const left = Math.max(-4, frameToX(view, plot, label.start_frame));
  const right = Math.min(plot + 4, frameToX(view, plot, label.end_frame + 1));
  const width = Math.max(1.5, right - left);
  const gap = track.laneHeight < LEAST_TEXT_PX ? 1 : 2;
  const y = laneTop(track, lane) + gap;
  const height = track.laneHeight - 2 * gap;
  ctx.fillStyle = colour;
  if (width < SMALL_PX && !state) {
    ctx.globalAlpha = track.own ? 0.9 : 0.65;
    ctx.fillRect(left, y, width, height);
    ctx.globalAlpha = 1;
    drawSigns(ctx, model, label, { left, right, y, height });
    return;
  }
  const isRound = width > ROUND_PX; // corners of a narrow one cannot be told from its edge
  ctx.beginPath();
  if (isRound) ctx.roundRect(left + 0.5, y + 0.5, Math.max(1, width - 1), height - 1, 3);
  else ctx.rect(left + 0.5, y + 0.5, Math.max(1, width - 1), height - 1);
  ctx.globalAlpha = state ? FILL.current : track.own ? FILL.own : FILL.other;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = state === 'selected' ? '#ffffff' : colour;
  ctx.lineWidth = state ? 2 : 1;
  ctx.stroke();
  const text = track.laneHeight < LEAST_TEXT_PX ? '' : fitText(width - 12 - flagsWidth(label), name, short);
  if (text) {
    ctx.fillStyle = INK.text;
    ctx.fillText(text, Math.max(left, 0) + 7, y + height / 2 + 0.5);
  }
  drawSigns(ctx, model, label, { left, right, y, height });
}

function drawSigns(ctx, model, label, box) {
  drawFlags(ctx, label, box);
  if (model.chosen.has(label.annotation_id)) drawChosen(ctx, box);
}

function drawEmpty(ctx, layout) {
  const [own] = layout.tracks;
  ctx.font = FONT;
  ctx.fillStyle = INK.dim;
  ctx.fillText(
    'No labels yet: a class key (1, 2, …) opens a span, pressed again it closes it. Enter for all classes, ? for every key.',
    LEFT_PX + 8,
    own.top + own.laneHeight / 2 + 2,
  );
}

/** @param {CanvasRenderingContext2D} ctx from the first visible frame @param {any} scene */
function drawPlayHead(ctx, scene) {
  const x = drawCurrentFrame(ctx, { ...scene, top: scene.scrolled + RULER_PX - 8 });
  if (x === null) return;
  ctx.beginPath();
  ctx.moveTo(x - 6, scene.scrolled + RULER_PX - 10);
  ctx.lineTo(x + 6, scene.scrolled + RULER_PX - 10);
  ctx.lineTo(x, scene.scrolled + RULER_PX - 2);
  ctx.fill();
}

/**
 * The strip of the whole video. Labels are drawn once a change and kept.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene & {strip: any, ratio: number}} scene `ratio`: screen pixels a drawing pixel
 * @returns {any} the kept drawing
 */
export function drawOverview(ctx, scene) {
  const { model, view, plot, width, height } = scene;
  const strip = scene.strip ?? paintStrip(scene);
  ctx.fillStyle = INK.panel;
  ctx.fillRect(0, 0, width, height);
  ctx.drawImage(strip, LEFT_PX, STRIP_TOP, plot, STRIP_PX);
  ctx.font = SMALL;
  ctx.textBaseline = 'middle';
  ctx.fillStyle = INK.dim;
  ctx.fillText('whole video', 12, STRIP_TOP + STRIP_PX / 2);
  const left = LEFT_PX + (view.start / model.nFrames) * plot;
  const right = LEFT_PX + (view.stop / model.nFrames) * plot;
  ctx.strokeStyle = INK.accent;
  ctx.fillStyle = 'rgba(90, 200, 176, 0.08)';
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  ctx.roundRect(left, STRIP_TOP - 4, Math.max(3, right - left), STRIP_PX + 8, 4);
  ctx.fill();
  ctx.stroke();
  ctx.fillStyle = INK.accent;
  ctx.fillRect(Math.round(LEFT_PX + ((model.frame + 0.5) / model.nFrames) * plot) - 1, STRIP_TOP - 7, 2, STRIP_PX + 14);
  return strip;
}

function paintStrip({ model, plot, ratio }) {
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(plot * ratio)), Math.round(STRIP_PX * ratio));
  const ctx = /** @type {any} */ (canvas.getContext('2d'));
  ctx.scale(ratio, ratio);
  ctx.fillStyle = INK.strip;
  ctx.fillRect(0, 0, plot, STRIP_PX);
  const perFrame = plot / model.nFrames;
  for (const label of model.annotations.values()) {
    const own = label.annotator_id === model.annotatorId;
    ctx.fillStyle = model.classOf(label.class_id).colour;
    ctx.globalAlpha = own ? 0.85 : 0.4;
    const length = label.end_frame - label.start_frame + 1;
    ctx.fillRect(label.start_frame * perFrame, own ? 2 : 10, Math.max(1.2, length * perFrame), own ? 8 : 5);
  }
  ctx.globalAlpha = 1;
  ctx.fillStyle = INK.ready;
  ctx.fillRect(0, STRIP_PX - 2, model.posesReady * perFrame, 2);
  ctx.fillStyle = INK.cut;
  for (const cut of model.shotCuts) ctx.fillRect(cut * perFrame, 0, 1, 3);
  return canvas;
}

/** The longest of the names that fits, else its beginning, else nothing. */
function fitText(room, ...names) {
  for (const name of names) if (name.length * LETTER_PX <= room) return name;
  return room > 30 ? shorten(names.at(-1), room) : '';
}

function shorten(text, room) {
  const letters = Math.floor(room / LETTER_PX);
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}
