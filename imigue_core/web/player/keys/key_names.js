/** What keys are called on this keyboard. Pure. */

import { nameClassKeys } from './key_match.js';

/** @typedef {import('./keymap.js').Row} Row */

/** @type {Record<string, string>} */
const NAMES = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  Backspace: '⌫',
  NumpadEnter: 'num ↵',
  Escape: 'Esc',
  NumpadAdd: 'num +',
  NumpadSubtract: 'num −',
  Insert: 'Ins',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};
/** What signs lie on on a US keyboard, for keyboards that the browser does not tell. @type {Record<string, string>} */
const US = {
  BracketLeft: '[',
  BracketRight: ']',
  Minus: '-',
  Equal: '=',
  Backquote: '`',
  Semicolon: ';',
  Quote: "'",
  Backslash: '\\',
  Comma: ',',
  Period: '.',
  Slash: '/',
  IntlBackslash: '<',
};
/** Caps in the table's words that are positions. @type {Record<string, string>} */
const PLACES = { '[': 'BracketLeft', ']': 'BracketRight' };

/** @param {string} code @param {Map<string, string>} layout what the keys print, by position */
export function namePlace(code, layout) {
  const printed = layout.get(code) ?? US[code];
  if (printed) return printed.toUpperCase();
  return NAMES[code] ?? code.replace(/^(Digit|Key)(?=.$)/, '').replace(/^Numpad(?=.$)/, 'num ');
}

/**
 * The caps of a press, such as ["Ctrl", "Shift", "Z"].
 * @param {import('./keymap_custom.js').Press} press
 * @param {Map<string, string>} layout
 * @returns {string[]}
 */
export function capsOf({ key, code, ctrl, shift, alt }, layout) {
  const last = key ? key.toUpperCase() : namePlace(code ?? '', layout);
  return [ctrl && 'Ctrl', alt && 'Alt', shift && 'Shift', last].filter((one) => typeof one === 'string');
}

/**
 * The caps of a row of the table. As long as nobody changed it they are the table's own, with
 * what this keyboard prints where a key is known by its place.
 * @param {Row} row @param {Map<string, string>} layout @returns {string[]}
 */
export function capsOfRow(row, layout) {
  if (row.isChanged) {
    const texts = [...new Set(row.bindings.map((one) => capsOf(one, layout).join(' ')))];
    return texts.flatMap((text, i) => [...(i ? ['/'] : []), ...text.split(' ')]);
  }
  const isOfClassKeys = row.bindings.some((one) => /^Digit/.test(one.code ?? ''));
  const classNames = nameClassKeys(layout);
  const defaults = nameClassKeys(new Map());
  return row.keys.split(' ').map((cap) => {
    if (isOfClassKeys && defaults.includes(cap)) return classNames[defaults.indexOf(cap)];
    return PLACES[cap] ? namePlace(PLACES[cap], layout) : cap;
  });
}

/** What a row says; words about other presses ("also C") are true of the built-in keys only. @param {Row} row */
export const textOfRow = (row) => (row.isChanged ? row.text.replace(/ \((also|Shift:)[^)]*\)/g, '') : row.text);
