/**
 * The codebook in the player: its pages, kept for a while; the section of the panel that follows
 * the current class (F1); the place beside the palette that follows the highlighted one.
 */

import { button, fill, h } from '../core/dom.js';
import { watch } from '../core/watch.js';

/** Names of the preferences: whether it is open in the panel, and beside the palette. */
const IN_PANEL = 'book';
const IN_PALETTE = 'bookBeside';
const NOTHING = 'Select a label or a suggestion: what its class is stands here.';

export class Codebook {
  /**
   * @param {{picked: import('../labels/picked.js').Picked, preferences: import('../core/preferences.js').Preferences,
   *          palette: import('./palette.js').Palette, act: import('../keys/actions.js').Act, focus: () => void,
   *          makeCard: (onLeave: () => void) => import('./codebook_card.js').CodebookCard}} options
   */
  constructor({ picked, preferences, palette, act, focus, makeCard }) {
    this.picked = picked;
    this.preferences = preferences;
    this.palette = palette;
    this.leave = focus;
    this.isOpen = preferences.get(IN_PANEL, false);
    watch(this, 'isOpen');
    this.card = makeCard(focus);
    const shut = button({
      text: 'close',
      key: 'F1',
      class: 'button small',
      title: 'Close the codebook',
      onClick: () => act('codebook'),
    });
    this.node = h(
      'section',
      { class: 'section', 'aria-label': 'Codebook', hidden: true },
      h('div', { class: 'section-head' }, h('h2', { text: 'Codebook' }), shut),
      h('div', { class: 'card' }, this.card.node),
    );
    this.beside = makeCard(() => palette.input.focus());
    this.isFilled = false;
  }

  get isBeside() {
    return this.preferences.get(IN_PALETTE, true);
  }

  /** Of what is selected: the suggestion, else the current label. @returns {number|null} */
  get currentClass() {
    const { suggestion, ghost, label } = this.picked;
    return (suggestion ?? ghost ?? label)?.class_id ?? null;
  }

  /** F1: open or closed, beside the palette while that is open, else in the panel. */
  toggle() {
    const { preferences, palette } = this;
    if (palette.isOpen) {
      preferences.set(IN_PALETTE, !this.isBeside);
      this.follow(palette.highlighted, palette.beside);
      return;
    }
    this.isOpen = !this.isOpen;
    preferences.set(IN_PANEL, this.isOpen);
    this.draw();
    if (this.isOpen) this.node.scrollIntoView({ block: 'start' });
    else this.leave();
  }

  draw() {
    this.node.hidden = !this.isOpen;
    if (!this.isOpen) {
      if (this.isFilled) this.card.dispose();
      this.isFilled = false;
      return;
    }
    if (!this.isFilled) fill(this.card.node, h('p', { class: 'dim', text: NOTHING }));
    this.isFilled = true;
    this.card.show(this.currentClass);
  }

  dispose() {
    this.card.dispose();
    this.beside.dispose();
  }

  /**
   * Beside the palette: the class that is highlighted there.
   * @param {import('../core/server.js').GestureClass|null} one null at the end @param {HTMLElement} node to fill
   */
  follow(one, node) {
    if (!one || !this.isBeside) {
      this.beside.dispose();
      fill(node);
      if (!one) return;
      const opener = button({
        text: 'codebook',
        key: 'F1',
        class: 'button small book-opener',
        title: 'Show what the class is',
        onClick: () => this.toggle(),
      });
      opener.addEventListener('mousedown', (event) => event.preventDefault()); // the list keeps the keys
      fill(node, opener);
      return;
    }
    if (this.beside.node.parentElement !== node) fill(node, this.beside.node);
    this.beside.show(one.class_id);
  }
}
