/**
 * State that tells when it changes. A watched field is read and written like any other; whatever read
 * it while being drawn (painter.js) or derived (`computed`) follows by itself. Reading changes nothing.
 */

import { batch, computed, effect, signal, untracked } from './vendor/signals.js';

export { batch, computed, effect, untracked };

/**
 * Makes fields of an object watched. A list, set or map in such a field is replaced, not changed in place.
 * @template {object} T
 * @param {T} owner has these fields already
 * @param {(keyof T)[]} names
 */
export function watch(owner, ...names) {
  for (const name of names) {
    const held = signal(owner[name]);
    Object.defineProperty(owner, name, {
      enumerable: true,
      get: () => held.value,
      set: (value) => {
        held.value = value;
      },
    });
  }
}
