import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatSigned, placeOnBar, sortContributions } from '../../imigue_core/web/player/panel/emotion_card.js';
import { buildIndex } from '../../imigue_core/web/player/timeline/geometry.js';
import { fadeEdges, nameInRoom, opacityOf } from '../../imigue_core/web/player/timeline/suggestion_drawing.js';
import { layTracks } from '../../imigue_core/web/player/timeline/tracks.js';

test('the surer the more solid, and never invisible', () => {
  assert.ok(opacityOf(0) > 0.1);
  assert.ok(opacityOf(0.9) > opacityOf(0.5));
  assert.ok(opacityOf(1) < 1);
});

test('an edge fades from one standard deviation outside to one inside', () => {
  const { from, to, stops } = fadeEdges({ left: 100, right: 200, startSd: 10, endSd: 0 });
  assert.deepEqual([from, to], [90, 200]);
  assert.deepEqual(stops[0], [0, 0]);
  assert.ok(Math.abs(stops[1][0] - 20 / 110) < 1e-9);
  assert.deepEqual(stops[2], [1, 1]);
  assert.deepEqual(stops[3], [1, 1]);
});

test('fading edges of a short span meet in its middle', () => {
  const { stops } = fadeEdges({ left: 0, right: 10, startSd: 40, endSd: 40 });
  assert.deepEqual(
    stops.map(([place]) => place),
    [0, 0.5, 0.5, 1],
  );
});

test('the longest text that fits is written', () => {
  const names = ['Touching or scratching the jaw', 'Touching jaw'];
  assert.equal(nameInRoom(400, false, names, 0.71), 'Touching or scratching the jaw .71');
  assert.equal(nameInRoom(110, false, names, 0.71), 'Touching jaw .71');
  assert.equal(nameInRoom(30, false, names, 0.71), '.71');
  assert.equal(nameInRoom(10, false, names, 0.71), '');
  assert.equal(nameInRoom(400, true, names, 0.71), 'skipped · Touching or scratching the jaw .71');
});

test('the row of suggestions is there from the start, that of rejected ones when there are any', () => {
  const nothing = buildIndex([]);
  const ghost = buildIndex([{ suggestion_id: 1, class_id: 5, start_frame: 0, end_frame: 9, score: 0.5, model: 'm' }]);
  const names = (/** @type {import('../../imigue_core/web/player/timeline/tracks.js').Found|null} */ review) =>
    layTracks([], 7, review).tracks.map((track) => track.name);
  assert.deepEqual(names(null), ['mine']);
  assert.deepEqual(names({ index: nothing, ghostIndex: nothing }), ['mine', 'suggested']);
  assert.deepEqual(names({ index: nothing, ghostIndex: ghost }), ['mine', 'suggested', 'rejected']);
});

test('the first suggestions move nothing: an empty row is as high as a row of one lane', () => {
  const suggestion = { suggestion_id: 1, class_id: 5, start_frame: 0, end_frame: 9, score: 0.5 };
  const one = buildIndex([{ ...suggestion, top: [], start_sd: 0, end_sd: 0 }]);
  const nothing = buildIndex([]);
  assert.equal(
    layTracks([], 7, { index: nothing, ghostIndex: nothing }).height,
    layTracks([], 7, { index: one, ghostIndex: nothing }).height,
  );
});

test('a score lies on its bar between negative and positive', () => {
  assert.deepEqual(placeOnBar(-0.31, [-0.56, 0.2]), { at: 34.5, from: 22, to: 60 });
  assert.deepEqual(placeOnBar(2, [-3, 1]), { at: 100, from: 0, to: 100 });
});

test('signed numbers are short and have a real minus', () => {
  assert.deepEqual(
    [formatSigned(-0.314), formatSigned(0.06), formatSigned(0.001), formatSigned(-1.5)],
    ['−.31', '+.06', '.00', '−1.50'],
  );
});

test('contributions come by weight, without those of nothing', () => {
  const given = [
    { class_id: 1, logit: 0.1 },
    { class_id: 2, logit: -0.5 },
    { class_id: 3, logit: 0.001 },
  ];
  assert.deepEqual(
    sortContributions(given).map((one) => one.class_id),
    [2, 1],
  );
});
