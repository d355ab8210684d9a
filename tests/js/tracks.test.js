import assert from 'node:assert/strict';
import { test } from 'node:test';

import { effect } from '../../imigue_core/web/player/core/watch.js';
import { buildIndex } from '../../imigue_core/web/player/timeline/geometry.js';
import { TimelineChoices } from '../../imigue_core/web/player/timeline/timeline_choices.js';
import { layFoot } from '../../imigue_core/web/player/timeline/timeline_foot.js';
import {
  LEAST_TEXT_PX,
  laneTop,
  layTracks,
  pinOwnTrack,
  trackAt,
} from '../../imigue_core/web/player/timeline/tracks.js';

/** @typedef {import('../../imigue_core/web/player/labels/labels.js').Label} Label */

/** @param {number} annotator_id @param {number} start_frame @param {number} end_frame */
const label = (annotator_id, start_frame, end_frame) =>
  /** @type {Label} */ ({
    annotation_id: `${annotator_id}:${start_frame}`,
    annotator_id,
    annotator: `P${annotator_id}`,
    start_frame,
    end_frame,
    class_id: 1,
  });
const LABELS = [label(1, 0, 10), label(1, 5, 20), label(2, 0, 30), label(2, 10, 40), label(2, 35, 50), label(3, 5, 8)];
const nothing = { index: buildIndex([]), ghostIndex: buildIndex([]) };

test('a folded track is a thin strip with all of its labels in one lane', () => {
  const open = layTracks(LABELS, 1, nothing);
  const folded = layTracks(LABELS, 1, nothing, new Set([2]));
  const [mine, second, third] = folded.tracks;
  assert.deepEqual(
    folded.tracks.map((track) => track.folded),
    [false, true, false, false],
  );
  assert.equal(second.index.spans.length, 3);
  assert.ok(second.index.lanes.every((lane) => lane === 0));
  assert.ok(second.height < open.tracks[1].height / 2);
  assert.ok(second.laneHeight < LEAST_TEXT_PX, 'no names in it');
  assert.equal(mine.height, open.tracks[0].height);
  assert.equal(third.top, second.top + second.height);
  assert.equal(trackAt(folded.tracks, laneTop(second, 0) + 2)?.track.annotatorId, 2);
});

test('the own track is never folded', () => {
  assert.equal(layTracks(LABELS, 1, nothing, new Set([1])).tracks[0].folded, false);
});

test('the own row stays under the ruler while the others scroll, unless it would hide them', () => {
  const laid = layTracks(LABELS, 1, nothing, new Set(), 110);
  const { top: ruler, height } = laid.own;
  const atTop = pinOwnTrack(laid, 0, 110);
  assert.equal(atTop.covered, ruler + height);
  assert.equal(atTop.layout.own.top, ruler);
  const { layout } = pinOwnTrack(laid, 30, 110);
  assert.equal(layout.own.top, ruler + 30);
  assert.equal(layout.tracks[0], layout.own);
  assert.equal(layout.tracks[1].top, laid.tracks[1].top, 'the others stay where they are on the canvas');
  assert.equal(
    trackAt(layout.tracks, layout.own.top + height - 1)?.track.own,
    true,
    'what is on top is what is pressed',
  );
  const tight = pinOwnTrack(laid, 30, height);
  assert.equal(tight.covered, ruler, 'no room for both');
  assert.equal(tight.layout.own.top, ruler);
});

test('rows get lower where they would not fit, never lower than readable', () => {
  const free = layTracks(LABELS, 1, nothing);
  const some = layTracks(LABELS, 1, nothing, new Set(), free.height - 12);
  assert.ok(Math.abs(some.height - (free.height - 12)) < 1e-9);
  const tight = layTracks(LABELS, 1, nothing, new Set(), 60);
  assert.ok(tight.height > 60, 'the rest scrolls');
  for (const track of tight.tracks) assert.ok(track.laneHeight >= LEAST_TEXT_PX);
  for (let i = 1; i < tight.tracks.length; i += 1)
    assert.equal(tight.tracks[i].top, tight.tracks[i - 1].top + tight.tracks[i - 1].height);
});

test('twenty labels over each other keep lanes that can be read', () => {
  const pile = Array.from({ length: 20 }, (_, i) => label(1, i, 100 + i));
  const [mine] = layTracks(pile, 1, null, new Set(), 100).tracks;
  assert.equal(mine.index.nLanes, 20);
  assert.ok(mine.laneHeight >= LEAST_TEXT_PX);
});

test('the foot: reviewed frames, then traces or the skeleton row', () => {
  assert.deepEqual(layFoot(false, true).bands, []);
  assert.notEqual(layFoot(false, true).readyTop, null);
  assert.equal(layFoot(true, false).bands.length, 3);
  assert.equal(layFoot(true, false).readyTop, null);
  assert.equal(layFoot(true, true).bands.length, 5);
  assert.ok(layFoot(true, true).height > layFoot(true, false).height);
});

test('choices are kept as preferences', () => {
  /** @type {Map<string, unknown>} */
  const kept = new Map(
    /** @type {[string, unknown][]} */ ([
      ['folded', [2, 'x']],
      ['follow', false],
    ]),
  );
  const preferences = {
    /** @template T @param {string} name @param {T} fallback */
    get: (name, fallback) => /** @type {T} */ (kept.get(name) ?? fallback),
    /** @param {string} name @param {unknown} value */
    set: (name, value) => void kept.set(name, value),
  };
  const choices = new TimelineChoices(preferences);
  assert.deepEqual([choices.follow, choices.traces, [...choices.folded]], [false, true, [2]]);
  assert.equal(choices.toggleFollow(), true);
  assert.equal(choices.toggleTraces(), false);
  let nDrawn = 0;
  const forget = effect(() => {
    nDrawn += choices.folded ? 1 : 0;
  });
  choices.toggleFold(3);
  assert.deepEqual(kept.get('folded'), [2, 3]);
  choices.toggleFold(2);
  assert.deepEqual(kept.get('folded'), [3]);
  assert.equal(choices.toggleFoldAll([2, 3]), true);
  assert.deepEqual(new Set(/** @type {number[]} */ (kept.get('folded'))), new Set([2, 3]));
  assert.equal(choices.toggleFoldAll([2, 3]), false);
  assert.deepEqual(kept.get('folded'), []);
  forget();
  assert.equal(nDrawn, 5, 'whoever draws what is folded hears of every change');
  assert.deepEqual([kept.get('follow'), kept.get('traces')], [true, false]);
});
