/** Every key on one sheet, read from the key table. */

import { h } from './dom.js';
import { SECTIONS } from './keymap.js';

export class Help {
  /** @param {HTMLElement} host @param {() => void} onClose */
  constructor(host, onClose) {
    Object.assign(this, { host, onClose });
    this.node = null;
  }

  get isOpen() {
    return this.node !== null;
  }

  toggle() {
    if (this.node) this.close();
    else this.open();
  }

  open() {
    const shut = h('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', text: '×', on: { click: () => this.close() } });
    const sheet = h(
      'div',
      { class: 'help-sheet', role: 'dialog', 'aria-modal': 'true', 'aria-label': 'Keys' },
      h('div', { class: 'row' }, h('h2', { class: 'help-title', text: 'Keys' }), h('span', { class: 'spring' }), shut),
      h('div', { class: 'help-columns' }, ...SECTIONS.map(describeSection)),
    );
    this.node = h('div', { class: 'help', on: { click: (event) => event.target === this.node && this.close() } }, sheet);
    this.host.append(this.node);
    shut.focus();
  }

  close() {
    this.node?.remove();
    this.node = null;
    this.onClose();
  }
}

function describeSection({ title, rows }) {
  return h(
    'section',
    { class: 'help-section' },
    h('h3', { text: title }),
    ...rows.map(({ keys, text }) => h('div', { class: 'help-row' }, h('span', { class: 'help-keys' }, ...keys.split(' ').map((cap) => (cap === '…' ? cap : h('kbd', { text: cap })))), h('span', { text }))),
  );
}
