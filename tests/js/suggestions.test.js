import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  clampThreshold,
  computeTiou,
  describeTraining,
  filterIndex,
  findNext,
  formatScore,
  listAbove,
  listOpen,
  nudgeSpan,
  sortByTime,
} from '../../imigue_core/web/player/review/suggestions.js';
import { buildIndex } from '../../imigue_core/web/player/timeline/geometry.js';

/** @typedef {import('../../imigue_core/web/player/labels/labels.js').Label} Label */
/** @typedef {import('../../imigue_core/web/player/review/suggestions.js').Suggestion} Suggestion */
/** @typedef {import('../../imigue_core/web/player/review/suggestions.js').Rejection} Rejection */
/** @typedef {import('../../imigue_core/web/player/labels/labels.js').Decision} Decision */

/**
 * A suggestion that could be a rejection as well.
 * @param {number} id @param {number} start @param {number} end @param {Partial<Suggestion>} [more]
 * @returns {Suggestion & Rejection}
 */
const one = (id, start, end, more = {}) => ({
  suggestion_id: id,
  class_id: 5,
  start_frame: start,
  end_frame: end,
  score: 0.7,
  top: [[5, 0.7]],
  start_sd: 1,
  end_sd: 1,
  model: 'm',
  ...more,
});
/** @param {number} start @param {number} end @param {Partial<Label>} [more] */
const label = (start, end, more = {}) =>
  /** @type {Label} */ ({
    annotation_id: 'a',
    class_id: 5,
    start_frame: start,
    end_frame: end,
    suggestion_id: null,
    ...more,
  });
/** @param {{suggestion_id: number}[]} list */
const ids = (list) => list.map((each) => each.suggestion_id);

test('temporal IoU counts frames, both ends included', () => {
  assert.equal(computeTiou(one(1, 0, 9), one(2, 0, 9)), 1);
  assert.equal(computeTiou(one(1, 0, 9), one(2, 10, 19)), 0);
  assert.equal(computeTiou(one(1, 0, 9), one(2, 5, 14)), 5 / 15);
  assert.equal(computeTiou(one(1, 0, 9), one(2, 0, 19)), 0.5);
});

test('suggestions are ordered by time, the surer of two at one place first', () => {
  assert.deepEqual(
    ids(sortByTime([one(1, 50, 60), one(2, 10, 90, { score: 0.4 }), one(3, 10, 20, { score: 0.8 })])),
    [3, 2, 1],
  );
});

test('what an own label of the class covers by half is hidden, less or another class is not', () => {
  const all = [one(1, 0, 9), one(2, 100, 109), one(3, 200, 209)];
  const labels = [label(0, 19), label(105, 119), label(200, 209, { class_id: 6 })];
  assert.deepEqual(ids(listOpen(all, labels, new Map(), [])), [2, 3]);
});

test("a label hides the suggestion it came from and that one's doubles, whatever became of the label", () => {
  const all = [one(1, 0, 9), one(2, 1, 10), one(3, 300, 309)];
  assert.deepEqual(ids(listOpen(all, [label(500, 509, { class_id: 9, suggestion_id: 1 })], new Map(), [])), [3]);
});

test('a rejection hides its class at half the overlap, from whatever scan it is; lifted or skipped ones stay', () => {
  const all = [one(1, 0, 9), one(2, 2, 11), one(3, 2, 11, { class_id: 6 }), one(4, 100, 109), one(5, 200, 209)];
  /** @type {Map<number, Decision>} */
  const decisions = new Map([
    [1, { suggestion_id: 1, verdict: 'rejected', version: 1 }],
    [4, { suggestion_id: 4, verdict: 'skipped', version: 1 }],
    [5, { suggestion_id: 5, verdict: 'open', version: 1 }],
  ]);
  assert.deepEqual(ids(listOpen(all, [], decisions, [one(1, 0, 9)])), [3, 4, 5]);
  assert.deepEqual(ids(listOpen(all, [], new Map(), [one(99, 200, 208)])), [1, 2, 3, 4]);
});

test('the threshold lets through what reaches it', () => {
  const all = [one(1, 0, 1, { score: 0.29 }), one(2, 2, 3, { score: 0.3 }), one(3, 4, 5, { score: 0.9 })];
  assert.deepEqual(ids(listAbove(all, 0.3)), [2, 3]);
  assert.deepEqual(ids(listAbove(all, 0)), [1, 2, 3]);
});

test('next and previous go by time and round the end', () => {
  const all = [one(1, 10, 20), one(2, 30, 40), one(3, 50, 60)];
  assert.equal(findNext(all, all[0], 1)?.suggestion_id, 2);
  assert.equal(findNext(all, all[2], 1)?.suggestion_id, 1);
  assert.equal(findNext(all, all[0], -1)?.suggestion_id, 3);
  assert.equal(findNext(all, { start_frame: 30 }, 1)?.suggestion_id, 2);
  assert.equal(findNext(all, { start_frame: 30 }, -1)?.suggestion_id, 1);
  assert.equal(findNext([], { start_frame: 0 }, 1), null);
  assert.equal(findNext([all[1]], all[1], 1)?.suggestion_id, 2);
});

test('the next one is found from a suggestion that is gone meanwhile', () => {
  const all = [one(1, 10, 20), one(3, 50, 60)];
  assert.equal(findNext(all, one(2, 30, 40), 1)?.suggestion_id, 3);
  assert.equal(findNext(all, one(2, 30, 40), -1)?.suggestion_id, 1);
});

test('of several at one frame each comes once, forward and backward', () => {
  const all = sortByTime([
    one(1, 10, 20, { score: 0.5 }),
    one(2, 10, 30, { score: 0.9 }),
    one(3, 10, 25, { score: 0.5 }),
    one(4, 40, 50),
  ]);
  const walk = (/** @type {1|-1} */ direction) => {
    const seen = [all[0]];
    while (seen.length < 4) {
      const next = findNext(all, seen[seen.length - 1], direction);
      assert.ok(next);
      seen.push(next);
    }
    return ids(seen);
  };
  assert.deepEqual(walk(1), [2, 1, 3, 4]);
  assert.deepEqual(walk(-1), [2, 4, 3, 1]);
});

test('nudges keep a span in the video and never empty it', () => {
  const span = { start_frame: 0, end_frame: 3 };
  assert.deepEqual(nudgeSpan(span, 'start', -1, 10), { start_frame: 0, end_frame: 3 });
  assert.deepEqual(nudgeSpan(span, 'start', 9, 10), { start_frame: 3, end_frame: 3 });
  assert.deepEqual(nudgeSpan(span, 'end', 9, 10), { start_frame: 0, end_frame: 9 });
  assert.deepEqual(nudgeSpan(span, 'end', -9, 10), { start_frame: 0, end_frame: 0 });
});

test('spans keep their lanes when others are hidden', () => {
  const index = buildIndex([one(1, 0, 50), one(2, 10, 60), one(3, 20, 70), one(4, 80, 90)]);
  const some = filterIndex(index, (span) => span.suggestion_id !== 1 && span.suggestion_id !== 3);
  assert.deepEqual(ids(/** @type {Suggestion[]} */ (some.spans)), [2, 4]);
  assert.deepEqual([...some.lanes], [1, 0]);
  assert.deepEqual([...some.reach], [60, 90]);
  assert.equal(some.nLanes, 3);
});

test('thresholds and scores in words', () => {
  assert.deepEqual([clampThreshold(0.30000000000000004), clampThreshold(-0.05), clampThreshold(1)], [0.3, 0, 0.95]);
  assert.deepEqual([formatScore(0.706), formatScore(0), formatScore(0.999)], ['.71', '.00', '1.00']);
  assert.match(describeTraining('synthetic'), /acted data.*unknown/);
  assert.match(describeTraining('user'), /this project/);
});
