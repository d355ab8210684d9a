/**
 * From key presses to actions: only while the studio or nothing at all has the focus,
 * never while something is typed, and never further up to the page (Streamlit's own r and c).
 */

import { findFocused } from '../core/dom.js';
import { findBinding } from './key_match.js';

/** What of the page around the studio wants keys for itself. */
const TAKES_KEYS =
  'a, button, input, textarea, select, summary, iframe, [contenteditable], [role="menu"], [role="listbox"], [role="tab"]';
const NATIVE_ON_CONTROLS = new Set(['Space', 'Enter', 'NumpadEnter', 'Tab']);

/** @param {import('../core/player.js').Player} player @returns {() => void} stops listening */
export function listenToKeys(player) {
  const { root } = player;
  const swallow = (event) => event.stopPropagation();
  const onKey = (event) => {
    event.stopPropagation();
    player.activity.touch();
    handle(player, event);
  };
  const onClick = (event) => {
    // A button pressed with the mouse gives the keys back to the studio.
    // What was pressed may be gone from the page by now; its way up is as it was.
    const path = event.composedPath();
    const isControl = path
      .slice(0, path.indexOf(root))
      .some((one) => /** @type {HTMLElement} */ (one).matches?.('input, textarea, select, .palette, .help, .similar'));
    if (event.detail > 0 && !isControl) player.focus();
  };
  // Streamlit's notice of a lost connection takes the focus and leaves it to nobody; its own page takes it when it
  // comes up.
  const onStray = (event) => {
    if (
      event.composedPath().includes(root) ||
      event.target.closest(TAKES_KEYS) ||
      document.querySelector('[role="dialog"]')
    )
      return;
    player.focus();
    onKey(event);
  };
  // Wherever the focus went meanwhile.
  const onUp = (event) => player.classKeys.release(event.code);
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

function handle(player, event) {
  const path = event.composedPath(); // as it was when the key went down: a field may be gone since
  const target = /** @type {HTMLElement} */ (path.includes(player.root) ? path[0] : player.root);
  const binding = findBinding(event, player.review.context, player.keys.bindings);
  if (target.matches('input, textarea, select')) return inField(player, event, binding);
  if (!binding) return;
  if (player.review.hasJustEnded && findBinding(event, 'suggestion', player.keys.bindings)?.when === 'suggestion') {
    player.say('That was the last suggestion.');
    event.preventDefault();
    return;
  }
  if (player.help.isOpen) {
    if (binding.action === 'escape' || binding.action === 'help') player.help.close();
    else return;
  } else {
    const isControl = target !== player.root;
    if (isControl && NATIVE_ON_CONTROLS.has(event.code)) return;
    if (binding.action === 'nextLabel' && !player.desk.ownLabels().length) return;
    if (isControl && binding.action === 'escape' && player.picture.askReveal) player.escape();
    else if (isControl && ['escape', 'panelFocus'].includes(binding.action)) player.focus();
    else player.act(binding.action, binding.value);
    if (binding.action === 'labelByKey') player.classKeys.watch(event.code);
  }
  event.preventDefault();
}

/**
 * A field has its keys to itself, but for the one that leaves the panel; one that gave the focus to nobody gives it to
 * the studio.
 */
function inField(player, event, binding) {
  const isLeaving = binding?.action === 'panelFocus' && !player.help.isOpen;
  if (isLeaving) event.preventDefault();
  if (isLeaving || findFocused(player.root) === null) player.focus();
}
