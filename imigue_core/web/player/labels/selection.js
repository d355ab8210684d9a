/**
 * Several labels selected at once: how they come in and go out. Which they are is
 * picked.js, what is done to them span_edits.js.
 */

import { listFromTo, listMeeting, listWithin } from './spans.js';

export class Selection {
  /**
   * @param {{labels: import('./labels.js').Labels, picked: import('./picked.js').Picked,
   *          say: (text: string) => void}} options
   */
  constructor({ labels, picked, say }) {
    this.labels = labels;
    this.picked = picked;
    this.say = say;
  }

  /** Y: the current label comes in or goes out. */
  toggleCurrent() {
    const { label } = this.picked;
    if (!label) this.say('No label is selected: Tab walks through your labels, Y adds one to the selection.');
    else if (!this.labels.isOwn(label))
      this.say(`This label is by ${label.annotator}; only your own can be selected together.`);
    else this.#flip(label.annotation_id);
  }

  /** Ctrl+click: as with files, the label that was selected before counts too. @param {string} id */
  toggle(id) {
    const { selectedId, label, labels } = this.picked;
    const isAlone = !labels.length && selectedId !== null && label !== null && this.labels.isOwn(label);
    if (isAlone && selectedId !== id) this.#flip(selectedId);
    this.#flip(id);
    this.picked.chooseLabel(id);
  }

  /** Shift+click: all from the current label to this one. @param {string} id */
  extendTo(id) {
    this.#add(listFromTo(this.labels.own, this.picked.labelId, id));
    if (!this.picked.label) this.picked.chooseLabel(id);
  }

  /** Ctrl+A: all between the marks, which are done with then; without marks all. */
  chooseAll() {
    const marked = this.picked.marked();
    const { own } = this.labels;
    const labels = marked ? listWithin(own, marked.start_frame, marked.end_frame) : own;
    if (!labels.length) {
      this.say(marked ? 'None of your labels lies between the marks.' : 'You have no labels in this video yet.');
      return;
    }
    this.picked.leaveReview();
    if (marked) this.picked.setMarks(null, null);
    this.picked.choose(labels.map((label) => label.annotation_id));
  }

  /** All that a stretch of frames meets. @param {number} first @param {number} last */
  chooseMeeting(first, last) {
    const labels = listMeeting(this.labels.own, first, last);
    if (labels.length) this.picked.leaveReview();
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
    const ids = new Set(this.picked.labels.map((label) => label.annotation_id));
    if (!ids.delete(id)) ids.add(id);
    this.picked.choose(ids);
  }
}
