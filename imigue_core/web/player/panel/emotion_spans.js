/**
 * What each single span adds to the emotion score: a list in which spans are switched off and
 * on, to see the score without them, and gone to. Nothing of it is stored; asking the server is
 * emotion_card.js.
 *
 * @typedef {{annotation_id?: string, suggestion_id?: number, class_id: number, start_frame: number, end_frame: number,
 *            is_on: boolean, logit: number}} CountedSpan
 */

import { formatClock, secondsOf } from '../core/clock.js';
import { button, findFocused, h } from '../core/dom.js';

const SHOWN = 6;

/** What a span is called in an address. @param {CountedSpan} span */
export const keyOf = (span) => span.annotation_id ?? String(span.suggestion_id);

/** What a row says of a span, which may be moved or relabelled. @param {CountedSpan} span */
const rowOf = (span) => `${keyOf(span)} ${span.class_id} ${span.start_frame}`;

/**
 * Spans by what they add, largest first. While some are off the rest keep their places, so that nothing
 * moves under the hand; what is new comes last.
 * @param {CountedSpan[]} spans @param {string[]} former keys in the order shown before @returns {CountedSpan[]}
 */
export function sortSpans(spans, former) {
  const isWhole = spans.every((one) => one.is_on);
  const place = new Map(isWhole ? [] : former.map((key, i) => [key, i]));
  const placeOf = (span) => place.get(keyOf(span)) ?? Infinity;
  const byPlace = (a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b));
  return [...spans].sort(
    (a, b) => byPlace(a, b) || Math.abs(b.logit) - Math.abs(a.logit) || a.start_frame - b.start_frame,
  );
}

export class EmotionSpans {
  /**
   * @param {import('../core/player.js').Player} player
   * @param {{format: (logit: number) => string, onSwitch: () => void}} options
   */
  constructor(player, { format, onSwitch }) {
    this.player = player;
    this.format = format;
    this.onSwitch = onSwitch;
    /** @type {Set<string>} keys of what is switched off */
    this.off = new Set();
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    /** @type {string[]} */
    this.order = [];
    this.isAll = false;
    this.state = h('span', { class: 'dim', role: 'status' });
    this.allOn = button({ text: 'all on again', onClick: () => this.#switchAllOn() });
    this.list = h('div', { class: 'contributions', role: 'group', 'aria-label': 'Spans that count in the score' });
    this.more = button({ text: '', onClick: () => this.#toggleMore() });
    this.node = h(
      'div',
      { class: 'stack tight score-spans' },
      h('div', { class: 'score-spans-head' }, this.state, this.allOn),
      this.list,
      h('div', { class: 'row' }, this.more),
    );
    this.list.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** @param {CountedSpan[]} spans as the server counted them; what it does not count any more is not off either */
  show(spans) {
    const known = new Set(spans.map(keyOf));
    for (const key of this.off) if (!known.has(key)) this.off.delete(key);
    const sorted = sortSpans(spans, this.order);
    this.order = sorted.map(keyOf);
    const seen = this.isAll ? sorted : sorted.slice(0, SHOWN);
    const rows = new Map(seen.map((span) => [rowOf(span), this.rows.get(rowOf(span)) ?? this.#makeRow(span)]));
    for (const span of seen) this.#fillRow(rows.get(rowOf(span)), span);
    const now = [...rows.values()];
    if (now.length !== this.list.children.length || now.some((row, i) => row !== this.list.children[i]))
      this.#place(now);
    this.rows = rows;
    this.spans = spans;
    this.#updateHead(spans.length);
  }

  /** The focus stays where it is when rows change places. @param {HTMLElement[]} rows */
  #place(rows) {
    const focused = findFocused(this.list);
    this.list.replaceChildren(...rows);
    if (focused && rows.some((row) => row.contains(focused))) focused.focus();
  }

  #updateHead(n) {
    const nOff = this.off.size;
    this.state.textContent = !n
      ? ''
      : `by span: ${nOff ? `without ${nOff} of ${n}` : n === 1 ? 'the one there is' : `all ${n}`}`;
    this.allOn.disabled = !nOff;
    this.more.hidden = n <= SHOWN;
    this.more.setAttribute('aria-expanded', String(this.isAll));
    this.more.textContent = this.isAll ? 'fewer spans' : `${n - SHOWN} more spans`;
  }

  #makeRow(span) {
    const key = keyOf(span);
    const { name, short_name: short, colour } = this.player.classOf(span.class_id);
    const at = formatClock(secondsOf(this.player.times, this.player.fps, span.start_frame));
    const check = h('input', {
      type: 'checkbox',
      'aria-label': `Count ${name} at ${at}`,
      title: 'Off: the score without this span',
      on: { change: () => this.#switch(key, check.checked) },
    });
    const where = span.annotation_id ? 'your label' : 'a suggestion';
    const go = h(
      'button',
      { type: 'button', class: 'score-span-go', title: `To ${name}, ${where}`, on: { click: () => this.#goTo(span) } },
      h('span', { class: 'swatch' }),
      h('span', { class: 'top-name', text: short }),
      h('span', { class: 'dim numbers', text: at }),
    );
    const row = h('div', { class: 'score-span' }, check, go, h('span', { class: 'numbers' }));
    row.style.setProperty('--group', colour);
    return row;
  }

  #fillRow(row, span) {
    const isOff = this.off.has(keyOf(span));
    row.firstElementChild.checked = !isOff;
    row.classList.toggle('off', isOff);
    row.lastElementChild.textContent = isOff || !span.is_on ? 'off' : this.format(span.logit);
  }

  #switch(key, isOn) {
    if (isOn) this.off.delete(key);
    else this.off.add(key);
    this.show(this.spans);
    this.onSwitch();
  }

  #switchAllOn() {
    const isFocused = findFocused(this.node) === this.allOn;
    this.off.clear();
    this.show(this.spans);
    if (isFocused) /** @type {HTMLElement|null} */ (this.list.querySelector('input'))?.focus(); // the button is of no use any more
    this.onSwitch();
  }

  #toggleMore() {
    this.isAll = !this.isAll;
    this.show(this.spans);
  }

  #goTo(span) {
    const { player } = this;
    player.transport.stop();
    void player.seek(span.start_frame);
    player.timeline.reveal(span);
  }

  /** Up and down through the spans, Enter to the span, Escape back to the studio. */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const rows = [...this.list.children];
    const at = rows.findIndex((row) => row.contains(event.target));
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isCheck = event.target.matches('input');
    if (step && rows[at + step]) /** @type {HTMLElement} */ (rows[at + step].children[isCheck ? 0 : 1]).focus();
    else if (event.key === 'Escape') this.player.focus();
    else if (event.key === 'Enter' && isCheck) this.#goTo(this.spans.find((one) => keyOf(one) === this.order[at]));
    else if (!step) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
