/** In which order suggestions are reviewed, and what doubt is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  computeDoubt,
  findNextInOrder,
  ORDER_NAMES,
  ORDERS,
  readOrder,
  sortByOrder,
  stepOrder,
} from '../../imigue_core/web/player/review/review_order.js';

/** @typedef {import('../../imigue_core/web/player/review/suggestions.js').Suggestion} Suggestion */

/** @param {number} p @returns {[number, number][]} */
const even = (p) => [5, 6, 7, 8, 9].map((classId) => [classId, p]);
/**
 * @param {number} id @param {number} start
 * @param {{score?: number, top?: [number, number][], sd?: number, length?: number}} [more]
 * @returns {Suggestion}
 */
const make = (id, start, { score = 0.5, top = [[5, 1]], sd = 0, length = 20 } = {}) => ({
  suggestion_id: id,
  class_id: 5,
  start_frame: start,
  end_frame: start + length - 1,
  score,
  top,
  start_sd: sd,
  end_sd: sd,
});
/** @param {(Suggestion|null|undefined)[]} list */
const ids = (list) => list.map((one) => one?.suggestion_id);

test('a key steps time, confidence, doubt and time again; what is none counts as time', () => {
  assert.deepEqual(ORDERS, ['time', 'confidence', 'doubt']);
  assert.deepEqual(
    ORDERS.map((order) => stepOrder(order)),
    ['confidence', 'doubt', 'time'],
  );
  for (const value of [undefined, null, 'age', 3, 'toString']) assert.equal(readOrder(value), 'time');
  assert.equal(readOrder('doubt'), 'doubt');
  for (const order of ORDERS) assert.ok(ORDER_NAMES[order].length > 3);
});

test('doubt is nought for one certain class with sharp edges, and one when nothing is known', () => {
  assert.equal(computeDoubt(make(1, 0)), 0);
  const nothing = make(1, 0, { top: even(1 / 6), sd: 10 });
  assert.ok(Math.abs(computeDoubt(nothing) - 1) < 1e-12);
});

test('what the top five leave to one is an outcome too, so a weak lone class is doubtful', () => {
  const of = (/** @type {number} */ p) => computeDoubt(make(1, 0, { top: [[5, p]] }));
  assert.ok(of(0.5) > of(0.8) && of(0.8) > of(0.99));
  assert.ok(of(0.5) > of(0.1), 'surely nothing is no doubt either');
});

test('rivals and vague edges raise the doubt; edges weigh a quarter at most', () => {
  const lone = make(1, 0, { top: [[5, 0.6]] });
  const rivals = make(2, 0, {
    top: [
      [5, 0.6],
      [6, 0.2],
      [7, 0.2],
    ],
  });
  assert.ok(computeDoubt(rivals) > computeDoubt(lone));
  assert.ok(
    computeDoubt(
      make(1, 0, {
        top: [
          [5, 0.5],
          [6, 0.5],
        ],
      }),
    ) >
      computeDoubt(
        make(1, 0, {
          top: [
            [5, 0.95],
            [6, 0.05],
          ],
        }),
      ),
  );
  const sharp = computeDoubt(make(1, 0, { sd: 1 }));
  const vague = computeDoubt(make(1, 0, { sd: 4 }));
  assert.ok(vague > sharp && sharp > 0);
  assert.ok(Math.abs(sharp - 0.25 * (2 / 20)) < 1e-12);
  assert.equal(computeDoubt(make(1, 0, { sd: 1000 })), 0.25);
});

test('probabilities that add up to more than one still give a doubt from 0 to 1', () => {
  const doubt = computeDoubt(make(1, 0, { top: even(0.9) }));
  assert.ok(doubt > 0 && doubt <= 0.75);
});

const SPANS = [
  make(1, 10, {
    score: 0.4,
    top: [
      [5, 0.4],
      [6, 0.4],
    ],
  }),
  make(2, 50, { score: 0.9, top: [[5, 0.95]] }),
  make(3, 90, { score: 0.9, top: [[5, 0.9]] }),
  make(4, 90, { score: 0.6, top: even(0.18) }),
];

test('orders: by time, the surest first, the most doubtful first; ties by time', () => {
  const shuffled = [SPANS[2], SPANS[0], SPANS[3], SPANS[1]];
  assert.deepEqual(ids(sortByOrder(shuffled, 'time')), [1, 2, 3, 4]);
  assert.deepEqual(ids(sortByOrder(shuffled, 'confidence')), [2, 3, 4, 1]);
  assert.deepEqual(ids(sortByOrder(shuffled, 'doubt')), [4, 1, 3, 2]);
  assert.deepEqual(ids(shuffled), [3, 1, 4, 2], 'the list itself stays');
});

test('next and previous follow the order and go round its ends', () => {
  for (const order of ORDERS) {
    const sorted = sortByOrder(SPANS, order);
    const walked = [sorted[0]];
    for (let i = 0; i < 4; i += 1) {
      const next = findNextInOrder(sorted, walked[i], 1, order);
      assert.ok(next);
      walked.push(next);
    }
    assert.deepEqual(ids(walked), [...ids(sorted), sorted[0].suggestion_id]);
    assert.equal(findNextInOrder(sorted, sorted[0], -1, order), sorted.at(-1));
    assert.equal(findNextInOrder(sorted, sorted[2], -1, order), sorted[1]);
  }
});

test('the next of one that was decided is what came after it', () => {
  const left = sortByOrder([SPANS[0], SPANS[1], SPANS[3]], 'confidence');
  assert.equal(findNextInOrder(left, SPANS[2], 1, 'confidence')?.suggestion_id, 4);
  assert.equal(findNextInOrder(left, SPANS[2], -1, 'confidence')?.suggestion_id, 2);
  assert.equal(findNextInOrder([], SPANS[2], 1, 'doubt'), null);
  assert.equal(findNextInOrder([SPANS[2]], SPANS[2], 1, 'doubt'), SPANS[2]);
});
