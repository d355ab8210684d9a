/**
 * The annotator's hands on one label's span: edges nudged by frames, an edge shared with a
 * touching label, how sure one is, "unclear, discuss", the note. With several labels selected,
 * marks and certainty go to all of them.
 */

import { CERTAINTIES, describeCertainty } from '../panel/certainty.js';
import { nudgeSpan } from '../review/suggestions.js';
import { differs } from './desk.js';
import { canShareAt, findTouching, moveShared } from './spans.js';

/** @typedef {import('./labels.js').Label} Label */
/** @typedef {import('../timeline/geometry.js').Spanlike} Spanlike */
/** @typedef {'start'|'end'} Edge */

const BURST_MS = 1000;
const MOST_IN_BURST = 500;
export const UNCLEAR = 'discuss';

export class SpanHands {
  /**
   * @param {{labels: import('./labels.js').Labels, picked: import('./picked.js').Picked,
   *          desk: import('./desk.js').Desk, fits: (n: number) => boolean,
   *          clock: import('../core/video_clock.js').VideoClock, say: (text: string) => void,
   *          reveal: (span: Spanlike) => void, showEdge: (span: Spanlike, edge: Edge) => void,
   *          focusNote: () => void}} options `fits`: whether so many labels can be changed in one go
   */
  constructor({ labels, picked, desk, fits, clock, say, reveal, showEdge, focusNote }) {
    this.labels = labels;
    this.picked = picked;
    this.desk = desk;
    this.fits = fits;
    this.clock = clock;
    this.say = say;
    this.reveal = reveal;
    this.showEdge = showEdge;
    this.focusNote = focusNote;
    /**
     * @type {{id: string, edge: Edge, n: number, editId: string|undefined, groupId: string, at: number}|null} nudges
     * that undo takes back together
     */
    this.burst = null;
  }

  /**
   * Moves an edge of the current label. Each nudge is saved at once; those of one edge that follow
   * each other within a second are undone together as long as the page is not loaded again.
   * @param {{edge: Edge, frames: number}} how
   */
  nudge({ edge, frames }) {
    const label = this.#own();
    if (!label) return;
    const span = nudgeSpan(label, edge, frames, this.clock.nFrames);
    if (span.start_frame === label.start_frame && span.end_frame === label.end_frame) {
      this.say(`The ${edge} of this label can go no further.`);
      return;
    }
    const { n, groupId } = this.#continueBurst(label.annotation_id, edge);
    this.desk.change(label, 'move', span);
    const editId = this.labels.undoStack.at(-1);
    this.burst = { id: label.annotation_id, edge, n: n + 1, editId, groupId, at: performance.now() };
    if (editId !== undefined) this.labels.joinStep(editId, groupId);
    const frame = edge === 'start' ? span.start_frame : span.end_frame;
    this.reveal({ start_frame: frame, end_frame: frame });
    this.showEdge(span, edge);
  }

  /**
   * The edge of the current label and that of the label it touches, both to the play head.
   * @param {Edge} edge
   */
  shareEdge(edge) {
    const label = this.#own();
    if (!label) return;
    const other = findTouching(label, edge, this.labels.own);
    if (!other) return this.say(`No label of yours touches the ${edge} of this one.`);
    const boundary = edge === 'start' ? this.clock.position : this.clock.position + 1;
    if (!canShareAt(label, other, edge, boundary))
      return this.say('The play head lies outside both labels: one of them would be left without a frame.');
    const moves = moveShared(label, other, edge, boundary);
    this.moveBoth(
      moves.map(({ span, start_frame, end_frame }) => ({ id: span.annotation_id, start_frame, end_frame })),
    );
  }

  /**
   * Two labels whose shared edge moved; one undo takes both back.
   * @param {{id: string, start_frame: number, end_frame: number}[]} moves in the order to make them
   */
  moveBoth(moves) {
    const found = moves.map(({ id, ...span }) => ({ label: this.labels.find(id), span }));
    if (!found.length || found.some(({ label }) => !label)) return;
    this.labels.group(() => {
      for (const { label, span } of found) if (label) this.desk.change(label, 'move', span);
    });
    this.say('Both edges moved. Ctrl Z takes both back.');
  }

  /** @param {string} id @param {number} start @param {number} end */
  move(id, start, end) {
    const label = this.labels.find(id);
    if (label) this.desk.change(label, 'move', { start_frame: start, end_frame: end });
  }

  /** Unclear, discuss: all or the current label marked, or, when all are, not any more. */
  toggleUnclear() {
    const labels = this.targets();
    if (!labels.length) return;
    const isOn = labels.every((label) => label.mark === UNCLEAR);
    this.#annotate(labels, { mark: isOn ? '' : UNCLEAR });
    this.say(`${isOn ? 'No longer marked' : 'Marked'} “unclear, discuss”${countIfMany(labels)}.`);
  }

  /** Not set, 25 %, 50 %, 75 %, 100 %, and around. */
  stepCertainty() {
    const labels = this.targets();
    if (!labels.length) return;
    /** @type {(number|null)[]} */
    const steps = [null, ...CERTAINTIES];
    const at = steps.indexOf(labels[0].confidence ?? null);
    this.setCertainty(steps[(at + 1) % steps.length]);
  }

  /** @param {number|null} confidence 0..1 */
  setCertainty(confidence) {
    const labels = this.targets();
    this.#annotate(labels, { confidence });
    const text = confidence === null ? 'Certainty not set' : describeCertainty(confidence);
    if (labels.length) this.say(`${text}${countIfMany(labels)}.`);
  }

  /** Puts the cursor into the current label's note. */
  writeNote() {
    if (this.picked.labels.length) this.say('A note belongs to one label: Esc drops the selection.');
    else if (this.#own()) this.focusNote();
  }

  /**
   * The labels selected together, else the current one when it is the annotator's; says so when there is none.
   * @returns {Label[]}
   */
  targets() {
    const { labels } = this.picked;
    if (labels.length) return labels;
    const label = this.#own();
    return label ? [label] : [];
  }

  /** @param {Label[]} labels @param {Partial<Pick<Label, 'confidence'|'mark'>>} fields */
  #annotate(labels, fields) {
    const changed = labels.filter((label) => differs(label, fields));
    if (!changed.length || !this.fits(changed.length)) return;
    this.labels.group(() => {
      for (const label of changed) this.desk.change(label, 'annotate', fields);
    });
  }

  /** @returns {Label|null} the current label when it is the annotator's; says so when not */
  #own() {
    const { label } = this.picked;
    if (!label) this.say('No label is selected: Tab walks through your labels, a click selects one.');
    else if (!this.labels.isOwn(label)) this.say(`This label is by ${label.annotator}; you can edit only your own.`);
    else return label;
    return null;
  }

  /** The nudges right before this one, unless anything else was done since. @param {string} id @param {Edge} edge */
  #continueBurst(id, edge) {
    const { burst } = this;
    const isSame = burst !== null && burst.id === id && burst.edge === edge && burst.n < MOST_IN_BURST;
    const isRecent = isSame && performance.now() - burst.at < BURST_MS;
    if (isRecent && this.labels.undoStack.at(-1) === burst.editId) return burst;
    return { n: 0, groupId: crypto.randomUUID() };
  }
}

/** ": 3 labels" @param {Label[]} labels */
const countIfMany = (labels) => (labels.length > 1 ? `: ${labels.length} labels` : '');
