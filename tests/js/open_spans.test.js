import assert from 'node:assert/strict';
import { test } from 'node:test';

import { HOLD_MS, OpenSpans, readOpenSpans } from '../../imigue_core/web/player/labels/open_spans.js';
import { buildIndex } from '../../imigue_core/web/player/timeline/geometry.js';
import { placeSpans } from '../../imigue_core/web/player/timeline/open_spans_drawing.js';

/** @typedef {import('../../imigue_core/web/player/labels/labels.js').Label} Label */

test('a span lies from its first press to where it closes, both frames inside', () => {
  const spans = new OpenSpans();
  spans.open(29, 100);
  assert.deepEqual(spans.endOf(29, 130), { classId: 29, start: 100, end: 130 });
});

test('one that closes before its start has its ends swapped', () => {
  const spans = new OpenSpans([{ classId: 29, start: 100 }]);
  assert.deepEqual(spans.endOf(29, 60), { classId: 29, start: 60, end: 100 });
});

test('several classes are open at once; the newest goes first', () => {
  const spans = new OpenSpans();
  spans.open(29, 100);
  spans.open(11, 110);
  assert.equal(spans.dropNewest()?.classId, 11);
  assert.deepEqual(spans.list, [{ classId: 29, start: 100 }]);
  spans.dropNewest();
  assert.equal(spans.dropNewest(), null);
});

test('a key held while the play head moves closes its span when it comes up', () => {
  const spans = new OpenSpans();
  spans.open(29, 100);
  spans.hold('Digit3', 29, 1000);
  assert.equal(spans.release('Digit4', 2000, 120), null);
  assert.equal(spans.release('Digit3', 1000 + HOLD_MS, 109), 29);
});

test('a tap, and a hold while nothing moves, leave it open', () => {
  const spans = new OpenSpans();
  spans.open(29, 100);
  spans.hold('Digit3', 29, 1000);
  assert.equal(spans.release('Digit3', 1000 + HOLD_MS - 1, 109), null);
  spans.hold('Digit3', 29, 3000);
  assert.equal(spans.release('Digit3', 9000, 100), null);
  assert.equal(spans.list.length, 1);
});

test('two keys may be held at once, and another be tapped meanwhile', () => {
  const spans = new OpenSpans();
  spans.open(29, 100);
  spans.hold('Digit3', 29, 1000);
  spans.open(11, 110);
  spans.hold('Digit6', 11, 1400);
  assert.equal(spans.release('Digit6', 1500, 114), null);
  assert.equal(spans.release('Digit3', 2000, 120), 29);
});

test('when the focus goes while a key is down, the span stays open and its key comes up unheard', () => {
  const spans = new OpenSpans();
  spans.open(29, 100);
  spans.hold('Digit3', 29, 1000);
  spans.letGo();
  assert.equal(spans.release('Digit3', 5000, 150), null);
  assert.equal(spans.list.length, 1);
});

test('what is closed or dropped is not held any more', () => {
  const spans = new OpenSpans();
  spans.open(29, 100);
  spans.hold('Digit3', 29, 1000);
  spans.drop(29);
  spans.open(29, 200);
  assert.equal(spans.release('Digit3', 5000, 250), null);
});

test('open spans come back from their text', () => {
  const spans = new OpenSpans([
    { classId: 29, start: 100 },
    { classId: 11, start: 5 },
  ]);
  assert.deepEqual(
    readOpenSpans(spans.toText(), () => true, 500),
    spans.list,
  );
});

test('what was kept and makes no sense is left out', () => {
  const isClass = (/** @type {number} */ id) => [29, 11].includes(id);
  assert.deepEqual(readOpenSpans('[[29,1],[29,2],[77,3],[11,500],[11,-1],[11,1.5],7,[11,4]]', isClass, 500), [
    { classId: 29, start: 1 },
    { classId: 11, start: 4 },
  ]);
  for (const text of [null, '', '{', '{"a":1}', '7', 'null']) assert.deepEqual(readOpenSpans(text, isClass, 500), []);
});

/** @param {...[number, number]} spans of labels */
const trackOf = (...spans) => {
  const labels = spans.map(([start_frame, end_frame]) => ({ start_frame, end_frame }));
  return /** @type {Parameters<typeof placeSpans>[2]} */ ({
    index: buildIndex(/** @type {Label[]} */ (labels)),
    top: 0,
    laneHeight: 26,
  });
};

test('an open span is drawn in a lane that is free where it lies', () => {
  const track = trackOf([0, 50], [10, 60], [100, 120]);
  const [place] = placeSpans([{ classId: 1, start: 55 }], 58, track);
  const [, other] = [0, 1].map((lane) => 2 + lane * 26);
  assert.equal(track.index.nLanes, 2);
  assert.notEqual(place.top, other + 2);
});

test('open spans that find no lane share the last one and never leave it', () => {
  const places = placeSpans(
    [
      { classId: 1, start: 5 },
      { classId: 2, start: 6 },
      { classId: 3, start: 7 },
    ],
    20,
    trackOf([0, 50]),
  );
  const sorted = [...places].sort((a, b) => a.top - b.top);
  for (const [i, place] of sorted.entries()) {
    assert.ok(place.height > 5);
    assert.ok(place.top >= 2 && place.top + place.height <= 28.01);
    if (i) assert.ok(sorted[i - 1].top + sorted[i - 1].height <= place.top);
  }
});
