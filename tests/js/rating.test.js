/** The keys of the valence row, a rating in words, and the order of spans in the score. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_RATING } from '../../imigue_core/web/player/labels/fields.js';
import { applyEdit } from '../../imigue_core/web/player/labels/label_edits.js';
import { keyOf, sortSpans } from '../../imigue_core/web/player/panel/emotion_spans.js';
import { describeRating, VALENCES, valenceOfKey } from '../../imigue_core/web/player/panel/rating_card.js';

const EDIT = { client_seq: 1, edit_id: 'e', video_id: 3, annotation_id: null };

test('seven points are stored as 1 to 7 and shown as -3 to +3', () => {
  assert.deepEqual(
    VALENCES.map((one) => one.value),
    [1, 2, 3, 4, 5, 6, 7],
  );
  assert.deepEqual(
    VALENCES.map((one) => one.text),
    ['−3', '−2', '−1', '0', '+1', '+2', '+3'],
  );
});

test('digits choose, arrows step and stop at the ends, Home and End jump, Delete takes back', () => {
  assert.equal(valenceOfKey('2', 6), 2);
  assert.equal(valenceOfKey('8', 6), undefined);
  assert.equal(valenceOfKey('0', 6), undefined);
  assert.equal(valenceOfKey('ArrowRight', 6), 7);
  assert.equal(valenceOfKey('ArrowRight', 7), 7);
  assert.equal(valenceOfKey('ArrowDown', 2), 1);
  assert.equal(valenceOfKey('ArrowLeft', 1), 1);
  assert.equal(valenceOfKey('ArrowLeft', null), 4);
  assert.deepEqual([valenceOfKey('Home', 4), valenceOfKey('End', 4)], [1, 7]);
  assert.equal(valenceOfKey('Delete', 4), null);
  assert.equal(valenceOfKey('Tab', 4), undefined);
});

test('a rating in words', () => {
  assert.equal(describeRating({ emotion: 'negative', valence: 2, confidence: 0.75 }), 'negative, −2, 75 %');
  assert.equal(describeRating({ emotion: 'unsure', valence: 4, confidence: 0 }), 'unsure, 0, 0 %');
  assert.equal(describeRating({ emotion: 'positive' }), 'positive');
});

test('an edit changes what it names of a rating; none before leaves nothing over', () => {
  const owner = { annotator_id: 1, annotator: 'Ann' };
  const first = applyEdit(
    undefined,
    { ...EDIT, kind: 'rate', base_version: 0, emotion: 'negative', valence: 2 },
    undefined,
    owner,
  );
  const second = applyEdit(
    first,
    { ...EDIT, kind: 'rate', base_version: 1, emotion: 'negative', confidence: 0.5 },
    undefined,
    owner,
  );
  assert.deepEqual([second?.valence, second?.confidence, second?.version], [2, 0.5, 2]);
  assert.ok(first);
  const effect = { id: 'rating', before: undefined, after: first };
  const undone = applyEdit(first, { ...EDIT, kind: 'undo', base_version: 1 }, effect, owner);
  assert.deepEqual(
    [undone?.emotion, undone?.valence, undone?.confidence, undone?.deleted],
    [NO_RATING.emotion, null, null, true],
  );
});

/** @param {number} id @param {number} logit @param {number} [start] @param {boolean} [isOn] */
const make = (id, logit, start = 0, isOn = true) => ({
  suggestion_id: id,
  class_id: 5,
  start_frame: start,
  end_frame: start + 9,
  is_on: isOn,
  logit,
});
/** @param {Parameters<typeof sortSpans>[0]} spans */
const keys = (spans) => spans.map(keyOf).join('');

test('spans come by what they add, of equals the earlier', () => {
  assert.equal(
    keyOf({ annotation_id: 'a-b', class_id: 1, start_frame: 0, end_frame: 1, is_on: true, logit: 0 }),
    'a-b',
  );
  assert.equal(keys(sortSpans([make(1, 0.1), make(2, -0.4), make(3, 0.1, -5)], ['1', '2', '3'])), '231');
});

test('while one is off the others keep their places, new ones come last', () => {
  const spans = [make(1, 0.9), make(2, 0, 0, false), make(3, 0.2), make(4, 5), make(5, 7)];
  assert.equal(keys(sortSpans(spans, ['2', '3', '1'])), '23154');
});
