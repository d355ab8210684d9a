/** The class keys as a part of the panel: one bank at a time, with what is open. */

import { button, fill, h } from '../core/dom.js';
import { BANK_KEYS, CLASS_CODES } from '../keys/keymap.js';

export class ClassKeysCard {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.closing = button({
      text: 'close all',
      key: 'O',
      class: 'button small',
      title: 'Close every open span at the play head',
      onClick: () => player.act('closeSpans'),
    });
    this.banks = h('div', { class: 'banks', role: 'group', 'aria-label': 'Bank of the class keys' });
    this.keys = h('div', { class: 'class-keys' });
    this.node = h(
      'div',
      { class: 'stack tight' },
      this.keys,
      h('div', { class: 'row' }, this.banks, h('span', { class: 'spring' }), this.closing),
    );
    this.drawn = '';
  }

  update() {
    const { player } = this;
    const { classKeys, keys, classKeyNames } = player;
    const open = classKeys.spans.list.map((one) => one.classId);
    const key = JSON.stringify([
      classKeys.bank,
      open,
      classKeys.classes.map((one) => one.class_id),
      classKeyNames,
      keys.capOf('bank', 1),
      keys.capOf('bank', 2),
      keys.capOf('markOut'),
      player.sight.key,
    ]);
    if (key === this.drawn) return;
    this.drawn = key;
    this.closing.style.visibility = open.length ? '' : 'hidden';
    this.closing.querySelector('kbd')?.replaceChildren(keys.capOf('markOut'));
    fill(this.banks, ...BANK_KEYS.map((_, bank) => this.#makeBank(/** @type {0|1|2} */ (bank), open)));
    const shown = classKeys.inBank(classKeys.bank).map((one, i) => this.#makeKey(one, i, open.includes(one.class_id)));
    // A bank that is not full is as high as one that is.
    const gaps = Array.from({ length: CLASS_CODES.length - shown.length }, () =>
      h('div', { class: 'class-key gap', 'aria-hidden': 'true' }, h('kbd', { text: '0' })),
    );
    fill(this.keys, ...shown, ...gaps);
  }

  #makeBank(bank, open) {
    const { player } = this;
    const { classKeys } = player;
    const first = bank * CLASS_CODES.length + 1;
    const last = first + classKeys.inBank(bank).length - 1;
    const hasOpen = classKeys.inBank(bank).some((one) => open.includes(one.class_id));
    return button({
      text: `${first}–${last}${hasOpen ? ' •' : ''}`,
      key: bank ? player.keys.capOf('bank', bank) : undefined,
      class: 'button small',
      pressed: classKeys.bank === bank,
      title: `classes ${first} to ${last}${hasOpen ? '; one is open' : ''}`,
      onClick: () => (bank ? player.act('bank', bank) : classKeys.leaveBank()),
    });
  }

  #makeKey(one, i, isOpen) {
    const { player } = this;
    const doubt = player.sight.doubtOf(one.class_id);
    const title = `${one.name} (${one.code}, ${one.group})${isOpen ? ': open, press again to close it' : ''}${doubt && `. Cannot be judged in this view: ${doubt}`}`;
    const node = button({
      text: one.short_name,
      key: player.classKeyNames[i],
      class: 'class-key',
      pressed: isOpen,
      title,
      onClick: (event) => player.act(event.shiftKey ? 'labelSecond' : 'labelByKey', i),
    });
    node.style.setProperty('--group', one.colour);
    node.classList.toggle('doubtful', Boolean(doubt));
    return node;
  }
}
