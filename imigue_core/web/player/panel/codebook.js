/**
 * The codebook in the player: its pages, kept for a while; the section of the panel that follows
 * the current class (F1); the place beside the palette that follows the highlighted one.
 */

import { button, fill, h } from '../core/dom.js';
import { CodebookCard } from './codebook_card.js';

/** Names of the preferences: whether it is open in the panel, and beside the palette. */
const IN_PANEL = 'book';
const IN_PALETTE = 'bookBeside';

export class Codebook {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** @type {Map<number, {stamp: string, page: Promise<any>}>} */
    this.pages = new Map();
    /** @type {WeakMap<any, string>} */
    this.stamps = new WeakMap();
    this.card = new CodebookCard(player);
    this.shut = button({
      text: 'close',
      key: 'F1',
      class: 'button small',
      title: 'Close the codebook',
      onClick: () => player.act('codebook'),
    });
    this.node = h(
      'section',
      { class: 'section', 'aria-label': 'Codebook', hidden: true },
      h('div', { class: 'section-head' }, h('h2', { text: 'Codebook' }), this.shut),
      h('div', { class: 'card' }, this.card.node),
    );
    this.beside = new CodebookCard(player, { onLeave: () => player.palette.input.focus() });
    this.isFilled = false;
    player.palette.aside = (one, node) => this.#follow(one, node);
  }

  get isOpen() {
    return this.player.preferences.get(IN_PANEL, false);
  }

  get isBeside() {
    return this.player.preferences.get(IN_PALETTE, true);
  }

  /** Of what is selected: the suggestion, else the current label. @returns {number|null} */
  get currentClass() {
    const { review, desk } = this.player;
    return (review.selected ?? review.ghost ?? desk.current)?.class_id ?? null;
  }

  /** F1: open or closed, beside the palette while that is open, else in the panel. */
  toggle() {
    const { preferences, palette } = this.player;
    if (palette.isOpen) {
      preferences.set(IN_PALETTE, !this.isBeside);
      this.#follow(palette.highlighted, palette.beside);
      return;
    }
    preferences.set(IN_PANEL, !this.isOpen);
    this.update();
    if (this.isOpen) this.node.scrollIntoView({ block: 'start' });
    else this.player.focus();
  }

  update() {
    this.node.hidden = !this.isOpen;
    if (!this.isOpen) {
      if (this.isFilled) this.card.dispose();
      this.isFilled = false;
      return;
    }
    if (!this.isFilled)
      fill(
        this.card.node,
        h('p', { class: 'dim', text: 'Select a label or a suggestion: what its class is stands here.' }),
      );
    this.isFilled = true;
    this.card.show(this.currentClass);
  }

  /** @param {number} classId @returns {Promise<any>} as GET /codebook/{id} answers */
  async getPage(classId) {
    const stamp = this.#stamp();
    let known = this.pages.get(classId);
    if (known?.stamp !== stamp) {
      known = { stamp, page: this.player.api.getJson(`/codebook/${classId}`) };
      this.pages.set(classId, known);
      known.page.catch(() => this.pages.delete(classId));
    }
    const page = await known.page;
    this.stamps.set(page, stamp);
    return page;
  }

  /** Whether labels were saved since a page was fetched. @param {any} page */
  isStale(page) {
    return this.stamps.get(page) !== this.#stamp();
  }

  dispose() {
    this.card.dispose();
    this.beside.dispose();
  }

  #stamp() {
    return String(this.player.labels.revision);
  }

  /** @param {import('./palette.js').GestureClass|null} one @param {HTMLElement} node */
  #follow(one, node) {
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
