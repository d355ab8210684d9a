/**
 * How suggestions look on the timeline: the surer the more solid, edges that fade over the
 * frames the model is unsure of, rejected ones as hollow ghosts. Functions of what they are given.
 */

import { formatScore } from '../review/suggestions.js';
import { findVisible, frameToX } from './geometry.js';
import { LEAST_TEXT_PX, laneTop } from './tracks.js';

const LETTER_PX = 6.3;
const FONT = '12px "Source Sans", system-ui, sans-serif';
const INK = { text: '#e6eaef', dim: '#97a1ac' };
/** Narrower ones are plain bars. */
const SMALL_PX = 5;
/** Narrower ones have no room for their score. */
const LEAST_NAME_PX = 28;
/** Edges vaguer than this many pixels are drawn vague. */
const SHARP_PX = 2;

/** How solid a suggestion is drawn, 0..1. @param {number} score */
export const opacityOf = (score) => 0.16 + 0.62 * Math.max(0, Math.min(1, score));

/**
 * Where the fading edges of a bar lie, as shares of the drawn width.
 * @param {{left: number, right: number, startSd: number, endSd: number}} bar pixels; sd is a standard deviation
 * @returns {{from: number, to: number, stops: [number, number][]}} drawn pixels, and (place, solidity) in order
 */
export function fadeEdges({ left, right, startSd, endSd }) {
  const from = left - startSd;
  const to = right + endSd;
  const middle = (left + right) / 2;
  const place = (x) => (x - from) / Math.max(1e-6, to - from);
  const solidFrom = Math.min(left + startSd, middle);
  const solidTo = Math.max(right - endSd, middle);
  return {
    from,
    to,
    stops: [
      [0, startSd ? 0 : 1],
      [place(solidFrom), 1],
      [place(solidTo), 1],
      [1, endSd ? 0 : 1],
    ],
  };
}

/** @param {CanvasRenderingContext2D} ctx @param {import('./timeline_drawing.js').Scene} scene @param {any} track */
export function drawSuggestions(ctx, scene, track) {
  const { review } = scene.model;
  const selected = review.selected;
  for (const one of listVisible(scene, track)) if (one.span !== selected) drawSuggestion(ctx, scene, track, one);
  if (!selected) return;
  const at = track.index.spans.indexOf(selected);
  if (at >= 0)
    drawSuggestion(ctx, scene, track, { span: { ...selected, ...review.nudged }, lane: track.index.lanes[at] }, true);
}

/** @param {CanvasRenderingContext2D} ctx @param {import('./timeline_drawing.js').Scene} scene @param {any} track */
export function drawGhosts(ctx, scene, track) {
  for (const { span, lane } of listVisible(scene, track)) {
    const { left, right } = edgesOf(scene, span);
    const y = laneTop(track, lane) + 2.5;
    const isSelected = span.suggestion_id === scene.model.review.ghostId;
    ctx.strokeStyle = isSelected ? '#ffffff' : scene.model.classOf(span.class_id).colour;
    ctx.globalAlpha = isSelected ? 1 : 0.6;
    ctx.lineWidth = isSelected ? 1.6 : 1;
    ctx.beginPath();
    ctx.roundRect(left + 0.5, y, Math.max(2, right - left - 1), track.laneHeight - 5, 2);
    ctx.stroke();
    ctx.globalAlpha = 1;
  }
}

/**
 * A row without bars says why.
 * @param {CanvasRenderingContext2D} ctx
 * @param {any} track
 * @param {string} text
 * @param {number} x
 */
export function drawRowText(ctx, track, text, x) {
  ctx.font = FONT;
  ctx.fillStyle = INK.dim;
  ctx.fillText(text, x + 8, track.top + Math.min(track.height, 26) / 2 + 0.5);
}

function* listVisible({ view }, track) {
  const [from, to] = findVisible(track.index, Math.floor(view.start), Math.ceil(view.stop));
  for (let i = from; i < to; i += 1) {
    const span = track.index.spans[i];
    if (span.end_frame + 1 >= view.start) yield { span, lane: track.index.lanes[i] };
  }
}

function edgesOf({ view, plot }, span) {
  return { left: frameToX(view, plot, span.start_frame), right: frameToX(view, plot, span.end_frame + 1) };
}

function drawSuggestion(ctx, scene, track, { span, lane }, isSelected = false) {
  const { model, view, plot } = scene;
  const { colour, name, short_name: short } = model.classOf(span.class_id);
  const { left, right } = edgesOf(scene, span);
  const perFrame = plot / (view.stop - view.start);
  const vague = (sd) => (!isSelected && sd * perFrame > SHARP_PX ? sd * perFrame : 0);
  const { from, to, stops } = fadeEdges({ left, right, startSd: vague(span.start_sd), endSd: vague(span.end_sd) });
  const isSkipped = model.findings.isSkipped(span);
  const gap = track.laneHeight < LEAST_TEXT_PX + 1 ? 1 : 2;
  const y = laneTop(track, lane) + gap;
  const height = track.laneHeight - 2 * gap;
  const width = Math.max(2, to - from);
  if (width < SMALL_PX && !isSelected) {
    ctx.fillStyle = colour;
    ctx.globalAlpha = opacityOf(span.score) * (isSkipped ? 0.45 : 1);
    ctx.fillRect(from, y, width, height);
    ctx.globalAlpha = 1;
    return;
  }
  const isSharp = from === left && to === right;
  const ink = isSharp ? colour : fading(ctx, from, width, stops, colour);
  ctx.fillStyle = ink;
  ctx.strokeStyle = isSelected ? '#ffffff' : ink;
  ctx.globalAlpha = opacityOf(span.score) * (isSkipped ? 0.45 : 0.8);
  ctx.beginPath();
  ctx.roundRect(from, y, width, height, 3);
  ctx.fill();
  ctx.globalAlpha = isSelected ? 1 : Math.min(1, opacityOf(span.score) + 0.15);
  ctx.lineWidth = isSelected ? 2 : 1;
  if (isSkipped) ctx.setLineDash([4, 3]);
  ctx.stroke();
  if (isSkipped) ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  if (right - left < LEAST_NAME_PX) return;
  ctx.font = FONT;
  ctx.fillStyle = isSkipped ? INK.dim : INK.text;
  const start = Math.max(left, 0);
  const text =
    track.laneHeight < LEAST_TEXT_PX
      ? ''
      : nameInRoom(Math.min(right, plot) - start - 12, isSkipped, [name, short], span.score);
  ctx.fillText(text, start + 7, y + height / 2 + 0.5);
}

function fading(ctx, from, width, stops, colour) {
  const gradient = ctx.createLinearGradient(from, 0, from + width, 0);
  for (const [place, solidity] of stops)
    gradient.addColorStop(Math.max(0, Math.min(1, place)), solidity ? colour : `${colour}00`);
  return gradient;
}

/**
 * The name with its score, the short one, the score alone, or nothing: the longest that fits.
 * @param {number} room pixels @param {boolean} isSkipped @param {string[]} names longest first @param {number} score
 */
export function nameInRoom(room, isSkipped, names, score) {
  const number = formatScore(score);
  const mark = isSkipped ? 'skipped · ' : '';
  const texts = [
    ...names.map((name) => `${mark}${name} ${number}`),
    ...names.map((name) => `${name} ${number}`),
    number,
  ];
  return texts.find((text) => text.length * LETTER_PX <= room) ?? '';
}
