/**
 * What the studio refused, as cards in the panel: one a card for each edit, or for each group of
 * edits that belonged together, with both versions where two tabs changed the same label.
 *
 * @typedef {import('../labels/edits.js').Refusal & {edit: import('../labels/edits.js').Edit, at: number}} Refused
 * @typedef {{code: string, message: string, refused: Refused[]}} Case what was refused together, and why
 */

import { formatCount } from '../core/clock.js';
import { button, fill, h } from '../core/dom.js';
import { describeRating } from './rating_card.js';

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
  const cases = [];
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
 * @param {Case} one @param {Map<string, import('../labels/labels.js').Label>} annotations
 * @returns {{kind: string, annotation_id: string, fields: Record<string, any>}[]|null}
 */
export function planRepeat({ code, refused }, annotations) {
  if (code !== 'CONFLICT') return null;
  const made = new Set();
  const steps = [];
  for (const { edit } of refused) {
    const isNew = edit.kind === 'create' && !annotations.has(edit.annotation_id);
    if (isNew) made.add(edit.annotation_id);
    else if (!CHANGES.includes(edit.kind) || !(made.has(edit.annotation_id) || annotations.has(edit.annotation_id)))
      return null;
    const fields = Object.fromEntries(FIELDS.filter((name) => name in edit).map((name) => [name, edit[name]]));
    steps.push({
      kind: edit.kind,
      annotation_id: edit.annotation_id,
      fields: isNew && edit.suggestion ? { ...fields, suggestion: edit.suggestion } : fields,
    });
  }
  return refused.some(({ edit }) => edit.kind !== 'create') ? steps : null;
}

export class RefusalCards {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.node = h('div', { class: 'stack' });
    this.key = '';
  }

  /** @returns {boolean} whether there is anything to show */
  update() {
    const { refusals } = this.player.edits;
    const key = refusals.map(({ edit }) => edit.edit_id).join();
    if (key !== this.key) {
      this.key = key;
      const cards = listCases(refusals)
        .slice(-MOST_CARDS)
        .map((one) => this.#makeCard(one));
      fill(
        this.node,
        ...cards,
        refusals.length > 0 && button({ text: 'dismiss', onClick: () => this.#drop(refusals) }),
      );
    }
    return refusals.length > 0;
  }

  #makeCard(one) {
    const { code, message, refused } = one;
    const { edit } = refused[0];
    const isStep = edit.kind === 'undo' || edit.kind === 'redo';
    const text =
      isStep && edit.group_size
        ? `Not ${edit.kind === 'undo' ? 'undone' : 'done again'}: ${formatCount(refused.length)} of ${formatCount(edit.group_size)} changes. ${message}`
        : message;
    const own = isStep || !edit.kind ? [] : refused.map((each) => describe(each.edit, this.player));
    const standing = new Map(
      refused
        .filter((each) => each.current && each.code !== COMPANION)
        .map(({ current }) => [current.annotation_id ?? current.suggestion_id, current]),
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

  #describeStanding(current) {
    return current.deleted ? 'deleted' : describe({ ...current, kind: '' }, this.player);
  }

  /** Two tabs changed one label: which version stands. */
  #makeChoice(one) {
    const { player } = this;
    if (!planRepeat(one, player.annotations)) return null;
    const drop = () => this.#drop(one.refused);
    const keepMine = () => {
      const steps = planRepeat(one, player.annotations); // as things stand when it is pressed
      if (steps) this.#repeat(steps);
      else player.say('That label is gone meanwhile.');
      drop();
    };
    return h(
      'div',
      { class: 'row' },
      button({ text: 'keep mine', title: 'Make this change to what stands now', onClick: keepMine }),
      button({ text: 'keep theirs', title: 'Leave things as they are now', onClick: drop }),
    );
  }

  /** Makes a refused change again, on top of what stands now; of a group all or nothing, as before. */
  #repeat(steps) {
    const { player } = this;
    player.labels.group(() => {
      for (const { kind, annotation_id: id, fields } of steps) {
        if (kind === 'create')
          player.labels.create(fields.class_id, fields.start_frame, fields.end_frame, fields.suggestion, id);
        else player.labels.change(id, /** @type {any} */ (kind), fields);
      }
    });
    const last = steps.findLast(({ annotation_id: id }) => player.annotations.has(id));
    player.desk.choose(last?.annotation_id ?? null);
  }

  #drop(refused) {
    const { player } = this;
    const gone = new Set(refused);
    player.edits.refusals.splice(0, Infinity, ...player.edits.refusals.filter((one) => !gone.has(one)));
    player.header.updateSaved();
    player.refresh();
  }
}

/** @param {string[]} parts @returns {string} equal ones once with their number, the first few of them */
export function shorten(parts) {
  const counts = new Map();
  for (const part of parts) counts.set(part, (counts.get(part) ?? 0) + 1);
  const lines = [...counts].map(([part, n]) => (n > 1 ? `${formatCount(n)} × ${part}` : part));
  return lines.length > MOST_LINES
    ? `${lines.slice(0, MOST_LINES).join('; ')} and ${formatCount(lines.length - MOST_LINES)} more`
    : lines.join('; ');
}

/** What was typed, so that nothing refused is lost from sight. */
function describe(edit, player) {
  const parts = edit.kind ? [edit.kind] : [];
  if (edit.class_id !== undefined) parts.push(player.classOf(edit.class_id).short_name);
  if (edit.start_frame !== undefined) parts.push(`${formatCount(edit.start_frame)}–${formatCount(edit.end_frame)}`);
  if (edit.emotion) parts.push(describeRating(edit));
  if (edit.note) parts.push(`“${edit.note}”`);
  return parts.join(' ');
}
