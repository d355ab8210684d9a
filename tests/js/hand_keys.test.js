import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findBinding } from '../../imigue_core/web/player/keys/key_match.js';
import { press } from './layouts.js';

/**
 * @param {import('../../imigue_core/web/player/keys/key_match.js').Stroke} event
 * @param {import('../../imigue_core/web/player/keys/key_match.js').Context} [context]
 */
const meaning = (event, context = null) => {
  const binding = findBinding(event, context);
  return binding && [binding.action, binding.value];
};
/** What the two bracket keys print: plain and with Shift. */
const LAYOUTS = {
  US: ['[', '{', ']', '}'],
  Finnish: ['å', 'Å', 'Dead', 'Dead'],
  French: ['Dead', 'Dead', '$', '£'],
  German: ['ü', 'Ü', '+', '*'],
};

for (const [name, [left, leftShifted, right, rightShifted]] of Object.entries(LAYOUTS)) {
  test(`brackets nudge outward, with Shift inward, and share edges: ${name}`, () => {
    assert.deepEqual(meaning(press(left, 'BracketLeft', { ctrl: true })), [
      'nudgeLabel',
      { edge: 'start', frames: -10 },
    ]);
    assert.deepEqual(meaning(press(leftShifted, 'BracketLeft', { ctrl: true, shift: true })), [
      'nudgeLabel',
      { edge: 'start', frames: 10 },
    ]);
    assert.deepEqual(meaning(press(right, 'BracketRight', { ctrl: true })), [
      'nudgeLabel',
      { edge: 'end', frames: 10 },
    ]);
    assert.deepEqual(meaning(press(rightShifted, 'BracketRight', { ctrl: true, shift: true })), [
      'nudgeLabel',
      { edge: 'end', frames: -10 },
    ]);
    assert.deepEqual(meaning(press(left, 'BracketLeft', { alt: true })), ['nudgeLabel', { edge: 'start', frames: -1 }]);
    assert.deepEqual(meaning(press(leftShifted, 'BracketLeft', { alt: true, shift: true })), [
      'nudgeLabel',
      { edge: 'start', frames: 1 },
    ]);
    assert.deepEqual(meaning(press(right, 'BracketRight', { alt: true })), ['nudgeLabel', { edge: 'end', frames: 1 }]);
    assert.deepEqual(meaning(press(rightShifted, 'BracketRight', { alt: true, shift: true })), [
      'nudgeLabel',
      { edge: 'end', frames: -1 },
    ]);
    assert.deepEqual(meaning(press(leftShifted, 'BracketLeft', { shift: true })), ['shareEdge', 'start']);
    assert.deepEqual(meaning(press(rightShifted, 'BracketRight', { shift: true })), ['shareEdge', 'end']);
  });
}

test("while a suggestion is selected the brackets are the suggestion's", () => {
  assert.deepEqual(meaning(press('[', 'BracketLeft', { ctrl: true }), 'suggestion'), [
    'nudge',
    { edge: 'start', frames: -10 },
  ]);
  assert.deepEqual(meaning(press('}', 'BracketRight', { ctrl: true, shift: true }), 'suggestion'), [
    'nudge',
    { edge: 'end', frames: -10 },
  ]);
  assert.deepEqual(meaning(press('{', 'BracketLeft', { shift: true }), 'suggestion'), [
    'nudge',
    { edge: 'start', frames: 1 },
  ]);
});

test('nudges go on while held, decisions do not', () => {
  assert.equal(meaning(press('[', 'BracketLeft', { ctrl: true, repeat: true }))?.[0], 'nudgeLabel');
  assert.equal(meaning(press('D', 'KeyD', { shift: true, repeat: true })), null);
  assert.equal(meaning(press('a', 'KeyA', { ctrl: true, repeat: true })), null);
});

test('selection, doubt and note', () => {
  assert.equal(meaning(press('y', 'KeyZ'))?.[0], 'chooseCurrent'); // German
  assert.equal(meaning(press('y', 'KeyZ', { ctrl: true }))?.[0], 'redo');
  assert.equal(meaning(press('a', 'KeyQ', { ctrl: true }))?.[0], 'chooseAll'); // French
  assert.equal(meaning(press('D', 'KeyD', { shift: true }))?.[0], 'toggleUnclear');
  assert.equal(meaning(press('C', 'KeyC', { shift: true }))?.[0], 'stepCertainty');
  assert.equal(meaning(press('F2', 'F2'))?.[0], 'writeNote');
});

test('the Windows AltGr brackets still set edges and nudge nothing', () => {
  assert.equal(meaning(press('[', 'Digit8', { altGraph: true, ctrl: true, alt: true }))?.[0], 'setStart');
});
