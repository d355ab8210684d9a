import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  boundaryOf,
  canShareAt,
  findSnapped,
  findTouching,
  listFromTo,
  listMeeting,
  listSnapTargets,
  listWithin,
  moveShared,
} from '../../imigue_core/web/player/labels/spans.js';
import { dragSpan } from '../../imigue_core/web/player/timeline/geometry.js';

/** @param {number} start @param {number} end @param {string} [id] */
const span = (start, end, id = `${start}-${end}`) => ({ annotation_id: id, start_frame: start, end_frame: end });
/** @param {import('../../imigue_core/web/player/labels/spans.js').Spanlike[]} moves */
const ends = (moves) => moves.map(({ start_frame, end_frame }) => [start_frame, end_frame]);

test('a span touches what ends right before it or begins right after it, and nothing else', () => {
  const all = [span(0, 9), span(10, 19), span(20, 29), span(21, 25), span(12, 18)];
  assert.equal(findTouching(all[1], 'start', all), all[0]);
  assert.equal(findTouching(all[1], 'end', all), all[2]);
  assert.equal(findTouching(all[0], 'start', all), null);
  assert.equal(findTouching(all[2], 'end', all), null);
});

test('a shared edge moves both spans and the one that shrinks comes first', () => {
  const [left, right] = [span(0, 9), span(10, 19)];
  assert.deepEqual(ends(moveShared(left, right, 'end', 13)), [
    [13, 19],
    [0, 12],
  ]);
  assert.deepEqual(ends(moveShared(left, right, 'end', 6)), [
    [0, 5],
    [6, 19],
  ]);
  assert.deepEqual(ends(moveShared(right, left, 'start', 6)), [
    [0, 5],
    [6, 19],
  ]);
  assert.equal(moveShared(right, left, 'start', 6)[0].span, left);
});

test('on its way from one place to another no two spans of a shared edge overlap', () => {
  const [left, right] = [span(5, 9), span(10, 14)];
  for (let boundary = 0; boundary < 20; boundary += 1) {
    /** @type {Map<ReturnType<typeof span>, import('../../imigue_core/web/player/labels/spans.js').Spanlike>} */
    const now = new Map([
      [left, left],
      [right, right],
    ]);
    for (const move of moveShared(left, right, 'end', boundary)) {
      now.set(move.span, move);
      assert.ok(Number(now.get(left)?.end_frame) < Number(now.get(right)?.start_frame), `${boundary}`);
      assert.ok(move.start_frame <= move.end_frame);
    }
  }
});

test('a shared edge leaves each span a frame, and moves nothing when it stays', () => {
  const [left, right] = [span(5, 9), span(10, 14)];
  assert.deepEqual(ends(moveShared(left, right, 'end', -100)), [
    [5, 5],
    [6, 14],
  ]);
  assert.deepEqual(ends(moveShared(left, right, 'end', 100)), [
    [14, 14],
    [5, 13],
  ]);
  assert.deepEqual(moveShared(left, right, 'end', 10), []);
});

test('which places a shared edge can have', () => {
  const [left, right] = [span(5, 9), span(10, 14)];
  const possible = Array.from({ length: 20 }, (_, i) => i).filter((boundary) =>
    canShareAt(left, right, 'end', boundary),
  );
  assert.deepEqual(possible, [6, 7, 8, 9, 10, 11, 12, 13, 14]);
  assert.ok(canShareAt(right, left, 'start', 6) && !canShareAt(right, left, 'start', 15));
});

test('targets in sight: neighbours, both sides of the play head, shot cuts, valleys; each once', () => {
  const targets = listSnapTargets(
    { start: 10, stop: 100 },
    { spans: [span(0, 19), span(40, 49)], frames: [60], cuts: [50, 500], valleys: [9, 33, 60] },
  );
  assert.deepEqual(
    targets.sort((a, b) => a - b),
    [20, 33, 40, 50, 60, 61],
  );
});

test('a dragged edge comes to rest on a valley, on a neighbour, or where it is when nothing is near', () => {
  const targets = listSnapTargets({ start: 0, stop: 200 }, { spans: [span(80, 99)], valleys: [57] });
  const options = { nFrames: 200, candidates: targets, tolerance: 3 };
  const dragged = span(20, 49);
  const met = (/** @type {number} */ delta) => {
    const after = dragSpan(dragged, 'end', delta, options);
    return [after.end_frame, findSnapped(after, 'end', targets)];
  };
  assert.deepEqual(met(5.2), [56, 57]);
  assert.deepEqual(met(28.4), [79, 80]);
  assert.deepEqual(met(15), [64, null]);
});

test('a dragged body snaps with either edge and the line is drawn at that one', () => {
  const options = { nFrames: 200, candidates: [100], tolerance: 4 };
  const byStart = dragSpan(span(20, 29), 'body', 78, options);
  const byEnd = dragSpan(span(20, 29), 'body', 68, options);
  assert.deepEqual([byStart, findSnapped(byStart, 'body', [100])], [{ start_frame: 100, end_frame: 109 }, 100]);
  assert.deepEqual([byEnd, findSnapped(byEnd, 'body', [100])], [{ start_frame: 90, end_frame: 99 }, 100]);
  assert.equal(findSnapped(span(20, 29), 'body', [100]), null);
});

test('an edge is a boundary between frames', () => {
  assert.deepEqual([boundaryOf(span(3, 7), 'start'), boundaryOf(span(3, 7), 'end')], [3, 8]);
});

test('from one label to another, whichever comes first; without the first only the second', () => {
  const all = [span(0, 5, 'a'), span(3, 4, 'b'), span(9, 12, 'c'), span(20, 21, 'd')];
  const ids = (/** @type {string|null} */ from, /** @type {string} */ to) =>
    listFromTo(all, from, to)
      .map((one) => one.annotation_id)
      .join('');
  assert.equal(ids('b', 'd'), 'bcd');
  assert.equal(ids('d', 'b'), 'bcd');
  assert.equal(ids('c', 'c'), 'c');
  assert.equal(ids(null, 'c'), 'c');
  assert.equal(ids('of somebody else', 'c'), 'c');
  assert.equal(ids('a', 'gone'), '');
});

test('within a stretch is wholly in it, meeting it is any frame in it', () => {
  const all = [span(0, 9), span(10, 19), span(15, 30)];
  assert.deepEqual(listWithin(all, 10, 20), [all[1]]);
  assert.deepEqual(listMeeting(all, 9, 14), [all[0], all[1]]);
});
