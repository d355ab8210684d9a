/** Which classes can be judged in which view, and where a clip is looked at. */

import assert from 'node:assert/strict';
import test from 'node:test';

import { findDoubt, findSets, pickSamples, sayDoubt } from '../../imigue_core/web/player/picture/sight.js';

/** @typedef {import('../../imigue_core/web/player/picture/sight.js').Sight} Sight */
/** @typedef {import('../../imigue_core/web/player/picture/sight.js').Situation} Situation */

const ALL = { body: true, hands: true, face: true };
/** @type {Sight} */
const LIPS = { masked: 'not', skeleton: 'partly', sets: ['face'], thing: '' };
/** @type {Sight} */
const FOREHEAD = { masked: 'partly', skeleton: 'well', sets: ['hands', 'face'], thing: '' };
/** @type {Sight} */
const FINGERS = { masked: 'well', skeleton: 'partly', sets: ['hands'], thing: '' };
/** @type {Sight} */
const HAT = { masked: 'partly', skeleton: 'partly', sets: ['hands'], thing: 'hat' };

/**
 * @param {Sight|undefined} sight @param {Situation['view']} view @param {Partial<Situation['drawn']>} [drawn]
 * @param {Partial<Situation['found']>} [found]
 */
const look = (sight, view, drawn = {}, found = {}) =>
  findDoubt(sight, { view, drawn: { ...ALL, ...drawn }, found: { ...ALL, ...found } });

test('in the source everything can be judged, whatever is drawn over it', () => {
  const none = { body: false, hands: false, face: false };
  for (const sight of [LIPS, FOREHEAD, FINGERS, HAT]) assert.equal(look(sight, 'source', none, none), '');
});

test('a mask hides the lips; the face as points can stand in for what is merely touched', () => {
  assert.equal(look(LIPS, 'masked'), 'the face is masked');
  assert.equal(look(FOREHEAD, 'masked'), '');
  assert.equal(look(FOREHEAD, 'masked', { face: false }), 'the face is masked and its points are off');
  assert.equal(look(FOREHEAD, 'masked', {}, { face: false }), 'the face is masked and has no points here');
});

test('under a mask hands and things are still in the picture', () => {
  assert.equal(look(FINGERS, 'masked', { hands: false }, { hands: false }), '');
  assert.equal(look(HAT, 'masked', { hands: false }), '');
});

test('the skeleton alone needs its sets, drawn and found, and knows no things', () => {
  assert.equal(look(FINGERS, 'skeleton'), '');
  assert.equal(look(LIPS, 'skeleton'), '');
  assert.equal(look(HAT, 'skeleton'), 'the skeleton shows no hat');
  assert.equal(look(LIPS, 'skeleton', { face: false }), 'the skeleton’s face is off');
  assert.equal(look(FINGERS, 'skeleton', { hands: false }), 'the skeleton’s hands are off');
  assert.equal(look(FOREHEAD, 'skeleton', { hands: false, face: false }), 'the skeleton’s hands and face are off');
  assert.equal(look(FINGERS, 'skeleton', {}, { hands: false }), 'the hands have no points here');
  assert.equal(look(LIPS, 'skeleton', {}, { face: false }), 'the face has no points here');
});

test('of a class that nothing is known of nothing is said', () => {
  assert.equal(look(undefined, 'skeleton', { body: false }), '');
});

test('a doubt is a sentence, no doubt is nothing', () => {
  assert.equal(
    sayDoubt('pressing lips', 'the face is masked'),
    'pressing lips cannot be judged in this view: the face is masked.',
  );
  assert.equal(sayDoubt('pressing lips', ''), '');
});

/** @param {...[number, number]} stretches of points that are there */
function makePose(...stretches) {
  const confidence = new Float32Array(137);
  for (const [first, stop] of stretches) confidence.fill(0.8, first, stop);
  return { x: new Float32Array(137), y: new Float32Array(137), confidence };
}

test('a set is found when a fair share of its points is there in a fair share of the frames', () => {
  const body = makePose([0, 8]);
  const withFace = makePose([0, 8], [25, 60]);
  assert.deepEqual(findSets([body, body, body]), { body: true, hands: false, face: false });
  assert.deepEqual(findSets([body, withFace]), { body: true, hands: false, face: true });
  assert.equal(findSets([body, body, body, body, body, withFace]).face, false);
  assert.equal(findSets([makePose([25, 30])]).face, false);
});

test('one hand is enough', () => {
  assert.equal(findSets([makePose([95, 116])]).hands, true);
  assert.equal(findSets([makePose([116, 137])]).hands, true);
  assert.equal(findSets([makePose([95, 99], [116, 120])]).hands, false);
});

test('what has not arrived yet is not held against anybody', () => {
  assert.deepEqual(findSets([]), ALL);
  assert.deepEqual(findSets([null, null]), ALL);
  assert.equal(findSets([null, makePose([0, 8])]).face, false);
});

test('samples lie inside the stretch, with both ends', () => {
  assert.deepEqual(pickSamples(7, 7), [7]);
  assert.deepEqual(pickSamples(3, 6), [3, 4, 5, 6]);
  const many = pickSamples(100, 500);
  assert.equal(many.length, 12);
  assert.deepEqual([many[0], many.at(-1)], [100, 500]);
});
