/**
 * Timeline arithmetic: frames to pixels and back, zoom, stacking of overlapping
 * spans, what lies under the pointer, snapping. Pure; no canvas, no page.
 *
 * A span start..end (both inclusive) covers the pixels from its start's left edge
 * to its end's right edge, so boundaries are numbers between frames: start and end + 1.
 *
 * @typedef {Object} View visible frames, [start, stop), may be fractions
 * @property {number} start @property {number} stop
 *
 * @typedef {Object} Spanlike
 * @property {number} start_frame @property {number} end_frame
 *
 * @typedef {'start'|'end'|'body'} Part of a span: an edge, or what lies between
 */

/**
 * @template {Spanlike} S
 * @typedef {Object} SpanIndex spans in order of start, with what is needed to find the visible ones fast
 * @property {S[]} spans
 * @property {Int32Array} lanes row of each span
 * @property {number} nLanes
 * @property {Int32Array} reach the furthest end among spans 0..i
 */

export const LEAST_VISIBLE = 12;

/** @param {View} view @param {number} width pixels @param {number} boundary */
export function frameToX(view, width, boundary) {
  return ((boundary - view.start) / (view.stop - view.start)) * width;
}

/** @param {View} view @param {number} width @param {number} x @returns {number} boundary, a fraction */
export function xToBoundary(view, width, x) {
  return view.start + (x / width) * (view.stop - view.start);
}

/** The frame under a pixel. @param {View} view @param {number} width @param {number} x @param {number} nFrames */
export function xToFrame(view, width, x, nFrames) {
  return Math.max(0, Math.min(nFrames - 1, Math.floor(xToBoundary(view, width, x))));
}

/** Moves and shrinks a wish until it lies in the video. @param {View} view @param {number} nFrames @returns {View} */
export function clampView(view, nFrames) {
  const length = Math.max(Math.min(LEAST_VISIBLE, nFrames), Math.min(nFrames, view.stop - view.start));
  const start = Math.max(0, Math.min(nFrames - length, view.start));
  return { start, stop: start + length };
}

/**
 * Zooms so that `boundary` keeps its place on the screen.
 * @param {View} view @param {number} factor below 1 zooms in @param {number} boundary @param {number} nFrames
 */
export function zoomAt(view, factor, boundary, nFrames) {
  const length = view.stop - view.start;
  const wanted = Math.max(Math.min(LEAST_VISIBLE, nFrames), Math.min(nFrames, length * factor));
  const start = boundary - ((boundary - view.start) / length) * wanted;
  return clampView({ start, stop: start + wanted }, nFrames);
}

/** @param {View} view @param {number} frames @param {number} nFrames */
export function panBy(view, frames, nFrames) {
  return clampView({ start: view.start + frames, stop: view.stop + frames }, nFrames);
}

/** Turns the page when the play head leaves it. @param {View} view @param {number} frame @param {number} nFrames */
export function follow(view, frame, nFrames) {
  if (frame >= view.start && frame + 1 <= view.stop) return view;
  const length = view.stop - view.start;
  const start = frame < view.start ? frame - 0.85 * length : frame - 0.1 * length;
  return clampView({ start, stop: start + length }, nFrames);
}

/**
 * Each span lies in the first lane that is free where it begins.
 * @template {Spanlike} S
 * @param {Iterable<S>} spans
 * @returns {SpanIndex<S>}
 */
export function buildIndex(spans) {
  const sorted = [...spans].sort((a, b) => a.start_frame - b.start_frame || a.end_frame - b.end_frame);
  const lanes = new Int32Array(sorted.length);
  const reach = new Int32Array(sorted.length);
  /** @type {number[]} */
  const laneEnds = [];
  let furthest = -1;
  sorted.forEach((span, i) => {
    let lane = laneEnds.findIndex((end) => end < span.start_frame);
    if (lane < 0) lane = laneEnds.length;
    laneEnds[lane] = span.end_frame;
    lanes[i] = lane;
    furthest = Math.max(furthest, span.end_frame);
    reach[i] = furthest;
  });
  return { spans: sorted, lanes, nLanes: laneEnds.length, reach };
}

/**
 * Positions [from, to) in the index that can touch the frames first..last; a few in
 * between may not, which the caller sees from their end.
 * @param {SpanIndex<Spanlike>} index @param {number} first @param {number} last
 * @returns {[number, number]}
 */
export function findVisible(index, first, last) {
  return [lowerBound(index.reach, first), upperBound(index.spans, last)];
}

/** First i with reach[i] >= frame. @param {Int32Array} reach @param {number} frame */
function lowerBound(reach, frame) {
  let low = 0;
  let high = reach.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reach[middle] < frame) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First i whose span starts after `frame`. @param {Spanlike[]} spans @param {number} frame */
function upperBound(spans, frame) {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spans[middle].start_frame <= frame) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * What lies under a point of one track.
 * @template {Spanlike} S
 * @param {SpanIndex<S>} index @param {View} view @param {number} width
 * @param {number} x @param {number} lane @param {number} [grip] pixels of an edge
 * @returns {{span: S, part: Part}|null}
 */
export function hitTest(index, view, width, x, lane, grip = 5) {
  const perFrame = width / (view.stop - view.start);
  const reach = Math.ceil(grip / perFrame) + 1;
  const at = Math.floor(xToBoundary(view, width, x));
  const [from, to] = findVisible(index, at - reach, at + reach);
  /** @type {{span: S, part: Part}|null} */
  let best = null;
  for (let i = from; i < to; i += 1) {
    if (index.lanes[i] !== lane) continue;
    const span = index.spans[i];
    const left = frameToX(view, width, span.start_frame);
    const right = frameToX(view, width, span.end_frame + 1);
    if (x < left - grip || x > right + grip) continue;
    const part = partAt(x, left, right, grip);
    if (!best || (x >= left && x <= right)) best = { span, part };
  }
  return best;
}

/**
 * A short span keeps a third of itself as a handle to move it by.
 * @param {number} x @param {number} left @param {number} right @param {number} grip @returns {Part}
 */
function partAt(x, left, right, grip) {
  const inner = Math.min(grip, (right - left) / 3);
  const toStart = Math.abs(x - left);
  const toEnd = Math.abs(x - right);
  const isInside = x >= left && x <= right;
  if (isInside && Math.min(toStart, toEnd) > inner) return 'body';
  return toStart <= toEnd ? 'start' : 'end';
}

/**
 * The nearest candidate within reach, else the boundary itself, as a whole number.
 * @param {number} boundary a fraction @param {Iterable<number>} candidates @param {number} tolerance frames
 */
export function snap(boundary, candidates, tolerance) {
  let best = Math.round(boundary);
  let nearest = tolerance;
  for (const candidate of candidates) {
    const distance = Math.abs(candidate - boundary);
    if (distance <= nearest) {
      nearest = distance;
      best = candidate;
    }
  }
  return best;
}

/**
 * A span after one of its parts was dragged by `delta` frames (a fraction), snapped and inside the video.
 * @param {Spanlike} span @param {Part} part @param {number} delta
 * @param {{nFrames: number, candidates: number[], tolerance: number}} options
 * @returns {Spanlike}
 */
export function dragSpan(span, part, delta, { nFrames, candidates, tolerance }) {
  const { start_frame: start, end_frame: end } = span;
  if (part === 'start') {
    const moved = snap(start + delta, candidates, tolerance);
    return { start_frame: Math.max(0, Math.min(end, moved)), end_frame: end };
  }
  if (part === 'end') {
    const moved = snap(end + 1 + delta, candidates, tolerance) - 1;
    return { start_frame: start, end_frame: Math.min(nFrames - 1, Math.max(start, moved)) };
  }
  const byStart = snap(start + delta, candidates, tolerance) - start;
  const byEnd = snap(end + 1 + delta, candidates, tolerance) - (end + 1);
  const shift =
    Math.abs(byEnd - delta) < Math.abs(byStart - delta) ? pick(byEnd, byStart, delta) : pick(byStart, byEnd, delta);
  const kept = Math.max(-start, Math.min(nFrames - 1 - end, shift));
  return { start_frame: start + kept, end_frame: end + kept };
}

/**
 * Of two shifts, the one that was pulled to a candidate; when neither was, the first.
 * @param {number} first @param {number} second @param {number} delta
 */
function pick(first, second, delta) {
  const plain = Math.round(delta);
  return first === plain && second !== plain ? second : first;
}

/**
 * Round distances for a ruler: the least step of at least `leastPx`.
 * @param {View} view @param {number} width @param {number} fps @param {number} [leastPx]
 */
export function rulerStep(view, width, fps, leastPx = 84) {
  const perFrame = width / (view.stop - view.start);
  const seconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 3600].map((s) => s * fps);
  for (const step of [1, 5, 10, ...seconds]) if (step * perFrame >= leastPx) return step;
  return 7200 * fps;
}
