/**
 * What the studio refused, as cards in the panel: one a card for each edit, or for each group of
 * edits that belonged together, with both versions where two tabs changed the same label.
 *
 * @typedef {import('../labels/edits.js').Refusal & {edit: import('../labels/edits.js').Edit, at: number}} Refused
 * @typedef {{code: string, message: string, refused: Refused[]}} Case what was refused together, and why
 * @typedef {import('../labels/labels.js').Label} Label
 * @typedef {Object} Step an edit made again
 * @property {import('../labels/edits.js').Kind} kind
 * @property {string} annotation_id
 * @property {Partial<import('../labels/edits.js').Draft>} fields
 * @typedef {Partial<import('../labels/edits.js').Draft>|import('../labels/labels.js').Held} Told what a card tells of
 */

import { formatCount } from '../core/clock.js';
import { button, fill, h } from '../core/dom.js';
import { describeRating } from './rating_card.js';
import { makeSection } from './section.js';

const MOST_CARDS = 5;
const MOST_LINES = 3;
const CHANGES = ['move', 'relabel', 'annotate', 'delete'];
const FIELDS = ['class_id', 'start_frame', 'end_frame', 'note', 'confidence', 'mark'];
/** A member of a group that was refused only because another one was. */
const COMPANION = 'GROUP_REFUSED';

/**
 * Refusals by what was refused together. Of a group the reason is that of the edit that was wrong itself.
 * @param {Refused[]} refusals @returns {Case[]}
 */
export function listCases(refusals) {
  /** @type {Refused[][]} */
  const cases = [];
  /** @type {Map<string, Refused[]>} */
  const byGroup = new Map();
  for (const refusal of refusals) {
    const groupId = refusal.edit.group_id;
    const known = groupId && byGroup.get(groupId);
    if (known) known.push(refusal);
    else {
      const refused = [refusal];
      if (groupId) byGroup.set(groupId, refused);
      cases.push(refused);
    }
  }
  return cases.map((refused) => {
    const { code, message } = refused.find((one) => one.code !== COMPANION) ?? refused[0];
    return { code, message, refused };
  });
}

/**
 * What making a refused change again, on top of what stands now, takes; null when that is not possible.
 * @param {Case} one @param {Map<string, Label>} annotations
 * @returns {Step[]|null}
 */
export function planRepeat({ code, refused }, annotations) {
  if (code !== 'CONFLICT') return null;
  const made = new Set();
  /** @type {Step[]} */
  const steps = [];
  for (const { edit } of refused) {
    const { kind, annotation_id: id } = edit;
    if (id === null) return null;
    const isNew = kind === 'create' && !annotations.has(id);
    if (isNew) made.add(id);
    else if (!CHANGES.includes(kind) || !(made.has(id) || annotations.has(id))) return null;
    const fields = Object.fromEntries(Object.entries(edit).filter(([name]) => FIELDS.includes(name)));
    steps.push({
      kind,
      annotation_id: id,
      fields: isNew && edit.suggestion ? { ...fields, suggestion: edit.suggestion } : fields,
    });
  }
  return refused.some(({ edit }) => edit.kind !== 'create') ? steps : null;
}

export class RefusalCards {
  /**
   * @param {{edits: import('../labels/outbox.js').Outbox, labels: import('../labels/labels.js').Labels,
   *          picked: import('../labels/picked.js').Picked, classes: import('../core/classes.js').ClassList,
   *          say: (text: string) => void}} options
   */
  constructor({ edits, labels, picked, classes, say }) {
    this.edits = edits;
    this.labels = labels;
    this.picked = picked;
    this.classes = classes;
    this.say = say;
    /** @type {Refused[]} what the cards tell of */
    this.shown = [];
    this.body = h('div', { class: 'stack' });
    this.node = makeSection('Refused', null, this.body);
  }

  draw() {
    const { refusals } = this.edits;
    this.node.hidden = !refusals.length;
    if (refusals === this.shown) return; // what else the cards read is asked anew when a choice is pressed
    this.shown = refusals;
    const cards = listCases(refusals)
      .slice(-MOST_CARDS)
      .map((one) => this.#makeCard(one));
    const dismiss = button({ text: 'dismiss', onClick: () => this.edits.dismiss(refusals) });
    fill(this.body, ...cards, refusals.length > 0 && dismiss);
  }

  /** @param {Case} one */
  #makeCard(one) {
    const { code, message, refused } = one;
    const { edit } = refused[0];
    const isStep = edit.kind === 'undo' || edit.kind === 'redo';
    const counts = `${formatCount(refused.length)} of ${formatCount(edit.group_size ?? 0)} changes`;
    const text =
      isStep && edit.group_size
        ? `Not ${edit.kind === 'undo' ? 'undone' : 'done again'}: ${counts}. ${message}`
        : message;
    const own = isStep || !edit.kind ? [] : refused.map((each) => this.#describe(each.edit));
    /** @type {Map<string|number|null|undefined, import('../labels/labels.js').Held>} */
    const standing = new Map(
      refused.flatMap(({ code: why, current }) =>
        current && why !== COMPANION ? [[current.annotation_id ?? current.suggestion_id, current]] : [],
      ),
    );
    return h(
      'div',
      { class: 'card refusal', role: 'group', 'aria-label': 'Refused' },
      h('div', { text }),
      h('div', {
        class: 'dim',
        text: own.length ? `${code} · yours${own.length > 1 ? ', all or nothing' : ''}: ${shorten(own)}` : code,
      }),
      standing.size > 0 &&
        h('div', {
          class: 'dim',
          text: `now: ${shorten([...standing.values()].map((current) => this.#describeStanding(current)))}`,
        }),
      this.#makeChoice(one),
    );
  }

  /** @param {import('../labels/labels.js').Held} current */
  #describeStanding(current) {
    return current.deleted ? 'deleted' : this.#describe(current);
  }

  /** What was typed, so that nothing refused is lost from sight. @param {Told} edit */
  #describe(edit) {
    /** @type {string[]} */
    const parts = 'kind' in edit && edit.kind ? [edit.kind] : [];
    if (edit.class_id !== undefined) parts.push(this.classes.of(edit.class_id).short_name);
    if (edit.start_frame !== undefined)
      parts.push(`${formatCount(edit.start_frame)}–${formatCount(Number(edit.end_frame))}`);
    if (edit.emotion) parts.push(describeRating({ ...edit, emotion: edit.emotion }));
    if (edit.note) parts.push(`“${edit.note}”`);
    return parts.join(' ');
  }

  /** Two tabs changed one label: which version stands. @param {Case} one */
  #makeChoice(one) {
    const { labels } = this;
    if (!planRepeat(one, labels.annotations)) return null;
    const drop = () => this.edits.dismiss(one.refused);
    const keepMine = () => {
      const steps = planRepeat(one, labels.annotations); // as things stand when it is pressed
      if (steps) this.#repeat(steps);
      else this.say('That label is gone meanwhile.');
      drop();
    };
    return h(
      'div',
      { class: 'row' },
      button({ text: 'keep mine', title: 'Make this change to what stands now', onClick: keepMine }),
      button({ text: 'keep theirs', title: 'Leave things as they are now', onClick: drop }),
    );
  }

  /**
   * Makes a refused change again, on top of what stands now; of a group all or nothing, as before.
   * @param {Step[]} steps
   */
  #repeat(steps) {
    const { labels } = this;
    labels.group(() => {
      for (const { kind, annotation_id: id, fields } of steps) {
        const { class_id: classId, start_frame: start, end_frame: end, suggestion } = fields;
        if (kind !== 'create')
          labels.change(id, /** @type {'move'|'relabel'|'delete'|'annotate'} */ (kind), fields); // one of CHANGES
        else if (classId !== undefined && start !== undefined && end !== undefined)
          labels.create(classId, start, end, suggestion, id);
      }
    });
    const last = steps.findLast(({ annotation_id: id }) => labels.annotations.has(id));
    this.picked.chooseLabel(last?.annotation_id ?? null);
  }
}

/** @param {string[]} parts @returns {string} equal ones once with their number, the first few of them */
export function shorten(parts) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  const lines = [...counts].map(([part, n]) => (n > 1 ? `${formatCount(n)} × ${part}` : part));
  return lines.length > MOST_LINES
    ? `${lines.slice(0, MOST_LINES).join('; ')} and ${formatCount(lines.length - MOST_LINES)} more`
    : lines.join('; ');
}
