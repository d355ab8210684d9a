/**
 * Edits of more than one step: split, merge, duplicate, copy to the own track, change or delete
 * several labels. Each is one group, so it happens as a whole and one undo takes it back.
 * What each comes to is span_plans.js.
 */

import { formatCount } from '../core/clock.js';
import { MAX_GROUP } from './edits.js';
import { findPartner, holds, inherited, planDuplicate, planMerge, planSplit } from './span_plans.js';

/** @typedef {import('./labels.js').Label} Label */
/** @typedef {import('../timeline/geometry.js').Spanlike} Spanlike */

export class SpanEdits {
  /**
   * @param {{labels: import('./labels.js').Labels, picked: import('./picked.js').Picked,
   *          classes: import('../core/classes.js').ClassList, warnings: import('./warnings.js').Warnings,
   *          sight: {doubtOf: (classId: number, stretch: Spanlike|null) => string},
   *          clock: import('../core/video_clock.js').VideoClock, say: (text: string) => void,
   *          reveal: (span: Spanlike) => void, seek: (frame: number) => void, isPlaying: () => boolean}} options
   */
  constructor({ labels, picked, classes, warnings, sight, clock, say, reveal, seek, isPlaying }) {
    this.labels = labels;
    this.picked = picked;
    this.classes = classes;
    this.warnings = warnings;
    this.sight = sight;
    this.clock = clock;
    this.say = say;
    this.reveal = reveal;
    this.seek = seek;
    this.isPlaying = isPlaying;
  }

  /** Splits the current label at the play head; else, when no label is selected, the only own one that lies there. */
  split() {
    const frame = this.clock.position;
    const label = this.#labelToSplit(frame);
    if (!label) return;
    const plan = planSplit(label, frame);
    if (typeof plan === 'string') return this.say(plan);
    const [first, second] = plan;
    const part = this.labels.group(() => {
      this.labels.change(label.annotation_id, 'move', first);
      const made = this.labels.create(label.class_id, second.start_frame, second.end_frame);
      const fields = inherited(label);
      if (Object.keys(fields).length) this.labels.change(made.annotation_id, 'annotate', fields);
      return made;
    });
    this.picked.chooseLabel(part.annotation_id);
    this.say(`Split at frame ${formatCount(frame)}; the second part is selected.`);
  }

  /**
   * Merges the current label with the next or previous own one of its class, or all that are selected together.
   * @param {1|-1} direction
   */
  merge(direction = 1) {
    const chosen = this.picked.labels;
    const current =
      chosen.length > 1 ? (chosen.find((one) => one.annotation_id === this.picked.labelId) ?? chosen[0]) : this.#own();
    if (!current) return;
    const own = this.labels.own;
    const partner = chosen.length > 1 ? null : findPartner(current, own, direction);
    if (chosen.length <= 1 && !partner) {
      const other = findPartner(current, own, direction > 0 ? -1 : 1)
        ? ` ${direction > 0 ? 'Shift M merges it with the one before' : 'M merges it with the one after'}.`
        : '';
      const where = direction > 0 ? 'after' : 'before';
      this.say(`You have no ${this.classes.of(current.class_id).name} ${where} this label to merge it with.${other}`);
      return;
    }
    const joined =
      chosen.length > 1
        ? chosen
        : own.filter((one) => [current.annotation_id, partner?.annotation_id].includes(one.annotation_id));
    const labels = joined.map((one) => this.labels.find(one.annotation_id) ?? one); // as they stand this moment
    if (!this.fits(labels.length)) return;
    const plan = planMerge(current, labels);
    if (typeof plan === 'string') return this.say(plan);
    this.#join(plan, labels.length);
  }

  /** A copy of the current label where the play head is, or right behind it. */
  duplicate() {
    const label = this.#own('Copying the label of somebody else to your track is U.');
    if (!label) return;
    const plan = planDuplicate(label, this.clock.position, this.clock.nFrames);
    if (typeof plan === 'string') return this.say(plan);
    this.#showMade(
      this.labels.create(label.class_id, plan.start_frame, plan.end_frame),
      plan.isCut ? 'Duplicated, up to the last frame' : 'Duplicated',
    );
  }

  /** The selected label of somebody else, as an own one. Note, certainty and mark stay theirs. */
  copyToMine() {
    const { label: current } = this.picked;
    if (!current) return this.say('No label is selected: click one of somebody else to copy it to your track.');
    if (this.labels.isOwn(current)) return this.say('This label is on your track already; D duplicates it.');
    const { class_id: classId, start_frame: start, end_frame: end } = current;
    const same = this.labels.own.find(
      (one) => one.class_id === classId && one.start_frame === start && one.end_frame === end,
    );
    if (same) {
      this.picked.chooseLabel(same.annotation_id);
      return this.say('You have the same label already; it is selected now.');
    }
    this.#showMade(this.labels.create(classId, start, end), `Copied from ${current.annotator}`, false);
  }

  /** @param {import('./labels.js').Label[]} labels @param {number} classId */
  relabelAll(labels, classId) {
    const others = labels.filter((one) => one.class_id !== classId);
    if (!this.fits(others.length)) return;
    this.labels.group(() => {
      for (const one of others) this.labels.change(one.annotation_id, 'relabel', { class_id: classId });
    });
    const doubted = labels.find((one) => this.sight.doubtOf(classId, one));
    const warning = doubted ? this.warnings.ofSight(classId, doubted) : '';
    this.say(`${count(labels.length)}: ${this.classes.of(classId).name}.${warning}`);
  }

  /** @param {import('./labels.js').Label[]} labels */
  deleteAll(labels) {
    if (!this.fits(labels.length)) return;
    this.labels.group(() => {
      for (const one of labels) this.labels.change(one.annotation_id, 'delete');
    });
    this.picked.chooseLabel(null);
    this.say(`${count(labels.length)} deleted. Ctrl Z brings ${labels.length === 1 ? 'it' : 'them'} back.`);
  }

  /** Whether so many labels can be changed in one go; says so when not. @param {number} n */
  fits(n) {
    if (n > MAX_GROUP) this.say(`At most ${formatCount(MAX_GROUP)} labels can be changed at once.`);
    return n <= MAX_GROUP;
  }

  /** @param {import('./span_plans.js').MergePlan} plan @param {number} n labels that become one */
  #join({ survivor, gone, span, fields, gap }, n) {
    const isWider = span.start_frame !== survivor.start_frame || span.end_frame !== survivor.end_frame;
    this.labels.group(() => {
      for (const one of gone) this.labels.change(one.annotation_id, 'delete');
      if (isWider) this.labels.change(survivor.annotation_id, 'move', span);
      if (Object.keys(fields).length) this.labels.change(survivor.annotation_id, 'annotate', fields);
    });
    this.picked.dropChosen();
    this.picked.chooseLabel(survivor.annotation_id);
    this.reveal(span);
    const frames = `${formatCount(gap)} ${gap === 1 ? 'frame' : 'frames'}`;
    const over = gap ? `, over ${frames} that ${n > 2 ? 'none' : 'neither'} of them covered` : '';
    this.say(
      `Merged ${n === 2 ? 'two' : formatCount(n)} labels${over}.${this.warnings.ofOverlap({ ...survivor, ...span })}`,
    );
  }

  /**
   * A new label is current; the play head goes there unless the video plays.
   * @param {Label} label @param {string} text @param {boolean} [goesThere]
   */
  #showMade(label, text, goesThere = true) {
    this.picked.dropChosen();
    this.picked.chooseLabel(label.annotation_id, { selected: false });
    this.reveal(label);
    if (goesThere && !this.isPlaying()) this.seek(label.start_frame);
    const frames = `${formatCount(label.start_frame)}–${formatCount(label.end_frame)}`;
    const warning = this.warnings.ofOverlap(label);
    this.say(`${text}: ${this.classes.of(label.class_id).name}, ${frames}.${warning}`);
  }

  /** @param {number} frame */
  #labelToSplit(frame) {
    const { label: current, selectedId } = this.picked;
    if (current && (selectedId !== null || holds(current, frame))) return this.#own();
    const here = this.labels.own.filter((one) => holds(one, frame));
    if (here.length === 1) return here[0];
    this.say(
      here.length
        ? 'Several of your labels lie here: select the one to split.'
        : 'None of your labels lies at the play head.',
    );
    return null;
  }

  /** The current label when it is an own one; says so when not. @param {string} [hint] @returns {Label|null} */
  #own(hint = 'U copies it to your track.') {
    const { label: current } = this.picked;
    if (!current) this.say('No label is selected: Tab walks through your labels, a click selects one.');
    else if (!this.labels.isOwn(current))
      this.say(`This label is by ${current.annotator}; you can edit only your own. ${hint}`);
    else return current;
    return null;
  }
}

/** @param {number} n */
const count = (n) => `${formatCount(n)} ${n === 1 ? 'label' : 'labels'}`;
