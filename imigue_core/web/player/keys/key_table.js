/**
 * The keys as this person has them: the built-in table, the changes over it, the order of the
 * class keys. Kept in the preferences, so another browser of the same person has them too.
 */

import { capsOf } from './key_names.js';
import { SECTIONS } from './keymap.js';
import { applyChanges, listEntries, orderBindings, readCustom, toStored } from './keymap_custom.js';

const PREFERENCE = 'keymap';

export class KeyTable {
  /**
   * @param {Pick<import('../core/preferences.js').Preferences, 'get'|'set'>} preferences
   * @param {Map<string, string>} layout what the keys print, by position
   * @param {() => void} [onChange]
   */
  constructor(preferences, layout, onChange = () => {}) {
    this.preferences = preferences;
    this.layout = layout;
    this.onChange = onChange;
    this.custom = readCustom(preferences.get(PREFERENCE, /** @type {unknown} */ (null)), SECTIONS);
    this.sections = applyChanges(SECTIONS, this.custom.changes);
    this.bindings = orderBindings(this.sections, this.custom.changes);
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
    for (const [id, press] of presses) {
      if (press) this.custom.changes.set(id, press);
      else this.custom.changes.delete(id);
    }
    this.#keep();
  }

  /** @param {number[]} order */
  setClassOrder(order) {
    this.custom.classOrder = order;
    this.#keep();
  }

  reset() {
    this.custom = { changes: new Map(), classOrder: [] };
    this.#keep();
  }

  #keep() {
    this.sections = applyChanges(SECTIONS, this.custom.changes);
    this.bindings = orderBindings(this.sections, this.custom.changes);
    this.preferences.set(PREFERENCE, this.isChanged ? toStored(this.custom) : null);
    this.onChange();
  }
}
