/** The current label in the panel: what it is, how sure its annotator is, its note, and what can be done to it. */

import { describeLength, formatCount } from '../core/clock.js';
import { button, findFocused, h, refill, setText, setUnlessFocused } from '../core/dom.js';
import { makeCertaintyField, readCertainty, showCertainty } from './certainty.js';
import { LabelTools } from './label_tools.js';
import { makeSection } from './section.js';

const NOTHING =
  'Nothing selected. A class key opens a span at the play head, pressed again it closes it; I and O mark a span ' +
  'that a class key labels. Tab walks through your labels.';
/** [text, key, action, title] @type {[string, string, string, string][]} */
const ACTIONS = [
  ['class', 'R', 'relabel', 'Change the class'],
  ['delete', '⌫', 'deleteLabel', 'Delete the label'],
  ['start', '[', 'setStart', 'The label starts at the play head'],
  ['end', ']', 'setEnd', 'The label ends at the play head'],
];

export class LabelCard {
  /**
   * @param {{labels: import('../labels/labels.js').Labels, picked: import('../labels/picked.js').Picked,
   *          classes: import('../core/classes.js').ClassList, clock: import('../core/video_clock.js').VideoClock,
   *          annotate: (id: string|null, fields: {note?: string, confidence?: number|null}) => void,
   *          act: import('../keys/actions.js').Act, focus: () => void, above: Node}} options
   *   `above`: what stands over the label while several are selected
   */
  constructor({ labels, picked, classes, clock, annotate, act, focus, above }) {
    this.labels = labels;
    this.picked = picked;
    this.classes = classes;
    this.clock = clock;
    /** @type {string|null} label that the field in use belongs to */
    this.editedId = null;
    this.count = h('span', { class: 'dim' });
    this.head = h('div', { class: 'label-head' });
    this.note = makeNote((note) => annotate(this.editedId, { note }));
    this.confidence = makeCertaintyField(
      { 'aria-label': 'How sure you are', title: 'Shift C steps it', 'aria-keyshortcuts': 'Shift+C' },
      {
        onChoose: (value) => annotate(this.editedId ?? picked.labelId, { confidence: readCertainty(value) }),
        leave: focus,
      },
    );
    this.discuss = button({
      text: 'unclear, discuss',
      key: '⇧D',
      pressed: false,
      title: 'Mark this label “unclear, discuss”',
      onClick: () => act('toggleUnclear'),
    });
    for (const field of [this.note, this.confidence]) this.#tieToLabel(field);
    const actions = ACTIONS.map(([text, key, name, title]) => button({ text, key, title, onClick: () => act(name) }));
    this.body = h(
      'div',
      { class: 'stack tight' },
      h('div', { class: 'row' }, ...actions),
      h('div', { class: 'row' }, this.confidence, this.discuss),
      this.note,
    );
    this.tools = new LabelTools({ act });
    this.node = makeSection(
      'Label',
      this.count,
      h('div', { class: 'card' }, above, this.head, this.body, this.tools.node),
    );
  }

  draw() {
    const { labels, picked } = this;
    const { label } = picked;
    const isOneOfMany = picked.labels.length > 0;
    const isOwn = label !== null && labels.isOwn(label);
    this.node.hidden = picked.context !== null;
    setText(this.count, this.#describePlace(label));
    this.body.hidden = !isOwn || isOneOfMany;
    this.tools.show(label && !isOneOfMany ? isOwn : null);
    if (label) this.#drawLabel(label, isOwn);
    else refill(this.head, !isOneOfMany && h('p', { class: 'dim', text: NOTHING }));
  }

  /** @param {import('../labels/labels.js').Label|null} label */
  #describePlace(label) {
    const { own } = this.labels;
    const at = label ? own.findIndex((one) => one.annotation_id === label.annotation_id) : -1;
    return at >= 0 ? `${formatCount(at + 1)} of ${formatCount(own.length)}` : `${formatCount(own.length)} of yours`;
  }

  /** @param {import('../labels/labels.js').Label} label @param {boolean} isOwn */
  #drawLabel(label, isOwn) {
    const { name, colour, group, code } = this.classes.of(label.class_id);
    const length = describeLength(label.end_frame - label.start_frame + 1, this.clock.durationOf(label));
    const clip = label.label_id ? ` · clip ${label.label_id}` : '';
    const by = isOwn ? '' : ` · by ${label.annotator}, read only`;
    const swatch = h('span', { class: 'swatch' });
    swatch.style.setProperty('--group', colour);
    refill(
      this.head,
      h('div', { class: 'label-name' }, swatch, h('strong', { text: name })),
      h('div', { class: 'dim', text: `${group} · ${code}${clip}${by}` }),
      h('div', {
        class: 'numbers',
        text: `${formatCount(label.start_frame)} – ${formatCount(label.end_frame)} · ${length}`,
      }),
    );
    setUnlessFocused(this.note, label.note ?? '');
    if (findFocused(this.confidence) !== this.confidence) showCertainty(this.confidence, label.confidence);
    this.discuss.setAttribute('aria-pressed', String(Boolean(label.mark)));
  }

  /**
   * A field belongs to the label it was entered for: a click on another label selects that one before the field is
   * left.
   * @param {HTMLElement} field
   */
  #tieToLabel(field) {
    field.addEventListener('focus', () => {
      this.editedId = this.picked.labelId;
    });
    field.addEventListener('blur', () => {
      this.editedId = null;
      this.draw(); // what was not shown in the field while it was written in
    });
  }
}

/** A text is taken when it is left or Enter is pressed; Escape leaves it too. @param {(note: string) => void} commit */
function makeNote(commit) {
  const node = h('textarea', {
    rows: 1,
    placeholder: 'Note',
    title: 'F2 writes a note',
    'aria-label': 'Note on this label',
    'aria-keyshortcuts': 'F2',
    maxlength: 4000,
  });
  node.addEventListener('change', () => commit(node.value));
  node.addEventListener('keydown', (event) => {
    if ((event.key === 'Enter' && !event.shiftKey && !event.isComposing) || event.key === 'Escape') node.blur();
  });
  return node;
}
