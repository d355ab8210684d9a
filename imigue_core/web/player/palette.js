/**
 * Picking one of the classes by typing part of its name. Matching is pure;
 * the list is a small dialog over the picture.
 *
 * @typedef {{class_id: number, name: string, short_name: string, group: string, colour: string,
 *            published_count: number, code: string}} GestureClass
 */

import { fill, h } from './dom.js';

const SHOWN = 32;

const fold = (text) => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '');
const words = (text) => fold(text).split(/[^a-z0-9]+/).filter(Boolean);

/**
 * Classes that match, best first: exact id or code, then words that begin as typed,
 * then text inside words, then the letters in order; the more frequent class first.
 * @param {GestureClass[]} classes @param {string} query @returns {GestureClass[]}
 */
export function matchClasses(classes, query) {
  const typed = fold(query.trim());
  const byCount = (a, b) => b.published_count - a.published_count;
  if (!typed) return [...classes].sort(byCount);
  return classes
    .map((one) => ({ one, score: scoreOf(one, typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || byCount(a.one, b.one))
    .map(({ one }) => one);
}

function scoreOf(one, typed) {
  if (typed === String(one.class_id) || typed === fold(one.code)) return 5;
  const names = [one.short_name, one.name];
  if (names.some((name) => fold(name) === typed)) return 5;
  if (names.some((name) => fold(name).startsWith(typed))) return 4;
  const parts = words(typed);
  const own = [...words(one.name), ...words(one.short_name), ...words(one.group)];
  if (parts.length && parts.every((part) => own.some((word) => word.startsWith(part)))) return 3;
  if (names.some((name) => fold(name).includes(typed))) return 2;
  return names.some((name) => isSubsequence(typed.replace(/\s+/g, ''), fold(name))) ? 1 : 0;
}

function isSubsequence(typed, text) {
  let at = 0;
  for (const letter of text) if (letter === typed[at]) at += 1;
  return at === typed.length;
}

/**
 * The classes behind the twelve class keys: most frequent in the published table first.
 * @param {GestureClass[]} classes @returns {GestureClass[]}
 */
export function listKeyClasses(classes) {
  return matchClasses(classes, '').slice(0, 12);
}

export class Palette {
  /**
   * @param {HTMLElement} host @param {GestureClass[]} classes
   * @param {(classId: number) => string} keyNameOf the class key's cap, or ""
   * @param {() => void} onClose
   */
  constructor(host, classes, keyNameOf, onClose) {
    Object.assign(this, { host, classes, keyNameOf, onClose });
    this.node = null;
  }

  get isOpen() {
    return this.node !== null;
  }

  /** @param {string} title @param {(one: GestureClass) => void} onPick */
  open(title, onPick) {
    this.close();
    this.onPick = onPick;
    this.chosen = 0;
    this.input = h('input', {
      class: 'palette-input',
      type: 'text',
      placeholder: 'Type part of a class name',
      'aria-label': title,
      role: 'combobox',
      'aria-expanded': 'true',
      'aria-controls': 'palette-list',
      autocomplete: 'off',
      spellcheck: 'false',
      on: { input: () => this.#search(), keydown: (event) => this.#key(event) },
    });
    this.list = h('ul', { class: 'palette-list', id: 'palette-list', role: 'listbox' });
    this.node = h('div', { class: 'palette', role: 'dialog', 'aria-label': title }, h('div', { class: 'palette-title', text: title }), this.input, this.list);
    this.node.addEventListener('focusout', (event) => {
      if (!this.node?.contains(/** @type {Node|null} */ (event.relatedTarget))) this.close();
    });
    this.host.append(this.node);
    this.#search();
    this.input.focus();
  }

  close() {
    if (!this.node) return;
    const { node } = this;
    this.node = null;
    node.remove();
    this.onClose();
  }

  #search() {
    this.found = matchClasses(this.classes, /** @type {HTMLInputElement} */ (this.input).value).slice(0, SHOWN);
    this.chosen = 0;
    this.#render();
  }

  #render() {
    const rows = this.found.map((one, i) => {
      const cap = this.keyNameOf(one.class_id);
      const item = h(
        'li',
        { class: 'palette-row', role: 'option', id: `palette-${i}`, 'aria-selected': String(i === this.chosen), on: { mousedown: (event) => event.preventDefault(), click: () => this.#pick(i) } },
        h('span', { class: 'swatch' }),
        h('span', { class: 'palette-name', text: one.name }),
        h('span', { class: 'dim', text: `${one.group} · ${one.code}` }),
        cap && h('kbd', { text: cap }),
      );
      item.style.setProperty('--group', one.colour);
      return item;
    });
    fill(this.list, ...(rows.length ? rows : [h('li', { class: 'palette-none', text: 'No class matches. Esc closes.' })]));
    this.input.setAttribute('aria-activedescendant', rows.length ? `palette-${this.chosen}` : '');
    rows[this.chosen]?.scrollIntoView({ block: 'nearest' });
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 };
    if (event.key in moves) {
      this.chosen = Math.max(0, Math.min(this.found.length - 1, this.chosen + moves[event.key]));
      this.#render();
    } else if (event.key === 'Enter') this.#pick(this.chosen);
    else if (event.key === 'Escape') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #pick(i) {
    const one = this.found[i];
    if (!one) return;
    const { onPick } = this;
    this.close();
    onPick(one);
  }
}
