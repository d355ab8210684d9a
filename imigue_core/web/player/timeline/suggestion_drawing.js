/**
 * How suggestions look on the timeline: the surer the more solid, edges that fade over the
 * frames the model is unsure of, rejected ones as hollow ghosts. Functions of what they are given.
 */

import { formatScore } from '../review/suggestions.js';
import { findVisible, frameToX } from './geometry.js';
import { FONT, INK } from './timeline_ground.js';
import { fits } from './timeline_text.js';
import { LEAST_TEXT_PX, laneTop } from './tracks.js';

/** Narrower ones are plain bars. */
const SMALL_PX = 5;
/** Narrower ones have no room for their score. */
const LEAST_NAME_PX = 28;
/** Edges vaguer than this many pixels are drawn vague. */
const SHARP_PX = 2;

/**
 * @typedef {import('../review/suggestions.js').Suggestion} Suggestion
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./tracks.js').SuggestionTrack} SuggestionTrack
 */

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
  /** @param {number} x */
  const place = (x) => (x - from) / Math.max(1e-6, to - from);
  const solidFrom = Math.min(left + startSd, middle);
  const solidTo = Math.max(right - endSd, middle);
  /** @type {[number, number][]} */
  const stops = [
    [0, startSd ? 0 : 1],
    [place(solidFrom), 1],
    [place(solidTo), 1],
    [1, endSd ? 0 : 1],
  ];
  return { from, to, stops };
}

/**
 * The selected one lies over the others, where its nudges have brought it.
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {SuggestionTrack} track
 */
export function drawSuggestions(ctx, scene, track) {
  const { suggestion: selected, nudged } = scene.model.picked;
  const { spans, lanes } = track.index;
  const at = selected ? spans.findIndex((one) => one.suggestion_id === selected.suggestion_id) : -1;
  for (const { span, lane } of listVisible(scene, track))
    if (span !== spans[at]) drawSuggestion(ctx, scene, track, span, lane, false);
  if (at >= 0) drawSuggestion(ctx, scene, track, { ...spans[at], ...nudged }, lanes[at], true);
}

/** @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {import('./tracks.js').RejectedTrack} track */
export function drawGhosts(ctx, scene, track) {
  for (const { span, lane } of listVisible(scene, track)) {
    const { left, right } = edgesOf(scene, span);
    const y = laneTop(track, lane) + 2.5;
    const isSelected = span.suggestion_id === scene.model.picked.ghostId;
    ctx.strokeStyle = isSelected ? INK.selected : scene.model.classes.of(span.class_id).colour;
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
 * @param {import('./tracks.js').Track} track
 * @param {string} text
 * @param {number} x
 */
export function drawRowText(ctx, track, text, x) {
  ctx.font = FONT;
  ctx.fillStyle = INK.dim;
  ctx.fillText(text, x + 8, track.top + Math.min(track.height, 26) / 2 + 0.5);
}

/**
 * @template {import('./geometry.js').Spanlike} S
 * @param {Scene} scene
 * @param {{index: import('./geometry.js').SpanIndex<S>}} track
 */
function* listVisible({ view }, { index }) {
  const [from, to] = findVisible(index, Math.floor(view.start), Math.ceil(view.stop));
  for (let i = from; i < to; i += 1) {
    const span = index.spans[i];
    if (span.end_frame + 1 >= view.start) yield { span, lane: index.lanes[i] };
  }
}

/** @param {Scene} scene @param {import('./geometry.js').Spanlike} span */
function edgesOf({ view, plot }, span) {
  return { left: frameToX(view, plot, span.start_frame), right: frameToX(view, plot, span.end_frame + 1) };
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {SuggestionTrack} track
 * @param {Suggestion} span @param {number} lane @param {boolean} isSelected
 */
function drawSuggestion(ctx, scene, track, span, lane, isSelected) {
  const { model, view, plot } = scene;
  const { colour, name, short_name: short } = model.classes.of(span.class_id);
  const { left, right } = edgesOf(scene, span);
  const perFrame = plot / (view.stop - view.start);
  /** @param {number} sd */
  const vague = (sd) => (!isSelected && sd * perFrame > SHARP_PX ? sd * perFrame : 0);
  const edges = fadeEdges({ left, right, startSd: vague(span.start_sd), endSd: vague(span.end_sd) });
  const isSkipped = model.findings.isSkipped(span);
  const gap = track.laneHeight < LEAST_TEXT_PX + 1 ? 1 : 2;
  const y = laneTop(track, lane) + gap;
  const height = track.laneHeight - 2 * gap;
  const width = Math.max(2, edges.to - edges.from);
  if (width < SMALL_PX && !isSelected) {
    ctx.fillStyle = colour;
    ctx.globalAlpha = opacityOf(span.score) * (isSkipped ? 0.45 : 1);
    ctx.fillRect(edges.from, y, width, height);
    ctx.globalAlpha = 1;
    return;
  }
  const ink = edges.from === left && edges.to === right ? colour : fading(ctx, edges, width, colour);
  drawBar(ctx, { left: edges.from, y, width, height }, { ink, score: span.score, isSkipped, isSelected });
  if (right - left < LEAST_NAME_PX || track.laneHeight < LEAST_TEXT_PX) return;
  ctx.font = FONT;
  ctx.fillStyle = isSkipped ? INK.dim : INK.text;
  const start = Math.max(left, 0);
  const text = nameInRoom(Math.min(right, plot) - start - 12, isSkipped, [name, short], span.score);
  ctx.fillText(text, start + 7, y + height / 2 + 0.5);
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {{left: number, y: number, width: number, height: number}} box
 * @param {{ink: string|CanvasGradient, score: number, isSkipped: boolean, isSelected: boolean}} look
 */
function drawBar(ctx, { left, y, width, height }, { ink, score, isSkipped, isSelected }) {
  ctx.fillStyle = ink;
  ctx.strokeStyle = isSelected ? INK.selected : ink;
  ctx.globalAlpha = opacityOf(score) * (isSkipped ? 0.45 : 0.8);
  ctx.beginPath();
  ctx.roundRect(left, y, width, height, 3);
  ctx.fill();
  ctx.globalAlpha = isSelected ? 1 : Math.min(1, opacityOf(score) + 0.15);
  ctx.lineWidth = isSelected ? 2 : 1;
  if (isSkipped) ctx.setLineDash([4, 3]);
  ctx.stroke();
  if (isSkipped) ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {ReturnType<typeof fadeEdges>} edges
 * @param {number} width @param {string} colour "#rrggbb"
 */
function fading(ctx, { from, stops }, width, colour) {
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
  return texts.find((text) => fits(text, room)) ?? '';
}
