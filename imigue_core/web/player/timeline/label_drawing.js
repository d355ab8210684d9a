/**
 * How labels look: a bar in the colour of its group with its name, brighter for the current one. What is drawn on
 * and around single bars besides is span_drawing.js.
 */

import { findVisible, frameToX } from './geometry.js';
import { drawChosen, drawFlags, flagsWidth } from './span_drawing.js';
import { FONT, INK } from './timeline_ground.js';
import { fitText } from './timeline_text.js';
import { LEAST_TEXT_PX, laneTop } from './tracks.js';

/** Spans narrower than this are plain bars. */
const SMALL_PX = 5;
/** Corners of a narrower one cannot be told from its edge. */
const ROUND_PX = 12;
/** How much of its colour a label is filled with: its name stays readable on any. */
const FILL = { current: 0.5, own: 0.42, other: 0.28 };
const SMALL_FILL = { own: 0.9, other: 0.65 };

/**
 * @typedef {import('../labels/labels.js').Label} Label
 * @typedef {import('./tracks.js').LabelTrack} LabelTrack
 * @typedef {import('./scene.js').Scene} Scene
 * @typedef {import('./scene.js').RowsScene} RowsScene
 * @typedef {''|'current'|'selected'} State
 */

/**
 * All visible ones of a track, the current one over its neighbours; what is being dragged is left out.
 * @param {CanvasRenderingContext2D} ctx from the first visible frame @param {RowsScene} scene @param {LabelTrack} track
 */
export function drawLabels(ctx, scene, track) {
  const { model, view, moving } = scene;
  const { spans, lanes } = track.index;
  const [from, to] = findVisible(track.index, Math.floor(view.start), Math.ceil(view.stop));
  ctx.font = FONT;
  /** @type {number[]} */
  const small = [];
  let current = -1;
  for (let i = from; i < to; i += 1) {
    const label = spans[i];
    if (label.end_frame + 1 < view.start || moving.has(label.annotation_id)) continue;
    if (label.annotation_id === model.picked.labelId) current = i;
    else if (isPlain(scene, label)) small.push(i);
    else drawLabel(ctx, scene, track, label, lanes[i]);
  }
  drawSmall(ctx, scene, track, small);
  if (current >= 0) drawLabel(ctx, scene, track, spans[current], lanes[current], stateOf(scene, spans[current]));
}

/**
 * Labels that are being dragged, where they would come to lie.
 * @param {CanvasRenderingContext2D} ctx from the first visible frame
 * @param {RowsScene} scene
 * @param {LabelTrack} own
 * @param {import('./scene.js').Move[]} moves
 */
export function drawMoving(ctx, scene, own, moves) {
  ctx.font = FONT;
  own.index.spans.forEach((label, i) => {
    if (!scene.moving.has(label.annotation_id)) return;
    const move = moves.find(({ id }) => id === label.annotation_id);
    drawLabel(ctx, scene, own, { ...label, ...move }, own.index.lanes[i], stateOf(scene, label));
  });
}

/** @param {Scene} scene @param {Label} label @returns {State} */
const stateOf = ({ model }, label) => (label.annotation_id === model.picked.selectedId ? 'selected' : 'current');

/** @param {Scene} scene @param {Label} label */
const isPlain = ({ model, view, plot }, { start_frame: start, end_frame: end, mark, note, annotation_id: id }) =>
  ((end + 1 - start) * plot) / (view.stop - view.start) < SMALL_PX && !mark && !note && !model.picked.chosenIds.has(id);

/**
 * Many small ones in few strokes of each colour.
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {LabelTrack} track
 * @param {number[]} positions in the track's index
 */
function drawSmall(ctx, { model, view, plot }, track, positions) {
  /** @type {Map<string, number[]>} */
  const byColour = new Map();
  for (const i of positions) {
    const { colour } = model.classes.of(track.index.spans[i].class_id);
    const list = byColour.get(colour);
    if (list) list.push(i);
    else byColour.set(colour, [i]);
  }
  const gap = gapOf(track);
  const perFrame = plot / (view.stop - view.start);
  ctx.globalAlpha = track.own ? SMALL_FILL.own : SMALL_FILL.other;
  for (const [colour, list] of byColour) {
    ctx.fillStyle = colour;
    for (const i of list) {
      const span = track.index.spans[i];
      const width = Math.max(1.5, (span.end_frame + 1 - span.start_frame) * perFrame);
      const top = laneTop(track, track.index.lanes[i]) + gap;
      ctx.fillRect((span.start_frame - view.start) * perFrame, top, width, track.laneHeight - 2 * gap);
    }
  }
  ctx.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {LabelTrack} track
 * @param {Label} label @param {number} lane @param {State} [state]
 */
function drawLabel(ctx, { model, view, plot }, track, label, lane, state = '') {
  const { colour, name, short_name: short } = model.classes.of(label.class_id);
  const left = Math.max(-4, frameToX(view, plot, label.start_frame));
  const right = Math.min(plot + 4, frameToX(view, plot, label.end_frame + 1));
  const width = Math.max(1.5, right - left);
  const gap = gapOf(track);
  const box = { left, right, y: laneTop(track, lane) + gap, height: track.laneHeight - 2 * gap };
  ctx.fillStyle = colour;
  if (width < SMALL_PX && !state) {
    ctx.globalAlpha = track.own ? SMALL_FILL.own : SMALL_FILL.other;
    ctx.fillRect(left, box.y, width, box.height);
    ctx.globalAlpha = 1;
  } else {
    ctx.globalAlpha = state ? FILL.current : track.own ? FILL.own : FILL.other;
    fillBar(ctx, box, width);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = state === 'selected' ? INK.selected : colour;
    ctx.lineWidth = state ? 2 : 1;
    ctx.stroke();
    const room = width - 12 - flagsWidth(label);
    const text = track.laneHeight < LEAST_TEXT_PX ? '' : fitText(room, [name, short]);
    ctx.fillStyle = INK.text;
    if (text) ctx.fillText(text, Math.max(left, 0) + 7, box.y + box.height / 2 + 0.5);
  }
  drawFlags(ctx, label, box);
  if (model.picked.chosenIds.has(label.annotation_id)) drawChosen(ctx, box);
}

/** @param {CanvasRenderingContext2D} ctx @param {import('./span_drawing.js').Box} box @param {number} width */
function fillBar(ctx, { left, y, height }, width) {
  ctx.beginPath();
  if (width > ROUND_PX) ctx.roundRect(left + 0.5, y + 0.5, Math.max(1, width - 1), height - 1, 3);
  else ctx.rect(left + 0.5, y + 0.5, Math.max(1, width - 1), height - 1);
  ctx.fill();
}

/** Between the bars of two lanes. @param {LabelTrack} track */
const gapOf = (track) => (track.laneHeight < LEAST_TEXT_PX ? 1 : 2);
