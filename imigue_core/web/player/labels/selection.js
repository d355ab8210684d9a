/**
 * Several labels selected at once: which they are and how they come in and go out.
 * What is done to them is span_edits.js.
 */

import { listFromTo, listMeeting, listWithin } from './spans.js';

export class Selection {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** @type {import('./picked.js').Picked} */
    this.picked = player.picked;
  }

  /** The selected labels by time. @returns {import('./labels.js').Label[]} */
  list() {
    return this.picked.labels;
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
    if (!this.list().length && selected && selected.annotation_id !== id) this.#flip(selected.annotation_id);
    this.#flip(id);
    desk.choose(id);
  }

  /** Shift+click: all from the current label to this one. @param {string} id */
  extendTo(id) {
    const { desk } = this.player;
    this.#add(listFromTo(desk.ownLabels(), desk.currentId, id));
    if (!desk.current) desk.choose(id);
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
    this.picked.choose(labels.map((label) => label.annotation_id));
  }

  /** All that a stretch of frames meets. @param {number} first @param {number} last */
  chooseMeeting(first, last) {
    const { desk, review } = this.player;
    const labels = listMeeting(desk.ownLabels(), first, last);
    if (labels.length) review.leave();
    this.#add(labels);
  }

  /** @returns {boolean} whether there was anything to drop */
  drop() {
    return this.picked.dropChosen();
  }

  /** @param {import('./labels.js').Label[]} labels */
  #add(labels) {
    this.picked.choose([...this.picked.chosenIds, ...labels.map((label) => label.annotation_id)]);
  }

  /** @param {string} id */
  #flip(id) {
    const ids = new Set(this.list().map((label) => label.annotation_id));
    if (!ids.delete(id)) ids.add(id);
    this.picked.choose(ids);
  }
}
