/**
 * Several labels selected at once: which they are and how they come in and go out.
 * What is done to them is span_edits.js.
 */

import { listFromTo, listMeeting, listWithin } from './spans.js';

export class Selection {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** grows with every change, so that drawings know when to look again */
    this.version = 0;
  }

  /** @returns {Set<string>} */
  get chosen() {
    return this.player.desk.chosen;
  }

  /** The selected labels by time; those that are gone meanwhile fall out. @returns {import('./labels.js').Label[]} */
  list() {
    const { desk, annotations } = this.player;
    if (!this.chosen.size) return [];
    const labels = desk.ownLabels().filter((label) => this.chosen.has(label.annotation_id));
    if (labels.length < this.chosen.size) this.#replace(labels);
    return labels.map((label) => annotations.get(label.annotation_id) ?? label); // with their certainty of this moment
  }

  /** Y: the current label comes in or goes out. */
  toggleCurrent() {
    const { current } = this.player.desk;
    if (!current)
      return this.player.say('No label is selected: Tab walks through your labels, Y adds one to the selection.');
    if (!this.player.labels.isOwn(current))
      return this.player.say(`This label is by ${current.annotator}; only your own can be selected together.`);
    this.#flip(current.annotation_id);
  }

  /** Ctrl+click: as with files, the label that was selected before counts too. @param {string} id */
  toggle(id) {
    const { desk } = this.player;
    const selected = desk.ownLabels().find((label) => label.annotation_id === desk.selectedId);
    if (!this.chosen.size && selected && selected.annotation_id !== id) this.chosen.add(selected.annotation_id);
    this.#flip(id);
    desk.choose(id);
  }

  /** Shift+click: all from the current label to this one. @param {string} id */
  extendTo(id) {
    const { desk } = this.player;
    for (const label of listFromTo(desk.ownLabels(), desk.currentId, id)) this.chosen.add(label.annotation_id);
    if (!desk.current) desk.choose(id);
    this.#changed();
  }

  /** Ctrl+A: all between the marks, which are done with then; without marks all. */
  chooseAll() {
    const { desk, position, review } = this.player;
    const { markIn, markOut } = desk;
    const isMarked = markIn !== null || markOut !== null;
    const [a, b] = [markIn ?? position, markOut ?? position];
    const labels = isMarked ? listWithin(desk.ownLabels(), Math.min(a, b), Math.max(a, b)) : desk.ownLabels();
    if (!labels.length)
      return this.player.say(
        isMarked ? 'None of your labels lies between the marks.' : 'You have no labels in this video yet.',
      );
    review.leave();
    if (isMarked) desk.setMarks(null, null);
    this.#replace(labels);
    this.#changed();
  }

  /** All that a stretch of frames meets. @param {number} first @param {number} last */
  chooseMeeting(first, last) {
    const { desk, review } = this.player;
    const labels = listMeeting(desk.ownLabels(), first, last);
    if (labels.length) review.leave();
    for (const label of labels) this.chosen.add(label.annotation_id);
    this.#changed();
  }

  /** @returns {boolean} whether there was anything to drop */
  drop() {
    if (!this.chosen.size) return false;
    this.chosen.clear();
    this.#changed();
    return true;
  }

  #flip(id) {
    if (!this.chosen.delete(id)) this.chosen.add(id);
    this.#changed();
  }

  #replace(labels) {
    this.chosen.clear();
    for (const label of labels) this.chosen.add(label.annotation_id);
    this.version += 1;
  }

  #changed() {
    this.version += 1;
    this.player.refresh();
  }
}
