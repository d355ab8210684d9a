/**
 * From key presses to actions: only while the studio or nothing at all has the focus,
 * never while something is typed, and never further up to the page (Streamlit's own r and c).
 */

import { findBinding } from './keymap.js';

const NATIVE_ON_CONTROLS = new Set(['Space', 'Enter', 'NumpadEnter', 'Tab']);

/** @param {import('./player.js').Player} player @returns {() => void} stops listening */
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
    const control = /** @type {HTMLElement} */ (event.composedPath()[0]).closest('input, textarea, select, .palette, .help');
    if (event.detail > 0 && !control) player.focus();
  };
  // Streamlit's notice of a lost connection takes the focus and leaves it to nobody.
  const onStray = (event) => {
    if (event.target !== document.body || document.querySelector('[role="dialog"]')) return;
    player.focus();
    onKey(event);
  };
  document.addEventListener('keydown', onStray, true);
  root.addEventListener('keydown', onKey);
  root.addEventListener('keyup', swallow);
  root.addEventListener('keypress', swallow);
  root.addEventListener('click', onClick);
  return () => {
    document.removeEventListener('keydown', onStray, true);
    root.removeEventListener('keydown', onKey);
    root.removeEventListener('keyup', swallow);
    root.removeEventListener('keypress', swallow);
    root.removeEventListener('click', onClick);
  };
}

function handle(player, event) {
  const [first] = event.composedPath();
  const target = /** @type {HTMLElement} */ (first === document.body ? player.root : first);
  if (target.matches('input, textarea, select')) return;
  const binding = findBinding(event);
  if (!binding) return;
  if (player.help.isOpen) {
    if (binding.action === 'escape' || binding.action === 'help') player.help.close();
    else return;
  } else {
    const isControl = target !== player.root;
    if (isControl && NATIVE_ON_CONTROLS.has(event.code)) return;
    if (binding.action === 'nextLabel' && !player.desk.ownLabels().length) return;
    if (isControl && ['escape', 'panelFocus'].includes(binding.action)) player.focus();
    else player.act(binding.action, binding.value);
  }
  event.preventDefault();
}
