import assert from 'node:assert/strict';
import { test } from 'node:test';

import { effect } from '../../imigue_core/web/player/core/watch.js';
import { chooseLevel, makePyramid } from '../../imigue_core/web/player/timeline/trace_pyramid.js';
import {
  describePeak,
  FULL,
  readRow,
  sampleRow,
  Traces,
  toHeights,
  topOf,
} from '../../imigue_core/web/player/timeline/traces.js';
import { layBands, peakAt } from '../../imigue_core/web/player/timeline/traces_drawing.js';

const SPEED = { name: 'right hand', unit: 'shoulder widths/s', step: 0.02 };
/**
 * @typedef {import('../../imigue_core/web/player/timeline/traces.js').SentRow} SentRow
 * @typedef {import('../../imigue_core/web/player/timeline/traces.js').SentTraces} SentTraces
 * @typedef {import('../../imigue_core/web/player/timeline/traces.js').Grown} Grown
 */

/** @param {number[]} values @param {Partial<SentRow>} [more] */
const row = (values, more = {}) => readRow({ ...SPEED, values, peaks: [], valleys: [], ...more });
/** @param {number} n_ready @param {Partial<Grown>} [more] */
const info = (n_ready, more = {}) => ({ n_ready, n_frames: 1000, complete: false, revision: 1, ...more });
const settled = () => new Promise((next) => setTimeout(next, 0));

/**
 * A server that answers so, one after another, and a clock that is turned by hand.
 * @param {(SentTraces|Error)[]} answers
 */
function world(answers) {
  /** @type {(number|string)[]} */
  const asked = [];
  let time = 0;
  /** @param {number|string} revision */
  const load = async (revision) => {
    asked.push(revision);
    const answer = answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer;
    return answer;
  };
  const tick = (/** @type {number} */ ms) => (time += ms);
  return { asked, tick, traces: new Traces({ load, now: () => time }) };
}
/** @param {number} n @param {Partial<SentRow>} [more] @returns {SentTraces} */
const answer = (n, more = {}) => ({
  revision: 1,
  n_frames: n,
  rows: [{ ...SPEED, values: new Array(n).fill(10), peaks: [], valleys: [], ...more }],
});

test('every level holds the lowest and highest of what it stands for', () => {
  const values = Int16Array.from({ length: 1001 }, (_, i) => (i % 97 === 0 ? -1 : (i * 7919) % 1000));
  const levels = makePyramid(values);
  let size = 1;
  for (const level of levels) {
    assert.equal(level.low.length, Math.ceil(values.length / size));
    level.low.forEach((low, k) => {
      const part = [...values.slice(k * size, (k + 1) * size)].filter((value) => value >= 0);
      assert.equal(low, part.length ? Math.min(...part) : -1);
      assert.equal(level.high[k], part.length ? Math.max(...part) : -1);
    });
    size *= 4;
  }
  assert.ok(levels[levels.length - 1].low.length <= 64);
});

test('the level drawn is the coarsest that is no coarser than a pixel', () => {
  const levels = makePyramid(new Int16Array(40_000));
  assert.equal(chooseLevel(levels, 0.5).size, 1);
  assert.equal(chooseLevel(levels, 3.9).size, 1);
  assert.equal(chooseLevel(levels, 4).size, 4);
  assert.equal(chooseLevel(levels, 31).size, 16);
  assert.equal(chooseLevel(makePyramid(new Int16Array(10)), 100).size, 1);
});

test('decimation keeps every spike at any zoom, and few points', () => {
  const values = new Array(39_000).fill(5);
  values[20_001] = 400;
  const one = row(values);
  for (const [start, stop] of [
    [0, 39_000],
    [15_000, 25_000],
    [19_000, 21_500],
    [19_990, 20_010],
  ]) {
    const points = sampleRow(one, { start, stop }, 1250);
    assert.ok(points.n <= 1300);
    assert.equal(Math.max(...points.high.slice(0, points.n)), FULL, `${start}..${stop}`);
    const at = points.high.indexOf(FULL);
    const x = ((20_001.5 - start) / (stop - start)) * 1250;
    assert.ok(
      Math.abs(points.x[at] - x) <= 1.01 * Math.max(1, 1250 / (stop - start)),
      `${start}..${stop}: ${points.x[at]} for ${x}`,
    );
  }
});

test('missing stretches break the line', () => {
  const values = new Array(5000).fill(50);
  values.fill(-1, 1000, 3000);
  const wide = sampleRow(row(values), { start: 0, stop: 5000 }, 500);
  assert.ok(wide.low[50] >= 0);
  assert.equal(wide.low[200], -1);
  assert.equal(wide.high[200], -1);
  const near = sampleRow(row(values), { start: 990, stop: 1010 }, 500);
  assert.ok([...near.low].includes(-1));
});

test('a view past the traces draws only what is there', () => {
  const short = row(new Array(250).fill(20));
  const wide = sampleRow(short, { start: 0, stop: 1000 }, 500);
  assert.ok(wide.low[100] >= 0);
  assert.equal(wide.low[400], -1);
  const near = sampleRow(short, { start: 245, stop: 260 }, 500);
  assert.ok(near.n <= 7);
  assert.equal(sampleRow(short, { start: 600, stop: 620 }, 500).n, 0);
});

test('heights: rest stays low, few values lie over the top', () => {
  assert.equal(topOf(Int16Array.from([-1, -1])), 0);
  const heights = toHeights(Int16Array.from([-1, 0, 50, 100, 300]), 100);
  assert.deepEqual([heights[0], heights[1], heights[3], heights[4]], [-1, 0, FULL, FULL]);
  assert.ok(heights[2] > FULL / 2, 'slow motion shows');
  const still = row(new Array(100).fill(1));
  assert.ok(Math.max(...still.levels[0].low) < FULL / 10);
});

test('peaks of all rows in order of time, and the way between them', async () => {
  const { traces } = world([
    {
      revision: 1,
      n_frames: 100,
      rows: [
        { ...answer(100).rows[0], peaks: [50], valleys: [45, 60] },
        {
          name: 'hand–face',
          unit: 'shoulder widths',
          step: 0.005,
          values: new Array(100).fill(40),
          peaks: [20, 70],
          valleys: [],
        },
      ],
    },
  ]);
  traces.update(info(100, { complete: true }));
  await settled();
  assert.deepEqual(
    traces.peaks.map((peak) => peak.frame),
    [20, 50, 70],
  );
  assert.equal(traces.nextPeak(0, 1)?.frame, 20);
  assert.equal(traces.nextPeak(20, 1)?.frame, 50);
  assert.equal(traces.nextPeak(70, 1), null);
  assert.equal(traces.nextPeak(70, -1)?.frame, 50);
  assert.equal(traces.nextPeak(20, -1), null);
  assert.deepEqual(traces.valleysBetween(45, 59), [45]);
  assert.deepEqual(traces.valleysBetween(46, 60), [60]);
  assert.deepEqual(traces.valleysBetween(0, 100), [45, 60]);
});

test('peaks in words', () => {
  assert.equal(describePeak(row([0, 160]), 1), 'right hand: 3.2 shoulder widths/s');
  assert.equal(
    describePeak({ ...row([0, 24]), name: 'hand–face', unit: 'shoulder widths', step: 0.005 }, 1),
    'hand 0.12 shoulder widths from the face',
  );
});

test('a click counts for the nearest peak of its band within reach', async () => {
  const rows = ['left hand', 'right hand'].map((name, i) => ({
    ...answer(1000).rows[0],
    name,
    peaks: [500 + 3 * i, 900],
  }));
  const { traces } = world([{ revision: 1, n_frames: 1000, rows }]);
  traces.update(info(1000));
  await settled();
  const bands = layBands(0, false);
  const view = { start: 0, stop: 1000 };
  const band = bands[1];
  /** @param {number} x */
  const at = (x, y = band.top + band.height / 2) => peakAt(bands, traces, view, 1000, { x, y });
  assert.equal(at(500)?.frame, 500);
  assert.equal(at(500)?.name, 'left hand');
  assert.equal(at(504)?.name, 'right hand');
  assert.equal(at(494)?.frame, 500);
  assert.equal(at(480), null);
  assert.equal(at(500, bands[0].top + 1), null, 'another band');
  assert.equal(at(-3), null);
  assert.equal(at(500, 500), null);
  const roomy = layBands(16, true);
  assert.equal(roomy.length, 5);
  assert.deepEqual(
    roomy.map((one) => one.rows.length),
    [1, 1, 1, 1, 1],
  );
  assert.equal(peakAt(roomy, traces, view, 1000, { x: 503, y: roomy[2].top + 3 })?.name, 'left hand');
});

test('traces are read again as poses grow, not at every step, and whole ones once', async () => {
  const one = world([answer(250), answer(500), answer(1000)]);
  let nDrawn = 0;
  const forget = effect(() => {
    nDrawn += one.traces.rows ? 1 : 0;
  });
  one.traces.update(info(0));
  assert.deepEqual(one.asked, []);
  one.traces.update(info(250));
  await settled();
  assert.equal(one.traces.nFrames, 250);
  one.traces.update(info(250));
  one.traces.update(info(500));
  assert.equal(one.asked.length, 1, 'too soon after the last');
  one.tick(5000);
  one.traces.update(info(500));
  await settled();
  assert.equal(one.traces.nFrames, 500);
  one.traces.update(info(1000, { complete: true }));
  await settled();
  assert.equal(one.traces.nFrames, 1000);
  one.traces.update(info(1000, { complete: true }));
  await settled();
  assert.equal(one.asked.length, 3);
  forget();
  assert.equal(nDrawn, 4, 'once before, and once for every reading');
  one.traces.dispose();
});

test('other poses drop the traces of the old ones, and a late answer about them', async () => {
  const one = world([answer(1000), answer(1000), { ...answer(1000), revision: 2 }]);
  one.traces.update(info(1000, { complete: true }));
  await settled();
  one.traces.update(info(0, { revision: 2 }));
  assert.deepEqual(one.traces.rows, []);
  assert.deepEqual(one.traces.peaks, []);
  one.tick(10_000);
  one.traces.update(info(1000, { revision: 2, complete: true }));
  await settled();
  assert.deepEqual(one.traces.rows, [], 'the answer was about revision 1');
  one.traces.update(info(1000, { revision: 2, complete: true }));
  await settled();
  assert.equal(one.traces.nFrames, 1000);
  one.traces.dispose();
});

test('a failed reading leaves what is shown', async () => {
  const one = world([answer(250), new Error('offline')]);
  one.traces.update(info(250));
  await settled();
  one.tick(10_000);
  one.traces.update(info(500));
  await settled();
  assert.equal(one.traces.nFrames, 250);
  one.traces.dispose();
});
