/**
 * Edits of more than one step: split, merge, duplicate, copy to the own track, change or delete
 * several labels. Each is one group, so it happens as a whole and one undo takes it back.
 * What each comes to is span_plans.js.
 */

import { formatCount } from '../core/clock.js';
import { MAX_GROUP } from './edits.js';
import { findPartner, holds, inherited, planDuplicate, planMerge, planSplit } from './span_plans.js';

export class SpanEdits {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
  }

  /** Splits the current label at the play head; else, when no label is selected, the only own one that lies there. */
  split() {
    const { player } = this;
    const frame = player.position;
    const label = this.#labelToSplit(frame);
    if (!label) return;
    const plan = planSplit(label, frame);
    if (typeof plan === 'string') return player.say(plan);
    const [first, second] = plan;
    const part = player.labels.group(() => {
      player.labels.change(label.annotation_id, 'move', first);
      const made = player.labels.create(label.class_id, second.start_frame, second.end_frame);
      const fields = inherited(label);
      if (Object.keys(fields).length) player.labels.change(made.annotation_id, 'annotate', fields);
      return made;
    });
    player.desk.choose(part.annotation_id);
    player.say(`Split at frame ${formatCount(frame)}; the second part is selected.`);
  }

  /**
   * Merges the current label with the next or previous own one of its class, or all that are selected together.
   * @param {1|-1} direction
   */
  merge(direction = 1) {
    const { player } = this;
    const chosen = player.selection.list();
    const current =
      chosen.length > 1
        ? (chosen.find((one) => one.annotation_id === player.desk.currentId) ?? chosen[0])
        : this.#own();
    if (!current) return;
    const own = player.desk.ownLabels();
    const partner = chosen.length > 1 ? null : findPartner(current, own, direction);
    if (chosen.length <= 1 && !partner) {
      const other = findPartner(current, own, direction > 0 ? -1 : 1)
        ? ` ${direction > 0 ? 'Shift M merges it with the one before' : 'M merges it with the one after'}.`
        : '';
      player.say(
        `You have no ${player.classOf(current.class_id).name} ${direction > 0 ? 'after' : 'before'} this label to merge it with.${other}`,
      );
      return;
    }
    const joined =
      chosen.length > 1
        ? chosen
        : own.filter((one) => [current.annotation_id, partner?.annotation_id].includes(one.annotation_id));
    const labels = joined.map((one) => player.annotations.get(one.annotation_id) ?? one); // as they stand this moment
    if (!this.fits(labels.length)) return;
    const plan = planMerge(current, labels);
    if (typeof plan === 'string') return player.say(plan);
    this.#join(plan, labels.length);
  }

  /** A copy of the current label where the play head is, or right behind it. */
  duplicate() {
    const { player } = this;
    const label = this.#own('Copying the label of somebody else to your track is U.');
    if (!label) return;
    const plan = planDuplicate(label, player.position, player.nFrames);
    if (typeof plan === 'string') return player.say(plan);
    this.#showMade(
      player.labels.create(label.class_id, plan.start_frame, plan.end_frame),
      plan.isCut ? 'Duplicated, up to the last frame' : 'Duplicated',
    );
  }

  /** The selected label of somebody else, as an own one. Note, certainty and mark stay theirs. */
  copyToMine() {
    const { player } = this;
    const { current } = player.desk;
    if (!current) return player.say('No label is selected: click one of somebody else to copy it to your track.');
    if (player.labels.isOwn(current)) return player.say('This label is on your track already; D duplicates it.');
    const { class_id: classId, start_frame: start, end_frame: end } = current;
    const same = player.desk
      .ownLabels()
      .find((one) => one.class_id === classId && one.start_frame === start && one.end_frame === end);
    if (same) {
      player.desk.choose(same.annotation_id);
      return player.say('You have the same label already; it is selected now.');
    }
    this.#showMade(player.labels.create(classId, start, end), `Copied from ${current.annotator}`, false);
  }

  /** @param {import('./labels.js').Label[]} labels @param {number} classId */
  relabelAll(labels, classId) {
    const { player } = this;
    const others = labels.filter((one) => one.class_id !== classId);
    if (!this.fits(others.length)) return;
    player.labels.group(() => {
      for (const one of others) player.labels.change(one.annotation_id, 'relabel', { class_id: classId });
    });
    const doubted = labels.find((one) => player.sight.doubtOf(classId, one));
    player.say(
      `${count(labels.length)}: ${player.classOf(classId).name}.${doubted ? player.sight.warn(classId, doubted) : ''}`,
    );
  }

  /** @param {import('./labels.js').Label[]} labels */
  deleteAll(labels) {
    const { player } = this;
    if (!this.fits(labels.length)) return;
    player.labels.group(() => {
      for (const one of labels) player.labels.change(one.annotation_id, 'delete');
    });
    player.desk.choose(null);
    player.say(`${count(labels.length)} deleted. Ctrl Z brings ${labels.length === 1 ? 'it' : 'them'} back.`);
  }

  /** Whether so many labels can be changed in one go; says so when not. @param {number} n */
  fits(n) {
    if (n > MAX_GROUP) this.player.say(`At most ${formatCount(MAX_GROUP)} labels can be changed at once.`);
    return n <= MAX_GROUP;
  }

  #join({ survivor, gone, span, fields, gap }, n) {
    const { player } = this;
    const isWider = span.start_frame !== survivor.start_frame || span.end_frame !== survivor.end_frame;
    player.labels.group(() => {
      for (const one of gone) player.labels.change(one.annotation_id, 'delete');
      if (isWider) player.labels.change(survivor.annotation_id, 'move', span);
      if (Object.keys(fields).length) player.labels.change(survivor.annotation_id, 'annotate', fields);
    });
    player.selection.drop();
    player.desk.choose(survivor.annotation_id);
    player.timeline.reveal(span);
    const over = gap
      ? `, over ${formatCount(gap)} ${gap === 1 ? 'frame' : 'frames'} that ${n > 2 ? 'none' : 'neither'} of them covered`
      : '';
    player.say(
      `Merged ${n === 2 ? 'two' : formatCount(n)} labels${over}.${player.desk.warnOverlap(/** @type {any} */ ({ ...survivor, ...span }))}`,
    );
  }

  /** A new label is current; the play head goes there unless the video plays. */
  #showMade(label, text, goesThere = true) {
    const { player } = this;
    player.selection.drop();
    player.desk.choose(label.annotation_id, { selected: false });
    player.timeline.reveal(label);
    if (goesThere && !player.transport.isPlaying) void player.seek(label.start_frame);
    player.say(
      `${text}: ${player.classOf(label.class_id).name}, ${formatCount(label.start_frame)}–${formatCount(label.end_frame)}.${player.desk.warnOverlap(label)}`,
    );
  }

  #labelToSplit(frame) {
    const { player } = this;
    const { current, selectedId } = player.desk;
    if (current && (selectedId !== null || holds(current, frame))) return this.#own();
    const here = player.desk.ownLabels().filter((one) => holds(one, frame));
    if (here.length === 1) return here[0];
    player.say(
      here.length
        ? 'Several of your labels lie here: select the one to split.'
        : 'None of your labels lies at the play head.',
    );
    return null;
  }

  /** The current label when it is an own one; says so when not. */
  #own(hint = 'U copies it to your track.') {
    const { player } = this;
    const { current } = player.desk;
    if (!current) player.say('No label is selected: Tab walks through your labels, a click selects one.');
    else if (!player.labels.isOwn(current))
      player.say(`This label is by ${current.annotator}; you can edit only your own. ${hint}`);
    else return current;
    return null;
  }
}

const count = (n) => `${formatCount(n)} ${n === 1 ? 'label' : 'labels'}`;
