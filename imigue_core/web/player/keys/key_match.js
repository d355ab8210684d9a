/**
 * From a key press to the binding it means. Letters and signs match by what they print
 * (`event.key`), positions by where they lie (`event.code`); one press never means two things.
 * Pure, but for asking the browser what this keyboard prints.
 *
 * @typedef {import('./keymap.js').Binding} Binding
 * @typedef {'suggestion'|'rejected'|null} Context what is selected
 * @typedef {Pick<KeyboardEvent, 'key'|'code'|'ctrlKey'|'shiftKey'|'altKey'|'metaKey'|'repeat'|'isComposing'|'keyCode'>
 *   & {getModifierState?: (name: string) => boolean}} Stroke what counts of a key press
 */

import { CLASS_CODES, CLASS_KEY_NAMES, SECTIONS } from './keymap.js';

/** @param {import('./keymap.js').Section[]} sections @returns {Binding[]} */
export const bindingsOf = (sections) => sections.flatMap((section) => section.rows.flatMap((one) => one.bindings));

const DEFAULTS = bindingsOf(SECTIONS);

/**
 * The printed letter or sign of a key press, lower case. On layouts whose letters
 * are not Latin the position stands in, as it does on the key cap there.
 * @param {Stroke} event
 */
export function printedOf(event) {
  const printed = event.key.toLowerCase();
  const isForeign = printed.length === 1 && printed.charCodeAt(0) > 127;
  return isForeign && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : printed;
}

/**
 * What a key press means, or null. Nothing while an input method composes.
 * @param {Stroke} event
 * @param {Context} [context] what is selected
 * @param {Binding[]} [bindings] the person's own first
 * @returns {Binding|null}
 */
export function findBinding(event, context = null, bindings = DEFAULTS) {
  if (isComposing(event)) return null;
  const find = (/** @type {Binding[]} */ list) => {
    const found = findMatches(event, list)[0];
    return found && (!event.repeat || found.repeat) ? found : null;
  };
  if (context) {
    const before = bindings.filter((one) => one.when === context);
    if (findMatches(event, before).length) return find(before);
  }
  return find(bindings.filter((one) => !one.when));
}

/** @param {Stroke} event */
export const isComposing = (event) => event.isComposing || event.keyCode === 229 || event.key === 'Process';

/**
 * The bindings of a list that a press means, the one that counts first; repeats count here.
 * A printed letter is that letter and no position. A sign typed with AltGr is that sign alone. A
 * sign typed with Shift comes before the position it lies on, except on the digit row, whose
 * positions are class keys on every layout; without Shift the position comes first.
 * @param {Stroke} event @param {Binding[]} bindings @returns {Binding[]}
 */
export function findMatches(event, bindings) {
  // AltGr arrives as Ctrl+Alt on Windows.
  const isAltGr = event.getModifierState?.('AltGraph') ?? false;
  const ctrl = (event.ctrlKey || event.metaKey) && !isAltGr;
  const alt = event.altKey && !isAltGr;
  const { shiftKey: shift, code } = event;
  const printed = printedOf(event);
  const isLetter = /^[a-z]$/.test(printed);
  const held = bindings.filter((one) => (one.ctrl ?? false) === ctrl && (one.alt ?? false) === alt);
  const byPlace = held.filter((one) => one.code && one.code === code && (one.shift ?? false) === shift);
  // Signs may need Shift on some layouts; only letters tell Shift apart.
  const byPrint = held.filter(
    (one) => !one.code && one.key === printed && (!isLetter || (one.shift ?? false) === shift),
  );
  if (isLetter || isAltGr) return byPrint;
  if (shift && !/^Digit\d$/.test(code)) return [...byPrint, ...byPlace];
  return [...byPlace, ...byPrint];
}

/**
 * What the keys of this keyboard print, by position; empty where the browser does not tell.
 * @param {{getLayoutMap?: () => Promise<Map<string, string>>}|undefined} keyboard navigator.keyboard
 * @returns {Promise<Map<string, string>>}
 */
export async function loadLayout(keyboard) {
  try {
    return (await keyboard?.getLayoutMap?.()) ?? new Map();
  } catch {
    return new Map();
  }
}

/** Names of the twelve class keys on this keyboard. @param {Map<string, string>} layout */
export const nameClassKeys = (layout) => CLASS_CODES.map((text, i) => layout.get(text) ?? CLASS_KEY_NAMES[i]);
