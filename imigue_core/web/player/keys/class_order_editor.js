/** Which class lies on which class key: choose one, choose another, and they change places. */

import { fill, h } from '../core/dom.js';
import { swapPlaces } from './class_order.js';

export class ClassOrderEditor {
  /** @param {import('../core/player.js').Player} player @param {(text: string) => void} onChange */
  constructor(player, onChange) {
    Object.assign(this, { player, onChange });
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
    const { classKeys } = this.player;
    fill(this.list, ...classKeys.classes.map((one, i) => this.#makePlace(one, i)));
  }

  #makePlace(one, i) {
    const caps = this.player.classKeys.capsOf(one.class_id);
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

  #choose(i) {
    const { keys, classKeys } = this.player;
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
