/**
 * From key presses to actions: only while the studio or nothing at all has the focus,
 * never while something is typed, and never further up to the page (Streamlit's own r and c).
 */

import { findFocused } from '../core/dom.js';
import { findBinding } from './key_match.js';

/** What of the page around the studio wants keys for itself. */
const TAKES_KEYS =
  'a, button, input, textarea, select, summary, iframe, [contenteditable], ' +
  '[role="menu"], [role="listbox"], [role="tab"]';
const NATIVE_ON_CONTROLS = new Set(['Space', 'Enter', 'NumpadEnter', 'Tab']);

/**
 * @typedef {{root: HTMLElement, picked: import('../labels/picked.js').Picked, keys: import('./key_table.js').KeyTable,
 *            labels: import('../labels/labels.js').Labels, classKeys: import('./class_keys.js').ClassKeys,
 *            help: import('./help.js').Help, picture: {askReveal: unknown}, act: import('./actions.js').Act,
 *            focus: () => void, say: (text: string) => void, touch: () => void, hasJustEnded: () => boolean}} Listening
 *   `touch`: somebody is at work; `hasJustEnded`: the last suggestion was decided a moment ago
 */

/** @param {Listening} parts @returns {() => void} stops listening */
export function listenToKeys(parts) {
  const { root, classKeys, focus, touch } = parts;
  /** @param {Event} event */
  const swallow = (event) => event.stopPropagation();
  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    event.stopPropagation();
    touch();
    handle(parts, event);
  };
  /** @param {MouseEvent} event */
  const onClick = (event) => {
    // A button pressed with the mouse gives the keys back to the studio.
    // What was pressed may be gone from the page by now; its way up is as it was.
    const path = event.composedPath();
    const isControl = path
      .slice(0, path.indexOf(root))
      .some((one) => one instanceof Element && one.matches('input, textarea, select, .palette, .help, .similar'));
    if (event.detail > 0 && !isControl) focus();
  };
  // Streamlit's notice of a lost connection takes the focus and leaves it to nobody; its own page takes it when it
  // comes up.
  /** @param {KeyboardEvent} event */
  const onStray = (event) => {
    const isTaken = event.target instanceof Element && event.target.closest(TAKES_KEYS);
    if (event.composedPath().includes(root) || isTaken || document.querySelector('[role="dialog"]')) return;
    focus();
    onKey(event);
  };
  // Wherever the focus went meanwhile.
  /** @param {KeyboardEvent} event */
  const onUp = (event) => classKeys.release(event.code);
  document.addEventListener('keydown', onStray, true);
  document.addEventListener('keyup', onUp, true);
  root.addEventListener('keydown', onKey);
  root.addEventListener('keyup', swallow);
  root.addEventListener('keypress', swallow);
  root.addEventListener('click', onClick);
  return () => {
    document.removeEventListener('keydown', onStray, true);
    document.removeEventListener('keyup', onUp, true);
    root.removeEventListener('keydown', onKey);
    root.removeEventListener('keyup', swallow);
    root.removeEventListener('keypress', swallow);
    root.removeEventListener('click', onClick);
  };
}

/** @param {Listening} parts @param {KeyboardEvent} event */
function handle(parts, event) {
  const { root, picked, keys, help, say } = parts;
  const path = event.composedPath(); // as it was when the key went down: a field may be gone since
  const target = path.includes(root) && path[0] instanceof HTMLElement ? path[0] : root;
  const binding = findBinding(event, picked.context, keys.bindings);
  if (target.matches('input, textarea, select')) return inField(parts, event, binding);
  if (!binding) return;
  if (parts.hasJustEnded() && findBinding(event, 'suggestion', keys.bindings)?.when === 'suggestion') {
    say('That was the last suggestion.');
    event.preventDefault();
    return;
  }
  if (help.isOpen) {
    if (binding.action !== 'escape' && binding.action !== 'help') return;
    help.close();
  } else if (!run(parts, event, target !== root, binding)) return;
  event.preventDefault();
}

/**
 * @param {Listening} parts @param {KeyboardEvent} event @param {boolean} isControl a button or the like has the focus
 * @param {import('./keymap.js').Binding} binding
 * @returns {boolean} whether the key is used up
 */
function run({ labels, picture, act, focus, classKeys }, event, isControl, { action, value }) {
  if (isControl && NATIVE_ON_CONTROLS.has(event.code)) return false;
  if (action === 'nextLabel' && !labels.own.length) return false;
  if (isControl && action === 'escape' && picture.askReveal) act('escape');
  else if (isControl && (action === 'escape' || action === 'panelFocus')) focus();
  else act(action, value);
  if (action === 'labelByKey') classKeys.watch(event.code);
  return true;
}

/**
 * A field has its keys to itself, but for the one that leaves the panel; one that gave the focus to nobody gives it to
 * the studio.
 * @param {Listening} parts @param {KeyboardEvent} event @param {import('./keymap.js').Binding|undefined|null} binding
 */
function inField({ root, help, focus }, event, binding) {
  const isLeaving = binding?.action === 'panelFocus' && !help.isOpen;
  if (isLeaving) event.preventDefault();
  if (isLeaving || findFocused(root) === null) focus();
}
