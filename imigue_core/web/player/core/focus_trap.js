/** Tab goes round inside a dialog. */

const CONTROLS = 'button:not([disabled]), input, select, textarea, [tabindex="0"]';

/** @param {HTMLElement} node @returns {() => void} lets go */
export function trapFocus(node) {
  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'Tab') return;
    const controls = /** @type {HTMLElement[]} */ ([...node.querySelectorAll(CONTROLS)]).filter(
      (one) => one.offsetParent !== null,
    );
    const at = controls.indexOf(/** @type {HTMLElement} */ (event.composedPath()[0]));
    event.preventDefault();
    controls[(at + (event.shiftKey ? -1 : 1) + controls.length) % controls.length]?.focus();
  };
  node.addEventListener('keydown', onKey);
  return () => node.removeEventListener('keydown', onKey);
}
