import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  buildIndex,
  clampView,
  dragSpan,
  findVisible,
  follow,
  frameToX,
  hitTest,
  LEAST_VISIBLE,
  rulerStep,
  snap,
  xToBoundary,
  xToFrame,
  zoomAt,
} from '../../imigue_core/web/player/timeline/geometry.js';

/** @param {number} start @param {number} end */
const span = (start, end) => ({ start_frame: start, end_frame: end });
const view = { start: 100, stop: 200 };

test("frames and pixels are each other's inverse", () => {
  assert.equal(frameToX(view, 1000, 150), 500);
  for (const boundary of [100, 123.25, 200])
    assert.equal(xToBoundary(view, 1000, frameToX(view, 1000, boundary)), boundary);
});

test('a pixel belongs to the frame it lies in, and never to one outside the video', () => {
  assert.equal(xToFrame(view, 1000, 9.9, 500), 100);
  assert.equal(xToFrame(view, 1000, 10, 500), 101);
  assert.equal(xToFrame(view, 1000, -5000, 500), 0);
  assert.equal(xToFrame(view, 1000, 90000, 500), 499);
});

test('zooming keeps the boundary under the pointer where it is', () => {
  const zoomed = zoomAt(view, 0.5, 120, 1000);
  assert.equal(frameToX(zoomed, 1000, 120), frameToX(view, 1000, 120));
  assert.equal(zoomed.stop - zoomed.start, 50);
});

test('zoom ends at a dozen frames and at the whole video', () => {
  let close = view;
  for (let i = 0; i < 40; i += 1) close = zoomAt(close, 0.5, 150, 1000);
  assert.equal(close.stop - close.start, LEAST_VISIBLE);
  let far = view;
  for (let i = 0; i < 40; i += 1) far = zoomAt(far, 2, 150, 1000);
  assert.deepEqual(far, { start: 0, stop: 1000 });
});

test('a video shorter than the closest zoom is shown whole', () => {
  assert.deepEqual(clampView({ start: 3, stop: 4 }, 5), { start: 0, stop: 5 });
});

test('the page turns only when the play head leaves it', () => {
  assert.equal(follow(view, 150, 1000), view);
  const turned = follow(view, 200, 1000);
  assert.ok(turned.start <= 200 && turned.stop > 200 && turned.stop - turned.start === 100);
  const back = follow(view, 99, 1000);
  assert.ok(back.start <= 99 && back.stop > 99);
});

test('overlapping spans are stacked, touching ones are not', () => {
  const { lanes, nLanes, spans } = buildIndex([span(11, 20), span(0, 10), span(5, 15), span(16, 18)]);
  assert.deepEqual(
    spans.map((one) => one.start_frame),
    [0, 5, 11, 16],
  );
  assert.deepEqual([...lanes], [0, 1, 0, 1]);
  assert.equal(nLanes, 2);
});

test('the visible range holds every span that shows, long ones from far left included', () => {
  const spans = [span(0, 5000)];
  for (let i = 1; i < 5000; i += 1) spans.push(span(i, i + 2));
  const index = buildIndex(spans);
  const [from, to] = findVisible(index, 4000, 4010);
  const found = index.spans.slice(from, to).filter((one) => one.end_frame >= 4000);
  const wanted = spans.filter((one) => one.start_frame <= 4010 && one.end_frame >= 4000);
  assert.equal(found.length, wanted.length);
});

test('only few spans are looked at when none is long', () => {
  const index = buildIndex(Array.from({ length: 5000 }, (_, i) => span(i * 10, i * 10 + 8)));
  const [from, to] = findVisible(index, 20000, 20100);
  assert.ok(to - from < 15);
});

test('edges win near their line, the body between them', () => {
  const index = buildIndex([span(120, 139)]);
  const at = (/** @type {number} */ x, lane = 0) => hitTest(index, view, 1000, x, lane)?.part ?? null;
  assert.equal(at(198), 'start');
  assert.equal(at(203), 'start');
  assert.equal(at(300), 'body');
  assert.equal(at(398), 'end');
  assert.equal(at(404), 'end');
  assert.equal(at(420), null);
  assert.equal(at(300, 1), null);
});

test('a one-frame span can still be moved by its middle', () => {
  const index = buildIndex([span(150, 150)]);
  assert.equal(hitTest(index, view, 1000, 505, 0)?.part, 'body');
});

test('between two touching spans the one under the pointer is meant', () => {
  const index = buildIndex([span(100, 149), span(150, 199)]);
  assert.equal(hitTest(index, view, 1000, 498, 0)?.span.start_frame, 100);
  assert.equal(hitTest(index, view, 1000, 502, 0)?.span.start_frame, 150);
});

test('snapping takes the nearest candidate in reach, else the nearest frame', () => {
  assert.equal(snap(10.4, [12, 9], 2), 9);
  assert.equal(snap(10.4, [14], 2), 10);
});

test('a dragged end is inclusive: meeting a boundary at 50 makes 49 the last frame', () => {
  const options = { nFrames: 100, candidates: [50], tolerance: 3 };
  assert.deepEqual(dragSpan(span(10, 40), 'end', 8.2, options), span(10, 49));
});

test('edges do not cross each other or leave the video', () => {
  const options = { nFrames: 100, candidates: [], tolerance: 0 };
  assert.deepEqual(dragSpan(span(10, 40), 'start', 90, options), span(40, 40));
  assert.deepEqual(dragSpan(span(10, 40), 'end', -90, options), span(10, 10));
  assert.deepEqual(dragSpan(span(10, 40), 'end', 900, options), span(10, 99));
  assert.deepEqual(dragSpan(span(10, 40), 'body', 900, options), span(69, 99));
  assert.deepEqual(dragSpan(span(10, 40), 'body', -900, options), span(0, 30));
});

test('a moved span keeps its length and snaps with either end', () => {
  const options = { nFrames: 1000, candidates: [200], tolerance: 4 };
  assert.deepEqual(dragSpan(span(100, 109), 'body', 88, options), span(190, 199));
  assert.deepEqual(dragSpan(span(100, 109), 'body', 98, options), span(200, 209));
});

test('the ruler has room for its numbers at every zoom', () => {
  for (const length of [12, 100, 3000, 39000, 2000000]) {
    const step = rulerStep({ start: 0, stop: length }, 1000, 25);
    assert.ok((step / length) * 1000 >= 84 || step === 7200 * 25);
  }
});
