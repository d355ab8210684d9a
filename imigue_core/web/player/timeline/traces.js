/**
 * Motion traces as the server computes them: speeds of head, shoulders and hands, distance of
 * hand and face; what stands out in them, and what a drawing needs of them at any zoom.
 * How they look is traces_drawing.js, who reads them from the server traces_loading.js.
 */

import { batch, watch } from '../core/watch.js';
import { chooseLevel, makePyramid } from './trace_pyramid.js';

const RELOAD_MS = 4000;
const RETRY_MS = 5000;
/** Heights are whole numbers 0..FULL. */
export const FULL = 1000;
/** A curve this much gentler than the values shows slow motion too. */
const GENTLE = 0.7;
/** What of the values may lie over the top of its row. */
const OVER_TOP = 0.004;
/** Least value that fills a row, in units, so that rest looks like rest. */
/** @type {Record<string, number>} by row */
const LEAST_TOP = { head: 0.6, shoulders: 0.4, 'left hand': 2, 'right hand': 2, 'hand–face': 1 };

/**
 * @typedef {Object} TraceRow
 * @property {string} name @property {string} unit @property {number} step units a step
 * @property {Int16Array} values (T,) steps, -1 where missing
 * @property {ReturnType<typeof makePyramid>} levels of heights 0..FULL
 * @property {number[]} peaks frames, ascending @property {number[]} valleys boundaries, ascending
 *
 * @typedef {{frame: number, name: string, text: string}} Peak
 *
 * @typedef {Object} SentRow as GET /traces answers
 * @property {string} name @property {string} unit @property {number} step
 * @property {number[]} values @property {number[]} peaks @property {number[]} valleys
 *
 * @typedef {{revision: number|string, n_frames: number, rows: SentRow[]}} SentTraces
 *
 * @typedef {{n_ready: number, complete: boolean, revision: number|string}} Grown how far the poses are
 */

export class Traces {
  /** @param {{load: (revision: number|string) => Promise<SentTraces>, now?: () => number}} options */
  constructor({ load, now = () => performance.now() }) {
    this.load = load;
    this.now = now;
    /** @type {TraceRow[]} empty until loaded */
    this.rows = [];
    this.nFrames = 0;
    /** @type {Grown|null} */
    this.info = null;
    /** @type {Peak[]} of all rows in order of time */
    this.peaks = [];
    /** @type {number[]} boundaries of all rows, ascending */
    this.valleys = [];
    watch(this, 'rows', 'peaks', 'valleys');
    this.loadedFor = '';
    this.loadedAt = -Infinity;
    this.isLoading = false;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.isDisposed = false;
  }

  dispose() {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  /**
   * Told of every look at the poses; loads anew when there are others, and now and then while they grow.
   * @param {Grown} info
   */
  update(info) {
    if (this.info && this.info.revision !== info.revision) this.#take([], 0);
    this.info = info;
    const key = keyOf(info);
    if (!info.n_ready || key === this.loadedFor || this.isLoading || this.isDisposed) return;
    clearTimeout(this.timer);
    const wait = info.complete ? 0 : Math.max(0, this.loadedAt + RELOAD_MS - this.now());
    if (wait) this.timer = setTimeout(() => this.#fetch(info), wait);
    else void this.#fetch(info);
  }

  /** @param {Grown} info */
  async #fetch(info) {
    this.isLoading = true;
    this.loadedAt = this.now();
    try {
      const answer = await this.load(info.revision);
      if (this.isDisposed || String(answer.revision) !== String(this.info?.revision)) return;
      this.loadedFor = keyOf(info);
      this.#take(answer.rows.map(readRow), answer.n_frames);
    } catch {
      if (!this.isDisposed) this.timer = setTimeout(() => this.info && this.update(this.info), RETRY_MS);
      return;
    } finally {
      this.isLoading = false;
    }
    if (this.info) this.update(this.info); // it may have grown meanwhile
  }

  /** @param {TraceRow[]} rows @param {number} nFrames */
  #take(rows, nFrames) {
    this.nFrames = nFrames;
    if (!rows.length) this.loadedFor = '';
    batch(() => {
      this.rows = rows;
      this.peaks = listPeaks(rows);
      this.valleys = [...new Set(rows.flatMap((row) => row.valleys))].sort((a, b) => a - b);
    });
  }

  /** Boundaries from..to at which motions begin and end. @param {number} from @param {number} to @returns {number[]} */
  valleysBetween(from, to) {
    return this.valleys.slice(lowerBound(this.valleys, from), lowerBound(this.valleys, to + 1e-6));
  }

  /** The next or previous peak of any row. @param {number} frame @param {1|-1} direction @returns {Peak|null} */
  nextPeak(frame, direction) {
    const frames = this.peaks.map((peak) => peak.frame);
    const at = direction > 0 ? lowerBound(frames, frame + 1) : lowerBound(frames, frame) - 1;
    return this.peaks[at] ?? null;
  }

  /** @param {Peak} peak @returns {number} 0..FULL */
  heightOf({ name, frame }) {
    return this.rows.find((row) => row.name === name)?.levels[0].low[frame] ?? 0;
  }

  /**
   * The peak of a row nearest to a place.
   * @param {string} name
   * @param {number} boundary a fraction
   * @param {number} tolerance frames
   * @returns {Peak|null}
   */
  findPeak(name, boundary, tolerance) {
    const row = this.rows.find((one) => one.name === name);
    if (!row) return null;
    const at = lowerBound(row.peaks, boundary - 0.5);
    const near = [row.peaks[at - 1], row.peaks[at]].filter(
      (frame) => frame !== undefined && Math.abs(frame + 0.5 - boundary) <= tolerance,
    );
    near.sort((a, b) => Math.abs(a + 0.5 - boundary) - Math.abs(b + 0.5 - boundary));
    return near.length ? { frame: near[0], name, text: describePeak(row, near[0]) } : null;
  }
}

/** @param {{revision: number|string, n_ready: number}} info */
const keyOf = (info) => `${info.revision}:${info.n_ready}`;

/** Of all rows in order of time. @param {TraceRow[]} rows @returns {Peak[]} */
function listPeaks(rows) {
  const peaks = rows.flatMap((row) =>
    row.peaks.map((frame) => ({ frame, name: row.name, text: describePeak(row, frame) })),
  );
  return peaks.sort((a, b) => a.frame - b.frame);
}

/** @param {SentRow} sent @returns {TraceRow} */
export function readRow(sent) {
  const values = Int16Array.from(sent.values);
  const least = (LEAST_TOP[sent.name] ?? 1) / sent.step;
  const heights = toHeights(values, Math.max(least, topOf(values)));
  return { ...sent, values, levels: makePyramid(heights) };
}

/** The value that all but a few lie under. @param {Int16Array} values */
export function topOf(values) {
  const seen = values.filter((value) => value >= 0).sort();
  return seen.length ? seen[Math.min(seen.length - 1, Math.floor(seen.length * (1 - OVER_TOP)))] : 0;
}

/** @param {Int16Array} values @param {number} top @returns {Int16Array} 0..FULL, -1 where missing */
export function toHeights(values, top) {
  return values.map((value) => (value < 0 ? -1 : Math.round(FULL * Math.min(1, value / top) ** GENTLE)));
}

/** @param {TraceRow} row @param {number} frame */
export function describePeak(row, frame) {
  const value = (row.values[frame] * row.step).toFixed(row.valleys.length || row.unit.endsWith('/s') ? 1 : 2);
  return row.unit.endsWith('/s') ? `${row.name}: ${value} ${row.unit}` : `hand ${value} ${row.unit} from the face`;
}

/**
 * A row as points to draw a line through: one a frame when frames are wide, else two a pixel
 * column, its lowest and highest.
 * @param {TraceRow} row @param {import('./geometry.js').View} view @param {number} plot pixels
 * @returns {{x: Float32Array, low: Int16Array, high: Int16Array, n: number}} `low` -1 where the line breaks
 */
export function sampleRow({ levels }, view, plot) {
  const perPixel = (view.stop - view.start) / plot;
  const nFrames = levels[0].low.length;
  if (perPixel <= 1) {
    const first = Math.max(0, Math.floor(view.start) - 1);
    const last = Math.min(nFrames - 1, Math.ceil(view.stop) + 1);
    const n = Math.max(0, last - first + 1);
    const x = Float32Array.from({ length: n }, (_, i) => (first + i + 0.5 - view.start) / perPixel);
    const low = levels[0].low.slice(first, first + n);
    return { x, low, high: low, n };
  }
  const n = Math.ceil(plot);
  const points = { x: new Float32Array(n), low: new Int16Array(n), high: new Int16Array(n), n };
  const { level, size } = chooseLevel(levels, perPixel);
  for (let i = 0; i < n; i += 1) {
    const first = Math.max(0, Math.floor((view.start + i * perPixel) / size));
    const stop = Math.min(level.low.length, Math.max(first + 1, Math.floor((view.start + (i + 1) * perPixel) / size)));
    let low = -1;
    let high = -1;
    for (let k = first; k < stop; k += 1) {
      if (level.low[k] < 0) continue;
      if (low < 0 || level.low[k] < low) low = level.low[k];
      if (level.high[k] > high) high = level.high[k];
    }
    points.x[i] = i + 0.5;
    points.low[i] = low;
    points.high[i] = high;
  }
  return points;
}

/** First position whose number is at least `least`. @param {number[]} sorted @param {number} least */
export function lowerBound(sorted, least) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
