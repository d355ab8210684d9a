/**
 * A person's own keys, laid over the table of keymap.js: which bindings may be changed, what a
 * recorded press is, which bindings it collides with, and what of a stored map makes sense. Pure.
 *
 * A binding is known by its action, value and context, and its place among the like of it; that
 * stays the same when rows are moved or reworded.
 *
 * @typedef {import('./keymap.js').Binding} Binding
 * @typedef {import('./keymap.js').Section} Section
 * @typedef {{key?: string, code?: string, ctrl?: boolean, shift?: boolean, alt?: boolean}} Press
 * @typedef {{id: string, binding: Binding, row: import('./keymap.js').Row, title: string,
 *            isFixed: boolean}} Entry
 * @typedef {{changes: Map<string, Press>, classOrder: number[]}} Custom
 */

import { bindingsOf, findMatches, printedOf } from './key_match.js';
import { CLASS_CODES } from './keymap.js';

const MODIFIERS = new Set([
  'Shift',
  'Control',
  'Alt',
  'AltGraph',
  'Meta',
  'OS',
  'CapsLock',
  'NumLock',
  'Fn',
  'ContextMenu',
]);
const KEPT_CODES = new Set(['Tab', 'Escape', 'F5', 'F11', 'F12']);
/** With Ctrl these are the browser's or the editing of text everywhere. */
const KEPT_WITH_CTRL = new Set(['w', 't', 'n', 'q', 'r', 'l', 'c', 'v', 'x', '+', '-', '0']);
const MOST_CLASSES = 32;

/** @param {Binding} binding */
const nameOf = ({ action, value, when }) =>
  `${action}${value === undefined ? '' : `=${JSON.stringify(value)}`}${when ? `@${when}` : ''}`;

/** @param {Section[]} sections @returns {Entry[]} every binding with its name */
export function listEntries(sections) {
  const counts = new Map();
  return sections.flatMap(({ title, rows }) =>
    rows.flatMap((row) =>
      row.bindings.map((binding) => {
        const name = nameOf(binding);
        const n = (counts.get(name) ?? 0) + 1;
        counts.set(name, n);
        return { id: n === 1 ? name : `${name}#${n}`, binding, row, title, isFixed: isFixed(binding) };
      }),
    ),
  );
}

/** Class keys, Escape and Tab stay where they are. @param {Binding} binding */
function isFixed({ action, code, ctrl, alt }) {
  return (
    action === 'noClassKey' ||
    (CLASS_CODES.includes(code ?? '') && !ctrl && !alt) ||
    code === 'Escape' ||
    code === 'Tab'
  );
}

/** Whether a press is only on its way: a modifier alone. @param {import('./key_match.js').Stroke} event */
export const isModifier = (event) => MODIFIERS.has(event.key);

/**
 * What a key press is kept as: its letter or sign where it prints one, else its position.
 * @param {import('./key_match.js').Stroke} event @returns {Press}
 */
export function pressOf(event) {
  const isAltGr = event.getModifierState?.('AltGraph') ?? false;
  const ctrl = (event.ctrlKey || event.metaKey) && !isAltGr;
  const alt = event.altKey && !isAltGr;
  const printed = printedOf(event);
  const isPrinted = printed.length === 1 && printed !== ' ' && printed.charCodeAt(0) < 127;
  const held = { ...(ctrl ? { ctrl } : {}), ...(alt ? { alt } : {}) };
  if (!isPrinted) return { code: event.code, ...held, ...(event.shiftKey ? { shift: true } : {}) };
  return { key: printed, ...held, ...(event.shiftKey && /^[a-z]$/.test(printed) ? { shift: true } : {}) };
}

/**
 * Why a press cannot be taken, in a sentence, or null.
 * @param {Press} press
 * @param {string} [place] code of where it was pressed
 */
export function refusePress({ key, code, ctrl, alt }, place = code) {
  if (!ctrl && !alt && CLASS_CODES.includes(place ?? ''))
    return 'The digits and the two keys after them are class keys.';
  if (KEPT_CODES.has(code ?? '')) return `${code === 'Escape' ? 'Esc' : code} stays what it is.`;
  if (ctrl && KEPT_WITH_CTRL.has(key ?? '')) return `Ctrl ${key?.toUpperCase()} belongs to the browser.`;
  if (ctrl && /^(Page(Up|Down)|F4)$/.test(code ?? '')) return 'This one belongs to the browser.';
  if (alt && code === 'F4') return 'Alt F4 belongs to the desktop.';
  return null;
}

/**
 * The entries that a press means already, in the context of the one that is to get it. One that
 * counts only while a suggestion is selected may lie over one that always counts.
 * @param {Entry[]} entries @param {Entry} wanted @param {import('./key_match.js').Stroke} event @returns {Entry[]}
 */
export function findConflicts(entries, wanted, event) {
  const rivals = entries.filter(
    (one) => one.binding.when === wanted.binding.when && nameOf(one.binding) !== nameOf(wanted.binding),
  );
  const matches = findMatches(
    event,
    rivals.map((one) => one.binding),
  );
  return rivals.filter((one) => matches.includes(one.binding));
}

/**
 * The entries that change together: the same work on keys that are called the same here, such as
 * the place and the printed sign of a bracket.
 * @param {Entry[]} entries @param {Entry} entry @param {(binding: Press) => string} callIt
 */
export const findTwins = (entries, entry, callIt) =>
  entries.filter(
    (one) => nameOf(one.binding) === nameOf(entry.binding) && callIt(one.binding) === callIt(entry.binding),
  );

/** The binding with another press. @param {Binding} binding @param {Press} press */
function rebind({ action, value, repeat, when }, press) {
  return {
    action,
    ...press,
    ...(value === undefined ? {} : { value }),
    ...(repeat ? { repeat } : {}),
    ...(when ? { when } : {}),
  };
}

/**
 * The table with a person's changes; rows tell whether something of them was changed.
 * @param {Section[]} sections @param {Map<string, Press>} changes
 * @returns {Section[]}
 */
export function applyChanges(sections, changes) {
  const changed = new Map(
    listEntries(sections).flatMap(({ id, binding }) =>
      changes.has(id) ? [[binding, rebind(binding, /** @type {Press} */ (changes.get(id)))]] : [],
    ),
  );
  return sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => {
      const bindings = row.bindings.map((one) => changed.get(one) ?? one);
      return bindings.some((one, i) => one !== row.bindings[i]) ? { ...row, bindings, isChanged: true } : row;
    }),
  }));
}

/**
 * Bindings in the order in which they count: a person's own before what is built in.
 * @param {Section[]} sections table with changes
 * @param {Map<string, Press>} changes
 */
export function orderBindings(sections, changes) {
  const own = new Set(
    listEntries(sections)
      .filter(({ id }) => changes.has(id))
      .map(({ binding }) => binding),
  );
  return [...own, ...bindingsOf(sections).filter((one) => !own.has(one))];
}

/**
 * What of a stored map can be used: known bindings that may be changed, sound presses, none of
 * them twice in one context.
 * @param {unknown} value as the server sent it @param {Section[]} sections @returns {Custom}
 */
export function readCustom(value, sections) {
  const changes = new Map();
  const taken = new Set();
  const entries = new Map(listEntries(sections).map((one) => [one.id, one]));
  const given = isRecord(value) ? value : {};
  for (const [id, wanted] of Object.entries(isRecord(given.changes) ? given.changes : {})) {
    const entry = entries.get(id);
    const press = entry && !entry.isFixed ? readPress(wanted) : null;
    if (!entry || !press) continue;
    const place = `${keyOf(press)}@${entry.binding.when ?? ''}`;
    const holder = `${place} ${nameOf(entry.binding)}`;
    if (taken.has(place) && !taken.has(holder)) continue;
    taken.add(place).add(holder);
    changes.set(id, press);
  }
  const order = Array.isArray(given.classes) ? given.classes.filter(Number.isInteger).slice(0, MOST_CLASSES) : [];
  return { changes, classOrder: order };
}

/** @param {Press} press one text for one press */
export const keyOf = ({ key, code, ctrl = false, shift = false, alt = false }) =>
  JSON.stringify([key ?? null, code ?? null, ctrl, shift, alt]);

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isRecord = (value) => Boolean(value) && typeof value === 'object' && !Array.isArray(value);

/** @param {unknown} value @returns {Press|null} */
function readPress(value) {
  if (!isRecord(value)) return null;
  const { key, code, ctrl = false, shift = false, alt = false } = value;
  if (![ctrl, shift, alt].every((one) => typeof one === 'boolean')) return null;
  const isKey = typeof key === 'string' && /^[!-~]$/.test(key) && key === key.toLowerCase() && code === undefined;
  const isCode = typeof code === 'string' && /^[A-Za-z0-9]{1,24}$/.test(code) && key === undefined;
  if (!isKey && !isCode) return null;
  const press = {
    ...(isKey ? { key } : { code: String(code) }),
    ...(ctrl ? { ctrl: true } : {}),
    ...(shift ? { shift: true } : {}),
    ...(alt ? { alt: true } : {}),
  };
  return refusePress(press) ? null : press;
}

/** The stored form. @param {Custom} custom */
export const toStored = ({ changes, classOrder }) => ({
  version: 1,
  changes: Object.fromEntries(changes),
  classes: classOrder,
});
