import assert from 'node:assert/strict';
import { test } from 'node:test';

import { findBinding } from '../../imigue_core/web/player/keys/key_match.js';
import { CLASS_CODES, SECTIONS } from '../../imigue_core/web/player/keys/keymap.js';
import { LAYOUTS, listPresses } from './layouts.js';

const BINDINGS = SECTIONS.flatMap((section) => section.rows.flatMap((row) => row.bindings));
/** @type {import('../../imigue_core/web/player/keys/key_match.js').Context[]} */
const CONTEXTS = [null, 'suggestion', 'rejected'];

/**
 * What can be done at all, as action and value by context.
 * @param {import('../../imigue_core/web/player/keys/keymap.js').Binding} binding
 */
const nameOf = ({ action, value, when }) => `${action} ${JSON.stringify(value)}${when ? ` @${when}` : ''}`;

/** The bindings that some press of the keyboard means. @param {string} layout */
function listReached(layout) {
  const reached = new Set();
  for (const event of listPresses(layout)) {
    for (const context of CONTEXTS) {
      const found = findBinding(event, context);
      if (found) reached.add(found);
    }
  }
  return reached;
}

for (const layout of LAYOUTS) {
  test(`${layout}: every action of the table is on some key`, () => {
    const reached = new Set([...listReached(layout)].map(nameOf));
    // ? is printed on the eleventh class key with Shift in the north, and it is ? there.
    const hidden = new Set(['Finnish', 'German'].includes(layout) ? ['labelSecond 10'] : []);
    const missing = [...new Set(BINDINGS.map(nameOf))].filter((name) => !reached.has(name));
    assert.deepEqual(missing, [...hidden]);
  });

  test(`${layout}: the class keys are the twelve positions of the digit row, whatever they print`, () => {
    for (const event of listPresses(layout).filter(
      (one) =>
        CLASS_CODES.includes(one.code) &&
        !one.ctrlKey &&
        !one.altKey &&
        !one.shiftKey &&
        !one.getModifierState('AltGraph'),
    )) {
      assert.deepEqual(
        [findBinding(event)?.action, findBinding(event)?.value],
        ['labelByKey', CLASS_CODES.indexOf(event.code)],
        event.key,
      );
    }
    for (const event of listPresses(layout).filter(
      (one) => /^Digit/.test(one.code) && one.shiftKey && !one.ctrlKey && !one.altKey,
    )) {
      assert.deepEqual(
        [findBinding(event)?.action, findBinding(event)?.value],
        ['labelSecond', CLASS_CODES.indexOf(event.code)],
        event.key,
      );
    }
  });

  test(`${layout}: a printed letter is that letter and no position`, () => {
    for (const event of listPresses(layout).filter((one) => /^[a-z]$/i.test(one.key))) {
      for (const context of CONTEXTS) {
        const found = findBinding(event, context);
        if (found) assert.equal(found.key, event.key.toLowerCase(), `${event.code} prints ${event.key}`);
      }
    }
  });

  test(`${layout}: brackets typed as signs and pressed as positions mean the same edges`, () => {
    /** @typedef {ReturnType<typeof listPresses>[number]} Press */
    const edges = (/** @type {(one: Press) => boolean} */ test) =>
      new Set(
        listPresses(layout)
          .filter(
            (one) => !one.shiftKey && test(one) && (one.getModifierState('AltGraph') || (!one.ctrlKey && !one.altKey)),
          )
          .map((one) => findBinding(one)?.action),
      );
    assert.deepEqual(
      [...edges((one) => one.key === '[' || (one.code === 'BracketLeft' && !one.getModifierState('AltGraph')))],
      ['setStart'],
    );
    assert.deepEqual(
      [...edges((one) => one.key === ']' || (one.code === 'BracketRight' && !one.getModifierState('AltGraph')))],
      ['setEnd'],
    );
  });
}

test('no press of any of these keyboards does what it says nowhere: help opens on ?, digits never do', () => {
  for (const layout of LAYOUTS) {
    const helps = listPresses(layout).filter((event) => findBinding(event)?.action === 'help');
    assert.ok(helps.length > 0, layout);
    assert.ok(
      helps.every((event) => event.key === '?'),
      layout,
    );
  }
});
