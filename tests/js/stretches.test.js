import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findSeen, growRuns, LONGEST_GAP, measureCoverage } from '../../imigue_core/web/player/core/stretches.js';

test('frames that follow each other make one run, also when pictures are dropped', () => {
  /** @type {[number, number][]} */
  const runs = [];
  for (const frame of [10, 11, 13, 13 + LONGEST_GAP, 14 + 2 * LONGEST_GAP, 5, 6, 6]) growRuns(runs, frame);
  assert.deepEqual(runs, [
    [10, 13 + LONGEST_GAP],
    [14 + 2 * LONGEST_GAP, 14 + 2 * LONGEST_GAP],
    [5, 6],
  ]);
});

test('the stretch at a frame joins watched and reviewed neighbours, and only those', () => {
  /** @type {import('../../imigue_core/web/player/core/stretches.js').Stretch[]} */
  const stretches = [
    [0, 9, false],
    [10, 19, true],
    [30, 39, false],
  ];
  assert.deepEqual(findSeen(stretches, 0), [0, 19]);
  assert.deepEqual(findSeen(stretches, 19), [0, 19]);
  assert.equal(findSeen(stretches, 20), null);
  assert.deepEqual(findSeen(stretches, 35), [30, 39]);
  assert.equal(findSeen(stretches, 40), null);
  assert.equal(findSeen([], 0), null);
});

test('shares count reviewed frames as watched too', () => {
  assert.deepEqual(
    measureCoverage(
      [
        [0, 9, false],
        [10, 19, true],
      ],
      40,
    ),
    { seen: 0.5, reviewed: 0.25 },
  );
  assert.deepEqual(measureCoverage([], 0), { seen: 0, reviewed: 0 });
});
