import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addRecent, arrangeClasses, matchClasses } from '../../imigue_core/web/player/panel/palette.js';

/** @type {[number, string, string, string, string, number][]} */
const ROWS = [
  [99, 'Illustrative body language', 'illustrative', 'illustrative', 'C32', 5715],
  [31, 'Shaking shoulders', 'shake shoulders', 'body', 'C31', 2880],
  [29, 'Pressing lips', 'press lips', 'head', 'C29', 1547],
  [20, 'Moving torso', 'move torso', 'body', 'C20', 1217],
  [8, 'Touching or scratching facial parts', 'touch facial parts', 'head-hand', 'C8', 1134],
  [11, 'Touching jaw', 'touch jaw', 'head-hand', 'C11', 454],
  [1, 'Turtle neck', 'turtle neck', 'head', 'C1', 15],
  [12, 'Touching or scratching neck', 'touch neck', 'body-hand', 'C12', 198],
];
const CLASSES = ROWS.map(([class_id, name, short_name, group, code, published_count]) => ({
  class_id,
  name,
  short_name,
  group,
  code,
  published_count,
  colour: '#000',
}));

/** @param {string} query */
const ids = (query) => matchClasses(CLASSES, query).map((one) => one.class_id);

test('nothing typed lists all, the most frequent first', () => {
  assert.deepEqual(ids('').slice(0, 3), [99, 31, 29]);
  assert.equal(ids('  ').length, CLASSES.length);
});

test('part of a name is enough, whatever the case', () => {
  assert.equal(ids('JAW')[0], 11);
  assert.equal(ids('lip')[0], 29);
  assert.equal(ids('tors')[0], 20);
});

test('several beginnings of words narrow it down in any order', () => {
  assert.deepEqual(ids('neck touch'), [12]);
  assert.deepEqual(ids('to ja'), [11]);
});

test('a name that begins as typed comes before one that holds it', () => {
  assert.equal(ids('neck')[0], 12);
  assert.equal(ids('tu')[0], 1);
});

test('an id or a code is the class itself', () => {
  assert.equal(ids('99')[0], 99);
  assert.equal(ids('c32')[0], 99);
  assert.equal(ids('11')[0], 11);
});

test('the letters in order still find a class, nonsense finds none', () => {
  assert.ok(ids('shkshl').includes(31));
  assert.deepEqual(ids('qqq'), []);
});

test('with nothing typed the classes picked last come first, then the groups; none stands there twice', () => {
  const found = arrangeClasses(CLASSES, '', [12, 29]);
  assert.deepEqual(found[0], { title: 'picked last', classes: [CLASSES[7], CLASSES[2]] });
  assert.deepEqual(
    found.map((group) => group.title),
    ['picked last', 'illustrative', 'body', 'head-hand', 'head'],
  );
  assert.equal(found.flatMap((group) => group.classes).length, CLASSES.length);
});

test('what was typed arranges the matches by group, the group of the best match first', () => {
  const found = arrangeClasses(CLASSES, 'neck', [29]);
  assert.deepEqual(
    found.map((group) => group.title),
    ['body-hand', 'head'],
  );
  assert.deepEqual(
    found[0].classes.map((one) => one.class_id),
    [12],
  );
});

test('a recent class that is no more is left out', () => {
  assert.deepEqual(arrangeClasses(CLASSES, '', [77])[0].title, 'illustrative');
});

test('five classes are remembered, the last one first', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6, 4].reduce(addRecent, /** @type {number[]} */ ([])), [4, 6, 5, 3, 2]);
});
