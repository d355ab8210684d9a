/**
 * How the timeline looks: strip, ruler, tracks, marks, play head. Functions of what
 * they are given; the pointer and the zoom are timeline.js.
 */

import { COVERAGE_PX, drawCoverage } from './coverage_drawing.js';
import { formatClock, formatCount, secondsOf } from './clock.js';
import { findVisible, frameToX, rulerStep } from './geometry.js';
import { drawGhosts, drawRowText, drawSuggestions } from './suggestion_drawing.js';
import { laneTop, READY_PX, RULER_PX } from './tracks.js';

export const LEFT_PX = 104;
export const RIGHT_PX = 14;
export const OVERVIEW_PX = 34;
const STRIP_TOP = 8;
const STRIP_PX = 18;
const LETTER_PX = 6.3;
/** Lanes lower than this hold no names. */
const LEAST_TEXT_PX = 16;
const FONT = '12px "Source Sans", system-ui, sans-serif';
const SMALL = '11px "Source Sans", system-ui, sans-serif';
const INK = { text: '#e6eaef', dim: '#97a1ac', line: '#1c222a', panel: '#0f1317', strip: '#161c23', accent: '#5ac8b0', cut: '#e3b341', ready: '#2b4a48' };

/**
 * @typedef {{model: import('./timeline_model.js').TimelineModel, view: import('./geometry.js').View, plot: number,
 *            width: number, height: number}} Scene `plot`: pixels the frames have
 */

/** @param {CanvasRenderingContext2D} ctx @param {Scene & {layout: any, preview: any}} scene */
export function drawTracks(ctx, scene) {
  const { model, width, height, layout, plot } = scene;
  ctx.fillStyle = INK.panel;
  ctx.fillRect(0, 0, width, height);
  ctx.textBaseline = 'middle';
  for (const track of layout.tracks) drawTrackName(ctx, track, width);
  drawReady(ctx, scene, layout.height - READY_PX);
  drawCoverage(ctx, scene, layout.height - READY_PX - COVERAGE_PX, LEFT_PX);
  ctx.save();
  ctx.beginPath();
  ctx.rect(LEFT_PX - 1, 0, plot + 2, height);
  ctx.clip();
  ctx.translate(LEFT_PX, 0);
  drawRuler(ctx, scene);
  drawMarks(ctx, scene);
  drawShotCuts(ctx, scene, layout.height);
  for (const track of layout.tracks) DRAW[track.kind](ctx, scene, track);
  ctx.restore();
  const suggested = layout.tracks.find((track) => track.kind === 'suggested');
  const state = suggested && model.findings.stateText;
  if (state) drawRowText(ctx, suggested, state, LEFT_PX);
  if (!model.annotations.size) drawEmpty(ctx, layout);
  drawPlayHead(ctx, scene, LEFT_PX + frameToX(scene.view, plot, model.frame), LEFT_PX + frameToX(scene.view, plot, model.frame + 1));
}

const DRAW = { labels: drawSpans, suggested: drawSuggestions, rejected: drawGhosts };

function drawTrackName(ctx, track, width) {
  ctx.fillStyle = INK.line;
  ctx.fillRect(0, Math.round(track.top) - 1, width, 1);
  ctx.font = FONT;
  ctx.fillStyle = track.own ? INK.text : INK.dim;
  ctx.fillText(shorten(track.name, LEFT_PX - 22), 12, track.top + Math.min(track.height, 30) / 2);
}

function drawReady(ctx, { model, view, plot, width }, top) {
  ctx.fillStyle = INK.line;
  ctx.fillRect(0, top - 1, width, 1);
  ctx.font = FONT;
  ctx.fillStyle = INK.dim;
  ctx.fillText('skeleton', 12, top + READY_PX / 2);
  const from = Math.max(0, frameToX(view, plot, 0));
  const to = Math.min(plot, frameToX(view, plot, model.nFrames));
  const done = Math.min(plot, frameToX(view, plot, model.posesReady));
  ctx.fillStyle = INK.strip;
  ctx.fillRect(LEFT_PX + from, top + 6, to - from, 6);
  ctx.fillStyle = INK.ready;
  if (done > from) ctx.fillRect(LEFT_PX + from, top + 6, done - from, 6);
}

function drawRuler(ctx, { model, view, plot, height }) {
  const step = rulerStep(view, plot, model.fps);
  ctx.font = SMALL;
  const showFrames = step < model.fps;
  for (let n = Math.ceil(view.start / step); n * step <= view.stop; n += 1) {
    const frame = Math.round(n * step);
    if (frame >= model.nFrames) break;
    const x = Math.round(frameToX(view, plot, frame));
    ctx.fillStyle = INK.line;
    ctx.fillRect(x, RULER_PX - 5, 1, height);
    ctx.fillStyle = INK.dim;
    const clock = formatClock(secondsOf(model.times, model.fps, frame));
    ctx.fillText(showFrames ? formatCount(frame) : clock.replace(/\.00$/, ''), x + 7, RULER_PX / 2);
  }
}

function drawMarks(ctx, { model, view, plot, height }) {
  const { markIn, markOut } = model;
  if (markIn === null && markOut === null) return;
  const from = Math.min(markIn ?? model.frame, markOut ?? model.frame);
  const to = Math.max(markIn ?? model.frame, markOut ?? model.frame);
  const left = frameToX(view, plot, from);
  const right = frameToX(view, plot, to + 1);
  ctx.fillStyle = 'rgba(90, 200, 176, 0.13)';
  ctx.fillRect(left, RULER_PX, right - left, height);
  ctx.fillStyle = INK.accent;
  if (markIn !== null) ctx.fillRect(frameToX(view, plot, Math.min(markIn, to)) - 1, RULER_PX - 4, 2, height);
  if (markOut !== null) ctx.fillRect(frameToX(view, plot, markOut + 1) - 1, RULER_PX - 4, 2, height);
}

function drawShotCuts(ctx, { model, view, plot }, height) {
  ctx.fillStyle = INK.cut;
  for (const cut of model.shotCuts) {
    if (cut < view.start || cut > view.stop) continue;
    const x = Math.round(frameToX(view, plot, cut));
    for (let y = RULER_PX; y < height; y += 7) ctx.fillRect(x, y, 1, 3);
    ctx.fillRect(x - 2, RULER_PX - 4, 5, 3);
  }
}

function drawSpans(ctx, { model, view, plot, preview }, track) {
  const [from, to] = findVisible(track.index, Math.floor(view.start), Math.ceil(view.stop));
  ctx.font = FONT;
  let top = null;
  for (let i = from; i < to; i += 1) {
    const label = track.index.spans[i];
    if (label.end_frame + 1 < view.start) continue;
    const lane = track.index.lanes[i];
    if (label.annotation_id === model.currentId || label.annotation_id === preview?.id) top = { label, lane };
    else drawSpan(ctx, { model, view, plot }, track, label, lane);
  }
  if (!top) return; // the current label lies over its neighbours
  const label = preview?.id === top.label.annotation_id ? { ...top.label, ...preview } : top.label;
  drawSpan(ctx, { model, view, plot }, track, label, top.lane, label.annotation_id === model.selectedId ? 'selected' : 'current');
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
  if (width < 5 && !state) {
    ctx.globalAlpha = track.own ? 0.9 : 0.65;
    ctx.fillRect(left, y, width, height);
    ctx.globalAlpha = 1;
    return;
  }
  ctx.beginPath();
  ctx.roundRect(left + 0.5, y + 0.5, Math.max(1, width - 1), height - 1, 3);
  ctx.globalAlpha = state ? 0.62 : track.own ? 0.42 : 0.28;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = state === 'selected' ? '#ffffff' : colour;
  ctx.lineWidth = state ? 2 : 1;
  ctx.stroke();
  const text = track.laneHeight < LEAST_TEXT_PX ? '' : fitText(width - 12, name, short);
  ctx.fillStyle = INK.text;
  ctx.fillText(text, Math.max(left, 0) + 7, y + height / 2 + 0.5);
  if (label.mark || label.note) {
    ctx.fillStyle = INK.cut;
    ctx.fillRect(right - 6, y + 3, 3, 3);
  }
}

function drawEmpty(ctx, layout) {
  const [own] = layout.tracks;
  ctx.font = FONT;
  ctx.fillStyle = INK.dim;
  ctx.fillText('No labels yet: I marks the start, O the end, then a class key (1, 2, …) or Enter. ? shows every key.', LEFT_PX + 8, own.top + own.laneHeight / 2 + 2);
}

function drawPlayHead(ctx, { plot, height }, left, right) {
  if (right < LEFT_PX - 1 || left > LEFT_PX + plot + 1) return;
  if (right - left > 3) {
    ctx.fillStyle = 'rgba(90, 200, 176, 0.16)';
    ctx.fillRect(left, RULER_PX, right - left, height);
  }
  const x = Math.round(left);
  ctx.fillStyle = INK.accent;
  ctx.fillRect(x - 1, RULER_PX - 8, 2, height);
  ctx.beginPath();
  ctx.moveTo(x - 6, RULER_PX - 10);
  ctx.lineTo(x + 6, RULER_PX - 10);
  ctx.lineTo(x, RULER_PX - 2);
  ctx.fill();
}

/**
 * The strip of the whole video. Labels are drawn once a change and kept.
 * @param {CanvasRenderingContext2D} ctx @param {Scene & {strip: any, ratio: number}} scene `ratio`: screen pixels a drawing pixel @returns {any} the kept drawing
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
