/**
 * Picking one of the classes by typing part of its name. Matching and arranging are pure;
 * the list is a small dialog over the picture.
 *
 * @typedef {import('../core/server.js').GestureClass} GestureClass
 */

import { fill, h } from '../core/dom.js';

const N_RECENT = 5;
const RECENT = 'recent';

/** @type {Record<string, number>} rows that a key goes on */
const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 };

/** Small letters without accents. @param {string} text */
const fold = (text) =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '');
/** @param {string} text */
const words = (text) =>
  fold(text)
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

/**
 * Classes that match, best first: exact id or code, then words that begin as typed,
 * then text inside words, then the letters in order; the more frequent class first.
 * @param {GestureClass[]} classes @param {string} query @returns {GestureClass[]}
 */
export function matchClasses(classes, query) {
  const typed = fold(query.trim());
  /** @param {GestureClass} a @param {GestureClass} b */
  const byCount = (a, b) => b.published_count - a.published_count;
  if (!typed) return [...classes].sort(byCount);
  return classes
    .map((one) => ({ one, score: scoreOf(one, typed) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || byCount(a.one, b.one))
    .map(({ one }) => one);
}

/** @param {GestureClass} one @param {string} typed folded @returns {number} 0 for no match */
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

/** @param {string} typed @param {string} text */
function isSubsequence(typed, text) {
  let at = 0;
  for (const letter of text) if (letter === typed[at]) at += 1;
  return at === typed.length;
}

/**
 * What the list shows, under headings: with nothing typed the classes picked last and then the
 * groups; else what matches by group, the group of the best match first.
 * @param {GestureClass[]} classes @param {string} query @param {number[]} recent ids, the last one picked first
 * @returns {{title: string, classes: GestureClass[]}[]}
 */
export function arrangeClasses(classes, query, recent) {
  /** @type {Map<string, GestureClass[]>} */
  const groups = new Map();
  /** @param {string} title @param {GestureClass} one */
  const add = (title, one) => groups.set(title, [...(groups.get(title) ?? []), one]);
  const matches = matchClasses(classes, query);
  const picked = query.trim()
    ? []
    : recent.map((id) => matches.find((one) => one.class_id === id)).filter((one) => one !== undefined);
  for (const one of picked) add('picked last', one);
  for (const one of matches) if (!picked.includes(one)) add(one.group, one);
  return [...groups].map(([title, found]) => ({ title, classes: found }));
}

/** The classes picked last with one more. @param {number[]} recent @param {number} classId */
export const addRecent = (recent, classId) => [classId, ...recent.filter((id) => id !== classId)].slice(0, N_RECENT);

export class Palette {
  /**
   * @param {{host: HTMLElement, classes: import('../core/classes.js').ClassList,
   *          classKeys: {capsOf: (classId: number) => string[]},
   *          preferences: import('../core/preferences.js').Preferences,
   *          sight: {makeSign: (classId: number) => HTMLElement|null},
   *          act: import('../keys/actions.js').Act, focus: () => void}} options
   */
  constructor({ host, classes, classKeys, preferences, sight, act, focus }) {
    this.host = host;
    this.classes = classes;
    this.classKeys = classKeys;
    this.preferences = preferences;
    this.sight = sight;
    this.act = act;
    this.leave = focus;
    /** @type {HTMLElement|null} while it is open */
    this.node = null;
    this.input = h('input');
    this.list = h('div');
    this.beside = h('div');
    /** @type {GestureClass[]} */
    this.found = [];
    /** @type {HTMLElement[]} */
    this.rows = [];
    this.chosen = 0;
    /** @type {(one: GestureClass, how: {isSecond: boolean}) => void} */
    this.onPick = () => {};
    /**
     * @type {((one: GestureClass|null, node: HTMLElement) => void)|null} told what is highlighted, null at the end; may
     * fill the place beside the list
     */
    this.aside = null;
  }

  get isOpen() {
    return this.node !== null;
  }

  get highlighted() {
    return this.found[this.chosen] ?? null;
  }

  /** @returns {number[]} */
  get recent() {
    return this.preferences.get(RECENT, /** @type {number[]} */ ([]));
  }

  /**
   * @param {string} title
   * @param {(one: GestureClass, how: {isSecond: boolean}) => void} onPick `isSecond`: Shift was held
   */
  open(title, onPick) {
    this.close();
    this.onPick = onPick;
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
    this.list = h('div', { class: 'palette-list', id: 'palette-list', role: 'listbox', 'aria-label': 'Classes' });
    this.beside = h('div', { class: 'palette-aside' });
    const main = h(
      'div',
      { class: 'palette-main' },
      h('div', { class: 'palette-title', text: title }),
      this.input,
      this.list,
    );
    this.node = h('div', { class: 'palette', role: 'dialog', 'aria-label': title }, main, this.beside);
    this.node.addEventListener('focusout', (event) => {
      if (!this.node?.contains(/** @type {Node|null} */ (event.relatedTarget))) this.close();
    });
    this.host.append(this.node);
    this.#search();
    this.input.focus();
  }

  close() {
    if (!this.node) return;
    const { node, beside } = this;
    this.node = null;
    this.aside?.(null, beside);
    node.remove();
    this.leave();
  }

  #search() {
    const groups = arrangeClasses(this.classes.list, this.input.value, this.recent);
    this.found = groups.flatMap((group) => group.classes);
    this.rows = [];
    const nodes = groups.map(({ title, classes }) =>
      h(
        'div',
        { role: 'group', 'aria-label': title },
        h('div', { class: 'palette-group', 'aria-hidden': 'true', text: title }),
        ...classes.map((one) => this.#makeRow(one)),
      ),
    );
    fill(
      this.list,
      ...(nodes.length ? nodes : [h('div', { class: 'palette-none', text: 'No class matches. Esc closes.' })]),
    );
    this.#choose(0);
  }

  /** @param {GestureClass} one */
  #makeRow(one) {
    const i = this.rows.length;
    const caps = this.classKeys.capsOf(one.class_id);
    const row = h(
      'div',
      {
        class: 'palette-row',
        role: 'option',
        id: `palette-${i}`,
        'aria-selected': 'false',
        on: {
          mousedown: (event) => event.preventDefault(),
          click: (event) => this.#pick(i, event.shiftKey),
          pointermove: () => this.chosen !== i && this.#choose(i, false),
        },
      },
      h('span', { class: 'swatch' }),
      h(
        'span',
        { class: 'palette-text' },
        h('span', { class: 'palette-name', text: one.name }),
        one.cue && h('span', { class: 'palette-cue dim', text: one.cue, title: one.cue }),
      ),
      this.sight.makeSign(one.class_id),
      h('span', { class: 'dim', text: one.code }),
      h('span', { class: 'palette-caps' }, ...caps.map((cap) => h('kbd', { text: cap }))),
    );
    row.style.setProperty('--group', one.colour);
    this.rows.push(row);
    return row;
  }

  /** @param {number} i place in the list @param {boolean} [isScrolling] */
  #choose(i, isScrolling = true) {
    this.rows[this.chosen]?.setAttribute('aria-selected', 'false');
    this.chosen = i;
    const row = this.rows[i];
    row?.setAttribute('aria-selected', 'true');
    this.input.setAttribute('aria-activedescendant', row?.id ?? '');
    if (isScrolling) (i === 0 ? row?.parentElement : row)?.scrollIntoView({ block: 'nearest' });
    this.aside?.(this.found[i] ?? null, this.beside);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const move = MOVES[event.key];
    if (move) this.#choose(Math.max(0, Math.min(this.found.length - 1, this.chosen + move)));
    else if (event.key === 'Enter') this.#pick(this.chosen, event.shiftKey);
    else if (event.key === 'Escape') this.close();
    else if (event.key === 'F1') this.act('codebook');
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} i place in the list @param {boolean} isSecond */
  #pick(i, isSecond) {
    const one = this.found[i];
    if (!one) return;
    const { onPick } = this;
    this.preferences.set(RECENT, addRecent(this.recent, one.class_id));
    this.close();
    onPick(one, { isSecond });
  }
}
