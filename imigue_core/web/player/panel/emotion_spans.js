/**
 * What each single span adds to the emotion score: a list in which spans are switched off and
 * on, to see the score without them, and gone to. Nothing of it is stored; asking the server is
 * emotion_card.js.
 *
 * @typedef {import('../core/server.js').CountedSpan} CountedSpan
 */

import { formatClock } from '../core/clock.js';
import { button, findFocused, h, setText } from '../core/dom.js';

/** @typedef {{node: HTMLElement, check: HTMLInputElement, go: HTMLElement, adds: HTMLElement}} Row */

const SHOWN = 6;
const STEPS = new Map([
  ['ArrowDown', 1],
  ['ArrowUp', -1],
]);

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
  /** @param {CountedSpan} span */
  const placeOf = (span) => place.get(keyOf(span)) ?? Infinity;
  /** @param {CountedSpan} a @param {CountedSpan} b */
  const byPlace = (a, b) => (placeOf(a) === placeOf(b) ? 0 : placeOf(a) - placeOf(b));
  return [...spans].sort(
    (a, b) => byPlace(a, b) || Math.abs(b.logit) - Math.abs(a.logit) || a.start_frame - b.start_frame,
  );
}

export class EmotionSpans {
  /**
   * @param {{classes: import('../core/classes.js').ClassList, clock: import('../core/video_clock.js').VideoClock,
   *          goTo: (span: CountedSpan) => void, focus: () => void, format: (logit: number) => string,
   *          onSwitch: () => void}} options
   */
  constructor({ classes, clock, goTo, focus, format, onSwitch }) {
    this.classes = classes;
    this.clock = clock;
    this.goTo = goTo;
    this.leave = focus;
    this.format = format;
    this.onSwitch = onSwitch;
    /** @type {Set<string>} keys of what is switched off */
    this.off = new Set();
    /** @type {CountedSpan[]} */
    this.spans = [];
    /** @type {Map<string, Row>} */
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
    for (const span of seen) {
      const row = rows.get(rowOf(span));
      if (row) this.#fillRow(row, span);
    }
    const now = [...rows.values()].map(({ node }) => node);
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

  /** @param {number} n spans */
  #updateHead(n) {
    const nOff = this.off.size;
    const which = nOff ? `without ${nOff} of ${n}` : n === 1 ? 'the one there is' : `all ${n}`;
    this.state.textContent = n ? `by span: ${which}` : '';
    this.allOn.disabled = !nOff;
    this.more.hidden = n <= SHOWN;
    this.more.setAttribute('aria-expanded', String(this.isAll));
    this.more.textContent = this.isAll ? 'fewer spans' : `${n - SHOWN} more spans`;
  }

  /** @param {CountedSpan} span @returns {Row} */
  #makeRow(span) {
    const key = keyOf(span);
    const { name, short_name: short, colour } = this.classes.of(span.class_id);
    const at = formatClock(this.clock.secondsOf(span.start_frame));
    const check = h('input', {
      type: 'checkbox',
      'aria-label': `Count ${name} at ${at}`,
      title: 'Off: the score without this span',
      on: { change: () => this.#switch(key, check.checked) },
    });
    const where = span.annotation_id ? 'your label' : 'a suggestion';
    const go = h(
      'button',
      { type: 'button', class: 'score-span-go', title: `To ${name}, ${where}`, on: { click: () => this.goTo(span) } },
      h('span', { class: 'swatch' }),
      h('span', { class: 'top-name', text: short }),
      h('span', { class: 'dim numbers', text: at }),
    );
    const adds = h('span', { class: 'numbers' });
    const node = h('div', { class: 'score-span' }, check, go, adds);
    node.style.setProperty('--group', colour);
    return { node, check, go, adds };
  }

  /** @param {Row} row @param {CountedSpan} span */
  #fillRow({ node, check, adds }, span) {
    const isOff = this.off.has(keyOf(span));
    check.checked = !isOff;
    node.classList.toggle('off', isOff);
    setText(adds, isOff || !span.is_on ? 'off' : this.format(span.logit));
  }

  /** @param {string} key @param {boolean} isOn */
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
    if (isFocused) this.list.querySelector('input')?.focus(); // the button is of no use any more
    this.onSwitch();
  }

  #toggleMore() {
    this.isAll = !this.isAll;
    this.show(this.spans);
  }

  /** Up and down through the spans, Enter to the span, Escape back to the studio. @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const rows = [...this.rows.values()];
    const target = /** @type {HTMLElement} */ (event.target);
    const at = rows.findIndex(({ node }) => node.contains(target));
    const next = rows[at + (STEPS.get(event.key) ?? NaN)];
    const isCheck = rows[at]?.check === target;
    if (next) (isCheck ? next.check : next.go).focus();
    else if (event.key === 'Escape') this.leave();
    else if (event.key === 'Enter' && isCheck) {
      const span = this.spans.find((one) => keyOf(one) === this.order[at]);
      if (span) this.goTo(span);
    } else if (!STEPS.has(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
