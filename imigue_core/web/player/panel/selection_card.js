/** What the panel shows while several labels are selected: how many, of which classes, and what can be done to all. */

import { formatCount } from '../core/clock.js';
import { button, h, refill, setText } from '../core/dom.js';
import { UNCLEAR } from '../labels/span_hands.js';
import { makeCertaintyField, readCertainty } from './certainty.js';

const NOT_SET = 'none';
const MOST_CLASSES = 4;

export class SelectionCard {
  /**
   * @param {{labels: import('../labels/labels.js').Labels, picked: import('../labels/picked.js').Picked,
   *          classes: import('../core/classes.js').ClassList,
   *          setCertainty: (confidence: number|null) => void,
   *          act: import('../keys/actions.js').Act, focus: () => void}} options
   */
  constructor({ labels, picked, classes, setCertainty, act, focus }) {
    this.labels = labels;
    this.picked = picked;
    this.classList = classes;
    /** @param {string} text @param {string} key @param {string} name @param {string} title */
    const action = (text, key, name, title) => button({ text, key, title, onClick: () => act(name) });
    this.count = h('strong', { role: 'status', 'aria-live': 'polite' });
    this.classes = h('div', { class: 'selection-classes' });
    this.unclear = button({
      text: 'unclear, discuss',
      key: '⇧D',
      pressed: false,
      title: 'Mark all of them “unclear, discuss”',
      onClick: () => act('toggleUnclear'),
    });
    this.current = action('add', 'Y', 'chooseCurrent', 'Add the label below to the selection, or leave it out');
    this.certainty = makeCertainty(setCertainty, focus);
    this.node = h(
      'div',
      { class: 'stack tight selection-card', role: 'group', 'aria-label': 'Labels selected together', hidden: true },
      this.count,
      this.classes,
      h(
        'div',
        { class: 'row' },
        action('class', 'R', 'relabel', 'Change the class of all of them; a class key does it too'),
        action('delete', '⌫', 'deleteLabel', 'Delete all of them'),
        action('merge', 'M', 'mergeLabel', 'Merge all of them, when they are of one class'),
      ),
      h('div', { class: 'row' }, this.unclear, this.certainty),
      h(
        'div',
        { class: 'row' },
        this.current,
        action('none', 'Esc', 'dropChosen', 'Select none of them'),
        action('loop', 'P', 'loopSpan', 'Play from the first to the last of them again and again'),
      ),
    );
  }

  draw() {
    const { labels, label: current, chosenIds } = this.picked;
    this.node.hidden = !labels.length;
    if (!labels.length) return;
    setText(this.count, `${formatCount(labels.length)} ${labels.length === 1 ? 'label' : 'labels'} selected`);
    refill(this.classes, ...this.#describeClasses(labels));
    this.unclear.setAttribute('aria-pressed', String(labels.every((label) => label.mark === UNCLEAR)));
    this.current.hidden = !current || !this.labels.isOwn(current);
    const isIn = current !== null && chosenIds.has(current.annotation_id);
    if (this.current.lastElementChild) setText(this.current.lastElementChild, isIn ? 'leave out' : 'add');
  }

  /** @param {import('../labels/labels.js').Label[]} labels */
  #describeClasses(labels) {
    /** @type {Map<number, number>} */
    const counts = new Map();
    for (const { class_id: id } of labels) counts.set(id, (counts.get(id) ?? 0) + 1);
    const sorted = [...counts].sort((a, b) => b[1] - a[1]);
    const rest = sorted.length - MOST_CLASSES;
    const rows = sorted.slice(0, MOST_CLASSES).map(([id, n]) => {
      const { colour, short_name: short } = this.classList.of(id);
      const swatch = h('span', { class: 'swatch' });
      swatch.style.setProperty('--group', colour);
      return h('span', { class: 'selection-class' }, swatch, h('span', { text: `${short} ${formatCount(n)}` }));
    });
    return rest > 0
      ? [...rows, h('span', { class: 'dim', text: `and ${rest} more ${rest === 1 ? 'class' : 'classes'}` })]
      : rows;
  }
}

/** @param {(confidence: number|null) => void} setCertainty of all of them @param {() => void} leave */
function makeCertainty(setCertainty, leave) {
  const node = makeCertaintyField(
    { 'aria-label': 'How sure you are of all of them', title: 'Shift C steps it' },
    {
      first: [h('option', { value: '', text: 'certainty' }), h('option', { value: NOT_SET, text: 'not set' })],
      onChoose: (value) => value && setCertainty(value === NOT_SET ? null : readCertainty(value)),
      leave,
    },
  );
  node.addEventListener('blur', () => (node.value = '')); // labels differ: what was said of all is no state of theirs
  return node;
}
