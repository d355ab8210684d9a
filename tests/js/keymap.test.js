import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findBinding, loadLayout, nameClassKeys } from '../../imigue_core/web/player/keys/key_match.js';
import { CLASS_CODES, SECTIONS } from '../../imigue_core/web/player/keys/keymap.js';
import { press } from './layouts.js';

/** @typedef {import('../../imigue_core/web/player/keys/key_match.js').Context} Context */

/** @param {Parameters<typeof press>} args */
const action = (...args) => findBinding(press(...args))?.action ?? null;

test('letters are where they are printed: AZERTY and QWERTZ move them', () => {
  assert.equal(action('z', 'KeyW', { ctrl: true }), 'undo'); // French
  assert.equal(action('z', 'KeyY', { ctrl: true }), 'undo'); // German
  assert.equal(action('y', 'KeyZ', { ctrl: true }), 'redo'); // German
  assert.equal(action('k', 'KeyK'), 'stop');
  assert.equal(action('K', 'KeyK'), 'stop'); // Caps Lock
});

test('class keys are where they lie: the French number row prints & é " without Shift', () => {
  const french = ['&', 'é', '"', "'", '(', '-', 'è', '_', 'ç', 'à', ')', '='];
  french.forEach((key, i) => {
    const binding = findBinding(press(key, CLASS_CODES[i]));
    assert.equal(binding?.action, 'labelByKey', key);
    assert.equal(binding?.value, i);
  });
});

test('the Finnish + and dead acute are class keys eleven and twelve', () => {
  assert.equal(findBinding(press('+', 'Minus'))?.value, 10);
  assert.equal(findBinding(press('Dead', 'Equal'))?.value, 11);
});

test('the Finnish å and dead diaeresis set start and end, and so do the printed brackets', () => {
  assert.equal(action('å', 'BracketLeft'), 'setStart');
  assert.equal(action('Dead', 'BracketRight'), 'setEnd');
  assert.equal(action('[', 'Digit8', { altGraph: true }), 'setStart');
  assert.equal(action(']', 'Digit9', { altGraph: true, ctrl: true, alt: true }), 'setEnd'); // AltGr on Windows
});

test('signs that need Shift are signs, not positions', () => {
  assert.equal(action('/', 'Digit7', { shift: true }), 'labelSecond'); // Finnish: the digit row is of the class keys
  assert.equal(action('1', 'Digit1', { shift: true }), 'labelSecond'); // French
  assert.equal(action('?', 'Minus', { shift: true }), 'help'); // Finnish
  assert.equal(action('?', 'Comma', { shift: true }), 'help'); // French
  assert.equal(action('?', 'Slash', { shift: true }), 'help'); // US
  assert.equal(action('/', 'Slash'), 'pickClass');
});

test('letters with Shift are other keys than without', () => {
  assert.equal(action('l', 'KeyL'), 'faster');
  assert.equal(action('L', 'KeyL', { shift: true }), 'slower');
  assert.equal(action('I', 'KeyI', { shift: true }), null);
});

test('the browser keeps its own shortcuts', () => {
  assert.equal(action('r', 'KeyR', { ctrl: true }), null);
  assert.equal(action('c', 'KeyC', { ctrl: true }), null);
  assert.equal(action('f', 'KeyF', { meta: true }), null);
  assert.equal(action('1', 'Digit1', { ctrl: true }), null);
});

test('Cmd stands for Ctrl', () => {
  assert.equal(action('z', 'KeyZ', { meta: true }), 'undo');
  assert.equal(action('Z', 'KeyZ', { meta: true, shift: true }), 'redo');
});

test('on layouts without Latin letters the position of the letter counts', () => {
  assert.equal(action('λ', 'KeyL'), 'faster');
  assert.equal(action('ш', 'KeyI'), 'markIn');
});

test('nothing happens while an input method composes', () => {
  assert.equal(findBinding(press('k', 'KeyK', { isComposing: true })), null);
  assert.equal(findBinding(press('k', 'KeyK', { keyCode: 229 })), null);
  assert.equal(findBinding(press('Process', 'Digit1')), null);
});

test('a held class key labels once, a held arrow keeps stepping', () => {
  assert.equal(findBinding(press('1', 'Digit1', { repeat: true })), null);
  assert.equal(findBinding(press('ArrowRight', 'ArrowRight', { repeat: true }))?.value, 1);
});

test('arrows step by one, ten and a second', () => {
  const step = (/** @type {Parameters<typeof press>[2]} */ modifiers) =>
    findBinding(press('ArrowLeft', 'ArrowLeft', modifiers));
  assert.deepEqual([step({})?.action, step({})?.value], ['step', -1]);
  assert.equal(step({ ctrl: true })?.value, -10);
  assert.equal(step({ alt: true })?.value, -10);
  assert.equal(step({ shift: true })?.action, 'stepSeconds');
});

test('no two rows of the table claim the same key', () => {
  const seen = new Map();
  for (const binding of SECTIONS.flatMap((section) => section.rows.flatMap((row) => row.bindings))) {
    const { key, code, ctrl = false, shift = false, alt = false, when = null } = binding;
    const id = JSON.stringify([key, code, ctrl, shift, alt, when]);
    assert.ok(!seen.has(id), `${id} is bound to ${seen.get(id)} and ${binding.action}`);
    seen.set(id, binding.action);
  }
});

test('while a suggestion is selected its keys come first, and all others keep their meaning', () => {
  /** @param {Context} context @param {Parameters<typeof press>} args */
  const found = (context, ...args) => {
    const binding = findBinding(press(...args), context);
    return binding && [binding.action, binding.value];
  };
  assert.deepEqual(found(null, '1', 'Digit1'), ['labelByKey', 0]);
  assert.deepEqual(found('suggestion', '1', 'Digit1'), ['accept', 1]);
  assert.deepEqual(found('suggestion', '"', 'Digit3'), ['accept', 3]); // French
  assert.deepEqual(found('suggestion', 'Enter', 'Enter'), ['accept', 1]);
  assert.deepEqual(found('rejected', 'Enter', 'Enter'), ['lift', undefined]);
  assert.deepEqual(found(null, 'Enter', 'Enter'), ['pickClass', undefined]);
  assert.deepEqual(found('suggestion', 'Backspace', 'Backspace'), ['reject', undefined]);
  assert.deepEqual(found('rejected', 'Backspace', 'Backspace'), ['deleteLabel', undefined]);
  assert.deepEqual(found('suggestion', 's', 'KeyS'), ['skip', undefined]);
  assert.deepEqual(found(null, 's', 'KeyS'), ['splitLabel', undefined]);
  assert.deepEqual(found('suggestion', '6', 'Digit6'), ['noClassKey', undefined]);
  assert.deepEqual(found('suggestion', 'ArrowRight', 'ArrowRight'), ['step', 1]);
  assert.deepEqual(found('suggestion', 'z', 'KeyZ', { ctrl: true }), ['undo', undefined]);
});

test('brackets nudge the selected suggestion by a frame, with Shift back; without one they move a label', () => {
  /** @param {Context} context @param {Parameters<typeof press>} args */
  const found = (context, ...args) => findBinding(press(...args), context);
  assert.deepEqual(found('suggestion', '[', 'BracketLeft')?.value, { edge: 'start', frames: -1 });
  assert.deepEqual(found('suggestion', '{', 'BracketLeft', { shift: true })?.value, { edge: 'start', frames: 1 });
  assert.deepEqual(found('suggestion', ']', 'BracketRight')?.value, { edge: 'end', frames: 1 });
  // As a Finnish keyboard prints it.
  assert.deepEqual(found('suggestion', ']', 'Digit9', { altGraph: true })?.value, { edge: 'end', frames: 1 });
  assert.equal(found(null, '[', 'BracketLeft')?.action, 'setStart');
});

test('N walks through suggestions whatever is selected, comma and full stop move the threshold', () => {
  /** @type {Context[]} */
  const contexts = [null, 'suggestion', 'rejected'];
  for (const context of contexts) {
    assert.equal(findBinding(press('n', 'KeyN'), context)?.value, 1);
    assert.equal(findBinding(press('N', 'KeyN', { shift: true }), context)?.value, -1);
    assert.equal(findBinding(press(',', 'Comma'), context)?.value, -1);
    assert.equal(findBinding(press('.', 'Period'), context)?.value, 1);
  }
});

test('class keys are named as this keyboard prints them, else as a US one does', async () => {
  const finnish = {
    getLayoutMap: async () =>
      new Map([
        ['Minus', '+'],
        ['Digit1', '1'],
      ]),
  };
  assert.equal(nameClassKeys(await loadLayout(finnish))[10], '+');
  assert.equal(nameClassKeys(await loadLayout(undefined))[10], '-');
});
