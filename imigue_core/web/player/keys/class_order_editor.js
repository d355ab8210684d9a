/** Which class lies on which class key: choose one, choose another, and they change places. */

import { fill, h } from '../core/dom.js';
import { swapPlaces } from './class_order.js';

export class ClassOrderEditor {
  /**
   * @param {{keys: import('./key_table.js').KeyTable, classKeys: import('./class_keys.js').ClassKeys,
   *          onChange: (text: string) => void}} options
   */
  constructor({ keys, classKeys, onChange }) {
    this.keys = keys;
    this.classKeys = classKeys;
    this.onChange = onChange;
    /** @type {number|null} the first of the two */
    this.first = null;
    this.list = h('div', { class: 'class-order' });
    this.node = h(
      'section',
      { class: 'help-section' },
      h('h3', { text: 'Class keys: choose two to let them change places' }),
      this.list,
    );
  }

  update() {
    fill(this.list, ...this.classKeys.classes.map((one, i) => this.#makePlace(one, i)));
  }

  /** @param {import('../core/server.js').GestureClass} one @param {number} i */
  #makePlace(one, i) {
    const caps = this.classKeys.capsOf(one.class_id);
    const place = h(
      'button',
      {
        type: 'button',
        class: 'class-key',
        'aria-pressed': String(this.first === i),
        'aria-label': `${caps.join(' ')}: ${one.name}`,
        on: { click: () => this.#choose(i) },
      },
      ...caps.map((cap) => h('kbd', { text: cap })),
      h('span', { text: one.short_name }),
    );
    place.style.setProperty('--group', one.colour);
    return place;
  }

  /** @param {number} i */
  #choose(i) {
    const { keys, classKeys } = this;
    const { first } = this;
    this.first = first === null ? i : null;
    if (first !== null && first !== i) {
      const names = [first, i].map((at) => classKeys.classes[at].name);
      keys.setClassOrder(
        swapPlaces(
          classKeys.classes.map((one) => one.class_id),
          first,
          i,
        ),
      );
      this.onChange(`${names.join(' and ')} changed places.`);
    } else this.update();
    /** @type {HTMLElement} */ (this.list.children[i]).focus();
  }
}
