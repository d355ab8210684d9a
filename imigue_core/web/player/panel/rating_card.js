/**
 * What the annotator feels the video is like: class, valence on seven points, certainty and a
 * note. None is derived from another, and nothing of the match's outcome is read or written here.
 * A rating is kept once its class is said; what is chosen before waits in this card.
 *
 * @typedef {import('../labels/labels.js').Rating} Rating
 */

import { button, h, setText, setUnlessFocused } from '../core/dom.js';
import { makeCertaintyField, readCertainty, showCertainty } from './certainty.js';

/** @type {NonNullable<Rating['emotion']>[]} */
const EMOTIONS = ['positive', 'negative', 'unsure'];
/** As stored, 1 to 7, with what is shown and read out. */
export const VALENCES = [
  { value: 1, text: '−3', words: 'very negative' },
  { value: 2, text: '−2', words: 'negative' },
  { value: 3, text: '−1', words: 'a little negative' },
  { value: 4, text: '0', words: 'neither' },
  { value: 5, text: '+1', words: 'a little positive' },
  { value: 6, text: '+2', words: 'positive' },
  { value: 7, text: '+3', words: 'very positive' },
];
const STEPS = new Map([
  ['ArrowRight', 1],
  ['ArrowLeft', -1],
]);
/** Arrow keys pass over what is not meant; what is meant stays that long. */
const SETTLE_MS = 600;

/**
 * The valence that a key means in the row of them, or undefined.
 * @param {string} key as `event.key` @param {number|null} value chosen now @returns {number|null|undefined}
 */
export function valenceOfKey(key, value) {
  if (/^[1-7]$/.test(key)) return Number(key);
  if (key === 'ArrowRight' || key === 'ArrowUp') return value === null ? 4 : Math.min(7, value + 1);
  if (key === 'ArrowLeft' || key === 'ArrowDown') return value === null ? 4 : Math.max(1, value - 1);
  if (key === 'Home') return 1;
  if (key === 'End') return 7;
  if (key === 'Delete' || key === 'Backspace') return null;
  return undefined;
}

/** "negative, −2, 75 %" @param {{emotion: string|null, valence?: number|null, confidence?: number|null}} rating */
export function describeRating({ emotion, valence = null, confidence = null }) {
  const point = VALENCES.find((one) => one.value === valence);
  return [emotion, point?.text, confidence === null ? null : `${Math.round(100 * confidence)} %`]
    .filter(Boolean)
    .join(', ');
}

/** Where an emotion stands in the row; the first place while none is said. @param {Rating['emotion']} emotion */
const placeOf = (emotion) => (emotion ? EMOTIONS.indexOf(emotion) : 0);

export class RatingCard {
  /** @param {{labels: import('../labels/labels.js').Labels, focus: () => void}} options */
  constructor({ labels, focus }) {
    this.labels = labels;
    this.leave = focus;
    /** @type {Partial<Rating>} chosen and not sent yet */
    this.draft = {};
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.state = h('span', { class: 'dim', role: 'status' });
    this.emotions = EMOTIONS.map((emotion) =>
      button({ text: emotion, pressed: false, class: 'button grow', onClick: () => this.#choose({ emotion }) }),
    );
    this.valences = VALENCES.map(({ value, text, words }) =>
      h('button', {
        type: 'button',
        class: 'button valence',
        role: 'radio',
        'aria-checked': 'false',
        'aria-label': `${text}, ${words}`,
        title: `${words} (${value})`,
        tabindex: -1,
        text,
        on: { click: () => this.#choose({ valence: value === this.shown.valence ? null : value }) },
      }),
    );
    this.certainty = makeCertaintyField(
      { 'aria-label': 'How sure you are of the emotion' },
      {
        onChoose: (value, isByKeys) => this.#choose({ confidence: readCertainty(value) }, { wait: isByKeys }),
        leave: focus,
      },
    );
    this.note = this.#makeNote();
    const classes = h(
      'div',
      { class: 'row', role: 'group', 'aria-label': 'Emotion of the video', 'aria-keyshortcuts': 'Shift+R' },
      ...this.emotions,
    );
    const scale = h(
      'div',
      { class: 'valences', role: 'radiogroup', 'aria-label': 'Valence, from very negative to very positive' },
      ...this.valences,
    );
    const ends = h(
      'div',
      { class: 'valence-ends dim', 'aria-hidden': 'true' },
      h('span', { text: 'very negative' }),
      h('span', { text: 'neither' }),
      h('span', { text: 'very positive' }),
    );
    classes.addEventListener('keydown', (event) => this.#onClassKey(event));
    scale.addEventListener('keydown', (event) => this.#onValenceKey(event));
    this.node = h(
      'div',
      { class: 'stack rating-card' },
      classes,
      h('div', {}, scale, ends),
      h('div', { class: 'row rating-row' }, this.certainty, this.note),
    );
    this.node.addEventListener(
      'focusout',
      (event) => !this.node.contains(/** @type {Node|null} */ (event.relatedTarget)) && this.#send(),
    );
  }

  /** What stands, with what was chosen meanwhile. */
  get shown() {
    return { ...this.labels.rating, ...this.draft };
  }

  /** Puts the focus on the class that is said, or on the first. */
  focus() {
    const node = this.emotions[placeOf(this.shown.emotion)];
    (node.closest('section') ?? node).scrollIntoView?.({ block: 'nearest' });
    node.focus({ preventScroll: true });
  }

  dispose() {
    this.#send();
  }

  draw() {
    const { shown } = this;
    const isWaiting = shown.emotion === null && Object.keys(this.draft).length > 0;
    const text = isWaiting
      ? 'choose the class to save'
      : shown.emotion
        ? `rated: ${describeRating(shown)}`
        : 'not rated';
    setText(this.state, text);
    this.emotions.forEach((node, i) => {
      node.setAttribute('aria-pressed', String(shown.emotion === EMOTIONS[i]));
      node.tabIndex = i === placeOf(shown.emotion) ? 0 : -1;
    });
    this.valences.forEach((node, i) => {
      node.setAttribute('aria-checked', String(shown.valence === i + 1));
      node.tabIndex = i + 1 === (shown.valence ?? 4) ? 0 : -1;
    });
    showCertainty(this.certainty, shown.confidence);
    setUnlessFocused(this.note, shown.note ?? '');
  }

  /** @param {Partial<Rating>} fields @param {{wait?: boolean}} [options] */
  #choose(fields, { wait = false } = {}) {
    Object.assign(this.draft, fields);
    clearTimeout(this.timer);
    if (wait) this.timer = setTimeout(() => this.#send(), SETTLE_MS);
    else this.#send();
    this.draw();
  }

  /** One edit with everything that is new; nothing until the class is said. */
  #send() {
    clearTimeout(this.timer);
    const { rating } = this.labels;
    const fields = Object.fromEntries(
      Object.entries(this.draft).filter(
        ([name, value]) => (rating[/** @type {keyof Rating} */ (name)] ?? null) !== value,
      ),
    );
    const emotion = this.draft.emotion ?? rating.emotion;
    if (emotion === null) return;
    this.draft = {};
    if (Object.keys(fields).length) this.labels.rate({ ...fields, emotion });
  }

  /** Arrows go from class to class, which Enter or Space takes; a digit is a valence. @param {KeyboardEvent} event */
  #onClassKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = this.emotions.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const step = STEPS.get(event.key);
    if (step && at >= 0) this.emotions[(at + step + EMOTIONS.length) % EMOTIONS.length].focus();
    else if (event.key === 'ArrowDown') this.#valenceNode().focus();
    else if (/^[1-7]$/.test(event.key)) this.#takeValence(Number(event.key), false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event */
  #onValenceKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const value = valenceOfKey(event.key, this.shown.valence);
    if (value === undefined) return;
    this.#takeValence(value, /^(Arrow|Home|End)/.test(event.key));
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number|null} value @param {boolean} wait for more keys */
  #takeValence(value, wait) {
    this.#choose({ valence: value }, { wait });
    this.#valenceNode().focus();
  }

  #valenceNode() {
    return this.valences[(this.shown.valence ?? 4) - 1];
  }

  #makeNote() {
    const attributes = { rows: 1, placeholder: 'Why (note)', 'aria-label': 'Note on the emotion', maxlength: 4000 };
    const node = h('textarea', attributes);
    node.addEventListener('change', () => this.#choose({ note: node.value }));
    node.addEventListener('keydown', (event) => {
      if ((event.key === 'Enter' && !event.shiftKey && !event.isComposing) || event.key === 'Escape') this.leave();
    });
    return node;
  }
}
