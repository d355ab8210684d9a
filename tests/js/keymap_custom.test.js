import assert from 'node:assert/strict';
import { test } from 'node:test';

import { effect } from '../../imigue_core/web/player/core/watch.js';
import { findBinding } from '../../imigue_core/web/player/keys/key_match.js';
import { capsOf, capsOfRow, namePlace, textOfRow } from '../../imigue_core/web/player/keys/key_names.js';
import { KeyTable } from '../../imigue_core/web/player/keys/key_table.js';
import { SECTIONS } from '../../imigue_core/web/player/keys/keymap.js';
import {
  applyChanges,
  findConflicts,
  listEntries,
  orderBindings,
  pressOf,
  readCustom,
  refusePress,
  toStored,
} from '../../imigue_core/web/player/keys/keymap_custom.js';
import { press } from './layouts.js';

/** @typedef {import('../../imigue_core/web/player/keys/keymap_custom.js').Entry} Entry */
/** @typedef {import('../../imigue_core/web/player/keys/keymap_custom.js').Press} Press */
/** @typedef {import('../../imigue_core/web/player/keys/keymap.js').Row} Row */

const ENTRIES = listEntries(SECTIONS);
/** @param {string} id */
const entryOf = (id) => /** @type {Entry} */ (ENTRIES.find((one) => one.id === id));
/** @param {Record<string, Press>} changes */
const changed = (changes) => {
  const map = new Map(Object.entries(changes));
  return orderBindings(applyChanges(SECTIONS, map), map);
};
const none = new Map();

/** Preferences that only remember. @param {Record<string, unknown>} [stored] */
const memory = (stored = {}) => ({
  stored,
  /** @template T @param {string} name @param {T} fallback */
  get: (name, fallback) => /** @type {T} */ (stored[name] ?? fallback),
  /** @param {string} name @param {unknown} value */
  set(name, value) {
    stored[name] = value;
  },
});

test('every binding has a name of its own', () => {
  assert.equal(new Set(ENTRIES.map((one) => one.id)).size, ENTRIES.length);
});

test('class keys, Esc and Tab stay where they are', () => {
  for (const { id, binding, isFixed } of ENTRIES) {
    const stays = ['labelByKey', 'labelSecond', 'escape', 'nextLabel'].includes(binding.action);
    if (stays) assert.ok(isFixed, id);
  }
  assert.equal(entryOf('stop')?.isFixed, false);
});

test('a changed key does its new work and its old key nothing', () => {
  const bindings = changed({ stop: { key: 'j', ctrl: true } });
  assert.equal(findBinding(press('j', 'KeyJ', { ctrl: true }), null, bindings)?.action, 'stop');
  assert.equal(findBinding(press('k', 'KeyK'), null, bindings), null);
  assert.equal(findBinding(press('j', 'KeyJ'), null, bindings)?.action, 'backward');
});

test('repeating, value and context go with the binding', () => {
  const bindings = changed({ 'step=-1': { code: 'Insert' }, 'accept=1@suggestion': { key: 'k' } });
  assert.deepEqual([findBinding(press('Insert', 'Insert', { repeat: true }), null, bindings)?.value], [-1]);
  assert.equal(findBinding(press('k', 'KeyK'), 'suggestion', bindings)?.action, 'accept');
  assert.equal(findBinding(press('k', 'KeyK'), null, bindings)?.action, 'stop');
});

test("a person's own key comes before one that was built in later", () => {
  const bindings = changed({ stop: { key: 'g' } });
  assert.equal(findBinding(press('g', 'KeyG'), null, bindings)?.action, 'stop');
});

test('a press is kept as its sign where it prints one, else as its place', () => {
  assert.deepEqual(pressOf(press('K', 'KeyK', { shift: true })), { key: 'k', shift: true });
  assert.deepEqual(pressOf(press(';', 'Comma', { shift: true })), { key: ';' });
  assert.deepEqual(pressOf(press('[', 'Digit8', { altGraph: true, ctrl: true, alt: true })), { key: '[' });
  assert.deepEqual(pressOf(press('å', 'BracketLeft')), { code: 'BracketLeft' });
  assert.deepEqual(pressOf(press('Dead', 'BracketRight', { shift: true })), { code: 'BracketRight', shift: true });
  assert.deepEqual(pressOf(press('я', 'KeyZ', { ctrl: true })), { key: 'z', ctrl: true });
  assert.deepEqual(pressOf(press(' ', 'Space', { alt: true })), { code: 'Space', alt: true });
  assert.deepEqual(pressOf(press('F9', 'F9')), { code: 'F9' });
});

test('what is reserved is refused in a sentence', () => {
  assert.match(refusePress({ key: '&' }, 'Digit1') ?? '', /class keys/);
  assert.match(refusePress({ code: 'Tab' }) ?? '', /stays/);
  assert.match(refusePress({ key: 'w', ctrl: true }) ?? '', /browser/);
  assert.match(refusePress({ key: 't', ctrl: true, shift: true }) ?? '', /browser/);
  assert.match(refusePress({ code: 'PageDown', ctrl: true }) ?? '', /browser/);
  assert.equal(refusePress({ key: 'k', ctrl: true }, 'KeyK'), null);
});

test('a conflict is with whatever the press means already, in that context only', () => {
  /** @param {string} wanted @param {ReturnType<typeof press>} event */
  const ids = (wanted, event) => findConflicts(ENTRIES, entryOf(wanted), event).map((one) => one.id);
  assert.deepEqual(ids('stop', press('g', 'KeyG')), ['goTo']);
  assert.deepEqual(
    ids('goTo', press('s', 'KeyS')),
    ENTRIES.filter(
      (one) =>
        one.binding.key === 's' && !one.binding.when && !one.binding.shift && !one.binding.ctrl && !one.binding.alt,
    ).map((one) => one.id),
  );
  assert.deepEqual(ids('skip@suggestion', press('k', 'KeyK')), []); // lies over K, as skipping does over S
  assert.deepEqual(ids('accept=1@suggestion', press('Delete', 'Delete')), ['reject@suggestion']);
  assert.deepEqual(ids('stop', press('[', 'BracketLeft')), ['setStart', 'setStart#2']);
  assert.deepEqual(ids('pickClass', press('c', 'KeyC')), []); // the same action's other key
});

test('a stored map is taken as far as it makes sense', () => {
  const { changes, classOrder } = readCustom(
    {
      changes: {
        stop: { key: 'g', ctrl: true },
        goTo: { key: 'g', ctrl: true }, // twice
        'labelByKey=0': { key: 'y' }, // stays
        nothing: { key: 'y' },
        markIn: { key: 'ab' },
        markOut: { key: 'y', code: 'KeyY' },
        undo: { key: 'w', ctrl: true }, // the browser's
        relabel: 'y',
        backward: { code: 'Digit1' },
        faster: { key: 'y', shift: 1 },
      },
      classes: [5, 'x', 7],
    },
    SECTIONS,
  );
  assert.deepEqual([...changes], [['stop', { key: 'g', ctrl: true }]]);
  assert.deepEqual(classOrder, [5, 7]);
  for (const value of [null, 7, 'x', [], { changes: [] }, { changes: null, classes: 'no' }])
    assert.equal(readCustom(value, SECTIONS).changes.size, 0);
});

test('what is stored comes back the same', () => {
  /** @type {Map<string, Press>} */
  const changes = new Map([['stop', { code: 'F9', shift: true }]]);
  const custom = { changes, classOrder: [3, 1] };
  assert.deepEqual(readCustom(JSON.parse(JSON.stringify(toStored(custom))), SECTIONS), custom);
});

test('the table tells caps, keeps changes for the person and takes them back', () => {
  const preferences = memory();
  const table = new KeyTable(preferences, new Map([['BracketLeft', 'å']]));
  let nDrawn = 0;
  const forget = effect(() => {
    nDrawn += table.bindings.length > 0 ? 1 : 0;
  });
  assert.equal(table.capOf('setStart'), 'Å');
  table.change(new Map([['stop', { key: 'g', ctrl: true }]]));
  assert.equal(table.capOf('stop'), 'Ctrl G');
  assert.equal(new KeyTable(preferences, new Map()).capOf('stop'), 'Ctrl G');
  table.change(new Map([['stop', null]]));
  assert.equal(table.isChanged, false);
  assert.equal(preferences.stored.keymap, null);
  forget();
  assert.equal(nDrawn, 3, 'once before, and once for every change');
});

test('caps are what this keyboard prints', () => {
  const finnish = new Map([
    ['BracketLeft', 'å'],
    ['Minus', '+'],
    ['Equal', '´'],
  ]);
  assert.equal(namePlace('BracketLeft', finnish), 'Å');
  assert.equal(namePlace('BracketLeft', new Map()), '[');
  assert.deepEqual(capsOf({ code: 'ArrowLeft', ctrl: true, shift: true }, finnish), ['Ctrl', 'Shift', '←']);
  const rows = SECTIONS.flatMap((section) => section.rows);
  /** @param {string} action */
  const rowOf = (action) => /** @type {Row} */ (rows.find((row) => row.bindings[0].action === action));
  assert.deepEqual(capsOfRow(rowOf('labelByKey'), finnish), ['1', '…', '0', '+', '´']);
  assert.deepEqual(capsOfRow(rowOf('setStart'), finnish), ['Å', ']']);
});

test('a changed row shows its keys as they are, and no words about the built-in ones', () => {
  const [row] = applyChanges(SECTIONS, new Map([['redo#2', { key: 'k', ctrl: true }]]))
    .flatMap((section) => section.rows)
    .filter((one) => one.isChanged);
  assert.deepEqual(capsOfRow(row, none), ['Ctrl', 'Y', '/', 'Ctrl', 'K']);
  assert.equal(textOfRow(row), 'redo');
});
