/** How motion traces look: calm lines, two to a band where there is little room, and their peaks as dots. */

import { SIDE_COLOURS } from '../picture/joints.js';
import { frameToX, xToBoundary } from './geometry.js';
import { FONT, INK } from './timeline_ground.js';
import { FULL, lowerBound, sampleRow } from './traces.js';

const NARROW_PX = 18;
const ROOMY_PX = 20;
const GAP_PX = 2.5;
/** How near to a peak a click counts, pixels. */
const REACH_PX = 7;
/** Peaks nearer than this to each other are drawn small. */
const CROWDED_PX = 9;
/** @type {Record<string, string>} by row */
const COLOURS = {
  head: '#a7b0ba',
  shoulders: '#6d7884',
  'left hand': SIDE_COLOURS.left,
  'right hand': SIDE_COLOURS.right,
  'hand–face': '#d55e00',
};
const SHARED = [['head', 'shoulders'], ['left hand', 'right hand'], ['hand–face']];
const SHARED_NAMES = ['head, shoulders', 'hands', 'hand–face'];

/** @typedef {{name: string, rows: string[], top: number, height: number}} TraceBand drawing pixels; `rows` by name */

/**
 * @param {number} top @param {boolean} isRoomy a band for every trace, else three for all five
 * @returns {TraceBand[]}
 */
export function layBands(top, isRoomy) {
  const height = isRoomy ? ROOMY_PX : NARROW_PX;
  const groups = isRoomy ? SHARED.flat().map((name) => [name]) : SHARED;
  return groups.map((rows, i) => ({ name: isRoomy ? rows[0] : SHARED_NAMES[i], rows, top: top + i * height, height }));
}

/**
 * Names and lines between the bands; they stand before the traces are here.
 * @param {CanvasRenderingContext2D} ctx
 * @param {TraceBand[]} bands
 * @param {number} width
 */
export function drawTraceNames(ctx, bands, width) {
  ctx.font = FONT;
  for (const band of bands) {
    ctx.fillStyle = INK.line;
    ctx.fillRect(0, Math.round(band.top) - 1, width, 1);
    ctx.fillStyle = INK.dim;
    ctx.fillText(band.name, 12, band.top + band.height / 2 + 0.5);
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx from the first visible frame
 * @param {import('./scene.js').Scene} scene
 * @param {TraceBand[]} bands
 */
export function drawTraces(ctx, { model, view, plot }, bands) {
  ctx.lineWidth = 1;
  ctx.lineJoin = 'bevel';
  for (const band of bands) {
    const rows = model.traces.rows.filter((row) => band.rows.includes(row.name));
    for (const row of rows) {
      ctx.strokeStyle = COLOURS[row.name];
      ctx.globalAlpha = 0.7;
      ctx.beginPath();
      traceLine(ctx, sampleRow(row, view, plot), band);
      ctx.stroke();
      ctx.globalAlpha = 1;
    }
    for (const row of rows) drawPeaks(ctx, row, band, view, plot);
  }
}

/** Where in a band a height lies. @param {TraceBand} band @param {number} height 0..FULL */
const yOf = (band, height) => band.top + band.height - GAP_PX - (height / FULL) * (band.height - 2 * GAP_PX);

/**
 * @param {CanvasRenderingContext2D} ctx @param {ReturnType<typeof sampleRow>} points @param {TraceBand} band
 */
function traceLine(ctx, { x, low, high, n }, band) {
  const bottom = yOf(band, 0);
  const perStep = (yOf(band, FULL) - bottom) / FULL;
  let isDown = false;
  for (let i = 0; i < n; i += 1) {
    if (low[i] < 0) {
      isDown = false;
      continue;
    }
    if (isDown) ctx.lineTo(x[i], bottom + low[i] * perStep);
    else ctx.moveTo(x[i], bottom + low[i] * perStep);
    isDown = true;
    if (high[i] !== low[i]) ctx.lineTo(x[i], bottom + high[i] * perStep);
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import('./traces.js').TraceRow} row @param {TraceBand} band
 * @param {import('./geometry.js').View} view @param {number} plot
 */
function drawPeaks(ctx, row, band, view, plot) {
  const heights = row.levels[0].low;
  const from = lowerBound(row.peaks, view.start - 1);
  const to = lowerBound(row.peaks, view.stop + 1);
  const size = plot / Math.max(1, to - from) < CROWDED_PX ? 2 : 4;
  ctx.fillStyle = COLOURS[row.name];
  for (let i = from; i < to; i += 1) {
    const x = frameToX(view, plot, row.peaks[i] + 0.5);
    ctx.fillRect(x - size / 2, yOf(band, heights[row.peaks[i]]) - size / 2, size, size);
  }
}

/**
 * The peak under a point of the bands: of those in reach the nearest in the line's own height.
 * @param {TraceBand[]} bands
 * @param {import('./traces.js').Traces} traces
 * @param {import('./geometry.js').View} view
 * @param {number} plot
 * @param {{x: number, y: number}} place drawing pixels @returns {import('./traces.js').Peak|null}
 */
export function peakAt(bands, traces, view, plot, { x, y }) {
  const band = bands.find((one) => y >= one.top && y < one.top + one.height);
  if (!band || x < 0 || x > plot) return null;
  const perPixel = (view.stop - view.start) / plot;
  const tolerance = Math.max(0.5, REACH_PX * perPixel);
  const found = band.rows
    .map((name) => traces.findPeak(name, xToBoundary(view, plot, x), tolerance))
    .filter((one) => one !== null);
  /** @param {import('./traces.js').Peak} peak */
  const distance = (peak) =>
    Math.hypot(frameToX(view, plot, peak.frame + 0.5) - x, (yOf(band, traces.heightOf(peak)) - y) / 2);
  return found.sort((a, b) => distance(a) - distance(b))[0] ?? null;
}
