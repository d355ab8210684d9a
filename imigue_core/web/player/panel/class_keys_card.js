/** The class keys as a part of the panel: one bank at a time, with what is open. */

import { button, h, refill, setText } from '../core/dom.js';
import { BANK_KEYS, CLASS_CODES } from '../keys/keymap.js';
import { makeSection } from './section.js';

export class ClassKeysCard {
  /**
   * @param {{classKeys: import('../keys/class_keys.js').ClassKeys, keys: import('../keys/key_table.js').KeyTable,
   *          classKeyNames: string[], sight: {doubtOf: (classId: number) => string},
   *          picked: import('../labels/picked.js').Picked, act: import('../keys/actions.js').Act}} options
   */
  constructor({ classKeys, keys, classKeyNames, sight, picked, act }) {
    this.classKeys = classKeys;
    this.keyTable = keys;
    this.classKeyNames = classKeyNames;
    this.sight = sight;
    this.picked = picked;
    this.act = act;
    this.closing = button({
      text: 'close all',
      key: 'O',
      class: 'button small',
      title: 'Close every open span at the play head',
      onClick: () => act('closeSpans'),
    });
    this.banks = h('div', { class: 'banks', role: 'group', 'aria-label': 'Bank of the class keys' });
    this.keys = h('div', { class: 'class-keys' });
    const body = h(
      'div',
      { class: 'stack tight' },
      this.keys,
      h('div', { class: 'row' }, this.banks, h('span', { class: 'spring' }), this.closing),
    );
    this.node = makeSection('Class keys', h('span', { class: 'dim', text: '↵ for all 32' }), body);
  }

  draw() {
    const { classKeys, keyTable } = this;
    this.node.hidden = this.picked.context === 'suggestion'; // whose keys these are then
    if (this.node.hidden) return;
    const open = classKeys.spans.list.map((one) => one.classId);
    this.closing.style.visibility = open.length ? '' : 'hidden';
    const cap = this.closing.querySelector('kbd');
    if (cap) setText(cap, keyTable.capOf('markOut'));
    refill(this.banks, ...BANK_KEYS.map((_, bank) => this.#makeBank(/** @type {0|1|2} */ (bank), open)));
    const shown = classKeys.inBank(classKeys.bank).map((one, i) => this.#makeKey(one, i, open.includes(one.class_id)));
    // A bank that is not full is as high as one that is.
    const gaps = Array.from({ length: CLASS_CODES.length - shown.length }, () =>
      h('div', { class: 'class-key gap', 'aria-hidden': 'true' }, h('kbd', { text: '0' })),
    );
    refill(this.keys, ...shown, ...gaps);
  }

  /** @param {0|1|2} bank @param {number[]} open class ids */
  #makeBank(bank, open) {
    const { classKeys } = this;
    const first = bank * CLASS_CODES.length + 1;
    const last = first + classKeys.inBank(bank).length - 1;
    const hasOpen = classKeys.inBank(bank).some((one) => open.includes(one.class_id));
    return button({
      text: `${first}–${last}${hasOpen ? ' •' : ''}`,
      key: bank ? this.keyTable.capOf('bank', bank) : undefined,
      class: 'button small',
      pressed: classKeys.bank === bank,
      title: `classes ${first} to ${last}${hasOpen ? '; one is open' : ''}`,
      onClick: () => (bank ? this.act('bank', bank) : classKeys.leaveBank()),
    });
  }

  /**
   * @param {import('../core/server.js').GestureClass} one @param {number} i place in the bank
   * @param {boolean} isOpen
   */
  #makeKey(one, i, isOpen) {
    const doubt = this.sight.doubtOf(one.class_id);
    const close = isOpen ? ': open, press again to close it' : '';
    const node = button({
      text: one.short_name,
      key: this.classKeyNames[i],
      class: 'class-key',
      pressed: isOpen,
      title: `${one.name} (${one.code}, ${one.group})${close}${doubt && `. Cannot be judged in this view: ${doubt}`}`,
      onClick: (event) => this.act(event.shiftKey ? 'labelSecond' : 'labelByKey', i),
    });
    node.style.setProperty('--group', one.colour);
    node.classList.toggle('doubtful', Boolean(doubt));
    return node;
  }
}
