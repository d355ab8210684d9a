import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  durationOf,
  formatClock,
  formatCount,
  formatLength,
  frameAt,
  parseFrame,
  secondsOf,
} from '../../imigue_core/web/player/core/clock.js';

const UNEVEN = Float64Array.from([0, 0.04, 0.2, 0.24, 1.3, 1.34, 2.4]);

test('seconds are the stored presentation times, else frame over rate', () => {
  assert.equal(secondsOf(UNEVEN, 25, 4), 1.3);
  assert.equal(secondsOf(null, 25, 50), 2);
});

test('the frame nearest to a second is found by its time', () => {
  assert.equal(frameAt(UNEVEN, 25, 7, 1), 4);
  assert.equal(frameAt(UNEVEN, 25, 7, 0.7), 3);
  assert.equal(frameAt(UNEVEN, 25, 7, -3), 0);
  assert.equal(frameAt(UNEVEN, 25, 7, 99), 6);
  assert.equal(frameAt(null, 359 / 12, 58, 1), 30);
});

test('a span lasts until the frame after its end begins', () => {
  assert.ok(Math.abs(durationOf(UNEVEN, 25, 1, 3) - 1.26) < 1e-9);
  assert.equal(durationOf(null, 25, 10, 34), 1);
});

test('clocks carry over without losing a hundredth', () => {
  assert.equal(formatClock(376.48), '06:16.48');
  assert.equal(formatClock(59.999), '01:00.00');
  assert.equal(formatClock(3661.5), '1:01:01.50');
  assert.equal(formatLength(892.3), '14:52');
  assert.equal(formatCount(22300), '22,300');
});

test('a typed place is a frame number or a time', () => {
  assert.equal(parseFrame(' 1,234 ', null, 25, 5000), 1234);
  assert.equal(parseFrame('0:02', null, 25, 5000), 50);
  assert.equal(parseFrame('1:00,04', null, 25, 5000), 1501);
  assert.equal(parseFrame('0:01.30', UNEVEN, 25, 7), 4);
  for (const wrong of ['', '5000', '-1', 'abc', '12.5', '99:00'])
    assert.equal(parseFrame(wrong, null, 25, 5000), null, wrong);
});
