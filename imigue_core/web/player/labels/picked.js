/**
 * The one model of what is selected: the marks, the current label, labels selected together, the
 * suggestion or rejection under review with its nudged span. One of these is in hand at a time; who
 * selects what, and why, is desk.js, selection.js and review.js.
 *
 * @typedef {import('./labels.js').Label} Label
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 * @typedef {import('../review/suggestions.js').Suggestion} Suggestion
 * @typedef {import('../review/suggestions.js').Rejection} Rejection
 */

import { computed, watch } from '../core/watch.js';

export class Picked {
  /**
   * @param {{labels: import('./labels.js').Labels, findings: {above: Suggestion[], ghosts: Rejection[]},
   *          clock: {position: number}, onLeave: () => void}} parts `onLeave`: nothing is under review any more
   */
  constructor({ labels, findings, clock, onLeave }) {
    this.clock = clock;
    this.onLeave = onLeave;
    /** @type {number|null} */
    this.markIn = null;
    /** @type {number|null} */
    this.markOut = null;
    /** @type {string|null} label that [ ] R and Delete act on */
    this.labelId = null;
    /** whether a class key relabels it; a label just made is current, not selected */
    this.isSelected = false;
    /** @type {ReadonlySet<string>} labels selected together, some may be gone meanwhile */
    this.chosenIds = new Set();
    /** @type {number|null} */
    this.suggestionId = null;
    /** @type {number|null} a rejected suggestion */
    this.ghostId = null;
    /** @type {Spanlike|null} the suggestion's span after nudges */
    this.nudged = null;
    watch(this, 'markIn', 'markOut', 'labelId', 'isSelected', 'chosenIds', 'suggestionId', 'ghostId', 'nudged');
    this.derived = {
      label: computed(() => (this.labelId === null ? null : labels.find(this.labelId))),
      labels: computed(() => {
        const ids = this.chosenIds;
        return ids.size ? labels.own.filter((one) => ids.has(one.annotation_id)) : [];
      }),
      suggestion: computed(() => findings.above.find((one) => one.suggestion_id === this.suggestionId) ?? null),
      ghost: computed(() => findings.ghosts.find((one) => one.suggestion_id === this.ghostId) ?? null),
    };
  }

  /** The current label. @returns {Label|null} */
  get label() {
    return this.derived.label.value;
  }

  /** @returns {string|null} the current label when a class key relabels it */
  get selectedId() {
    return this.isSelected ? this.labelId : null;
  }

  /** The own labels selected together, by time. @returns {Label[]} */
  get labels() {
    return this.derived.labels.value;
  }

  /** Under review. @returns {Suggestion|null} */
  get suggestion() {
    return this.derived.suggestion.value;
  }

  /** The rejection under review. @returns {Rejection|null} */
  get ghost() {
    return this.derived.ghost.value;
  }

  /** The span that accepting the suggestion would label. @returns {Spanlike|null} */
  get span() {
    return this.nudged ?? this.suggestion;
  }

  /** Which keys count. @returns {'suggestion'|'rejected'|null} */
  get context() {
    if (this.suggestion) return 'suggestion';
    return this.ghost ? 'rejected' : null;
  }

  get isMarked() {
    return this.markIn !== null || this.markOut !== null;
  }

  /** The marked span; a missing end is the play head's. @param {number} [from] @returns {Spanlike|null} */
  marked(from) {
    if (!this.isMarked) return null;
    const ends = [this.markIn ?? from ?? this.clock.position, this.markOut ?? from ?? this.clock.position];
    return { start_frame: Math.min(...ends), end_frame: Math.max(...ends) };
  }

  /** What the next class would be about; null when it only begins. @returns {Spanlike|null} */
  get stretch() {
    return this.span ?? this.marked() ?? (this.isSelected ? this.label : null);
  }

  /** @param {number|null} markIn @param {number|null} markOut */
  setMarks(markIn, markOut) {
    this.markIn = markIn;
    this.markOut = markOut;
  }

  /**
   * Makes a label current, and takes what was under review out of the hand; null lets everything go.
   * @param {string|null} id @param {{selected?: boolean}} [options]
   */
  chooseLabel(id, { selected = true } = {}) {
    if (id !== null) this.leaveReview();
    else this.dropChosen();
    this.labelId = id;
    this.isSelected = selected && id !== null;
  }

  /** @param {Iterable<string>} ids to select together */
  choose(ids) {
    this.chosenIds = new Set(ids);
  }

  /** @returns {boolean} whether labels were selected together */
  dropChosen() {
    const had = this.labels.length > 0;
    if (this.chosenIds.size) this.chosenIds = new Set();
    return had;
  }

  /** @param {number} suggestionId */
  chooseSuggestion(suggestionId) {
    this.chooseLabel(null);
    this.ghostId = null;
    this.suggestionId = suggestionId;
    this.nudged = null;
  }

  /** @param {number} suggestionId of a rejection */
  chooseGhost(suggestionId) {
    this.chooseLabel(null);
    this.suggestionId = null;
    this.ghostId = suggestionId;
    this.nudged = null;
  }

  /** Nothing is under review any more. @returns {boolean} whether something was */
  leaveReview() {
    if (this.suggestionId === null && this.ghostId === null) return false;
    this.suggestionId = null;
    this.ghostId = null;
    this.nudged = null;
    this.onLeave();
    return true;
  }
}
