/** Every key on one sheet, as this person has them; and the way to change them. */

import { h } from '../core/dom.js';
import { trapFocus } from '../core/focus_trap.js';
import { KeyEditor } from './key_editor.js';
import { capsOfRow, textOfRow } from './key_names.js';

export class Help {
  /**
   * @param {{host: HTMLElement, keys: import('./key_table.js').KeyTable,
   *          classKeys: import('./class_keys.js').ClassKeys, focus: () => void}} options `focus`: gives the keys back
   */
  constructor({ host, keys, classKeys, focus }) {
    this.host = host;
    this.keys = keys;
    this.classKeys = classKeys;
    this.focus = focus;
    /** @type {HTMLElement|null} */
    this.node = null;
    /** @type {KeyEditor|null} */
    this.editor = null;
    this.release = () => {};
  }

  get isOpen() {
    return this.node !== null;
  }

  toggle() {
    if (this.node) this.close();
    else this.open();
  }

  open() {
    const node = h('div', { class: 'help', on: { click: (event) => event.target === node && this.close() } });
    this.node = node;
    this.release = trapFocus(node);
    this.host.append(node);
    this.#showKeys();
  }

  /** From the editor back to the keys, from the keys back to the studio. */
  close() {
    if (this.editor) {
      this.editor = null;
      this.#showKeys(true);
      return;
    }
    this.release();
    this.node?.remove();
    this.node = null;
    this.focus();
  }

  #showKeys(isBack = false) {
    const { keys } = this;
    const shut = h('button', {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Close',
      text: '×',
      on: { click: () => this.close() },
    });
    const change = h('button', {
      type: 'button',
      class: 'button',
      text: 'Change keys',
      on: { click: () => this.#showEditor() },
    });
    const sheet = h(
      'div',
      { class: 'help-sheet', role: 'dialog', 'aria-modal': 'true', 'aria-label': 'Keys' },
      h(
        'div',
        { class: 'row' },
        h('h2', { class: 'help-title', text: 'Keys' }),
        keys.isChanged && h('span', { class: 'dim', text: 'with your changes' }),
        h('span', { class: 'spring' }),
        change,
        shut,
      ),
      h('div', { class: 'help-columns' }, ...keys.sections.map((section) => describeSection(section, keys.layout))),
    );
    this.node?.replaceChildren(sheet);
    (isBack ? change : shut).focus();
  }

  #showEditor() {
    this.editor = new KeyEditor({ keys: this.keys, classKeys: this.classKeys, onClose: () => this.close() });
    this.node?.replaceChildren(this.editor.node);
    this.editor.focus();
  }
}

/** @param {import('./keymap.js').Section} section @param {Map<string, string>} layout what the keys print */
function describeSection({ title, rows }, layout) {
  return h(
    'section',
    { class: 'help-section' },
    h('h3', { text: title }),
    ...rows.map((row) =>
      h(
        'div',
        { class: row.isChanged ? 'help-row changed' : 'help-row' },
        h(
          'span',
          { class: 'help-keys' },
          ...capsOfRow(row, layout).map((cap) =>
            cap === '…' || (cap === '/' && row.isChanged) ? cap : h('kbd', { text: cap }),
          ),
        ),
        h('span', { text: textOfRow(row) }),
      ),
    ),
  );
}
