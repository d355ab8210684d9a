/**
 * Open spans on the own row: they begin where their class key went down and grow with the play
 * head. Each takes a lane that is free where it lies; what finds none shares the last one.
 */

import { findVisible, frameToX } from './geometry.js';
import { fits } from './timeline_text.js';
import { laneTop } from './tracks.js';

const LEAST_TEXT_PX = 10;
const INK = { text: '#e6eaef', edge: '#ffffff' };

/**
 * @param {CanvasRenderingContext2D} ctx translated to the first visible frame
 * @param {import('./scene.js').Scene} scene
 * @param {import('./tracks.js').Track} track the own one
 */
export function drawOpenSpans(ctx, { model, view, plot }, track) {
  const { list: openSpans } = model.spans;
  const frame = model.clock.position;
  if (!openSpans.length) return;
  const places = placeSpans(openSpans, frame, track);
  openSpans.forEach((span, i) => {
    const { colour, name, short_name: short } = model.classes.of(span.classId);
    const left = Math.max(-4, frameToX(view, plot, Math.min(span.start, frame)));
    const right = Math.min(plot + 4, frameToX(view, plot, Math.max(span.start, frame) + 1));
    const width = Math.max(3, right - left);
    const { top, height } = places[i];
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.5;
    ctx.fillRect(left, top, width, height);
    ctx.globalAlpha = 1;
    ctx.strokeStyle = INK.edge;
    ctx.lineWidth = 1.25;
    ctx.setLineDash([4, 3]);
    ctx.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
    ctx.setLineDash([]);
    ctx.fillStyle = INK.edge;
    ctx.fillRect(frameToX(view, plot, span.start) - (span.start > frame ? -2 : 1), top, 2, height);
    const text = [name, short].find((one) => fits(one, width - 12));
    if (!text || height < LEAST_TEXT_PX) return;
    ctx.font = `${Math.min(12, height)}px "Source Sans", system-ui, sans-serif`;
    ctx.fillStyle = INK.text;
    ctx.fillText(text, Math.max(left, 0) + 7, top + height / 2 + 0.5);
  });
}

/**
 * @param {import('../labels/open_spans.js').OpenSpan[]} spans
 * @param {number} frame
 * @param {import('./tracks.js').Track} track
 * @returns {{top: number, height: number}[]} drawing pixels
 */
export function placeSpans(spans, frame, track) {
  const nLanes = Math.max(1, track.index.nLanes);
  const taken = Array.from({ length: nLanes }, () => false);
  const from = Math.min(frame, ...spans.map((one) => one.start));
  const to = Math.max(frame, ...spans.map((one) => one.start));
  const [first, last] = findVisible(track.index, from, to + 1);
  for (let i = first; i < last; i += 1) if (track.index.spans[i].end_frame >= from) taken[track.index.lanes[i]] = true;
  const free = taken.flatMap((isTaken, lane) => (isTaken ? [] : [lane]));
  if (!free.length) free.push(nLanes - 1);
  const nShared = spans.length - free.length + 1;
  return spans.map((_span, i) => {
    if (i < free.length - 1 || nShared <= 1) return { top: laneTop(track, free[i]) + 2, height: track.laneHeight - 4 };
    const part = (track.laneHeight - 2) / nShared;
    return { top: laneTop(track, free.at(-1) ?? 0) + 1 + (i - free.length + 1) * part, height: part - 1 };
  });
}
