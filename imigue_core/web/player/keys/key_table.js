/**
 * The keys as this person has them: the built-in table, the changes over it, the order of the
 * class keys. Kept in the preferences, so another browser of the same person has them too.
 */

import { computed, watch } from '../core/watch.js';
import { capsOf } from './key_names.js';
import { SECTIONS } from './keymap.js';
import { applyChanges, listEntries, orderBindings, readCustom, toStored } from './keymap_custom.js';

const PREFERENCE = 'keymap';

export class KeyTable {
  /**
   * @param {Pick<import('../core/preferences.js').Preferences, 'get'|'set'>} preferences
   * @param {Map<string, string>} layout what the keys print, by position
   */
  constructor(preferences, layout) {
    this.preferences = preferences;
    this.layout = layout;
    /** the person's changes; replaced with each of them */
    this.custom = readCustom(preferences.get(PREFERENCE, /** @type {unknown} */ (null)), SECTIONS);
    watch(this, 'custom');
    this.derived = {
      sections: computed(() => applyChanges(SECTIONS, this.custom.changes)),
      bindings: computed(() => orderBindings(this.sections, this.custom.changes)),
    };
  }

  /** The table with the changes, as the sheet of all keys shows it. @returns {import('./keymap.js').Section[]} */
  get sections() {
    return this.derived.sections.value;
  }

  /** Every key of it, in the order in which a press looks for its own. @returns {import('./keymap.js').Binding[]} */
  get bindings() {
    return this.derived.bindings.value;
  }

  /** Class ids in the order in which they lie on the class keys; those not named follow. @returns {number[]} */
  get classOrder() {
    return this.custom.classOrder;
  }

  get isChanged() {
    return this.custom.changes.size > 0 || this.custom.classOrder.length > 0;
  }

  /** @returns {import('./keymap_custom.js').Entry[]} */
  get entries() {
    return listEntries(this.sections);
  }

  /** The cap or caps of an action's first key. @param {string} action @param {import('./keymap.js').Value} [value] */
  capOf(action, value) {
    const binding = this.sections
      .flatMap((section) => section.rows.flatMap((row) => row.bindings))
      .find((one) => one.action === action && (value === undefined || one.value === value));
    return binding ? capsOf(binding, this.layout).join(' ') : '';
  }

  /** @param {Map<string, import('./keymap_custom.js').Press|null>} presses by binding; null takes the change back */
  change(presses) {
    const changes = new Map(this.custom.changes);
    for (const [id, press] of presses) {
      if (press) changes.set(id, press);
      else changes.delete(id);
    }
    this.#keep({ ...this.custom, changes });
  }

  /** @param {number[]} order */
  setClassOrder(order) {
    this.#keep({ ...this.custom, classOrder: order });
  }

  reset() {
    this.#keep({ changes: new Map(), classOrder: [] });
  }

  /** @param {KeyTable['custom']} custom */
  #keep(custom) {
    this.custom = custom;
    this.preferences.set(PREFERENCE, this.isChanged ? toStored(custom) : null);
  }
}
