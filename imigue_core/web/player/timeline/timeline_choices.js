/**
 * How this person likes the timeline: whether it follows the play head, whether motion traces
 * show, whose tracks are folded. Kept among the person's preferences.
 */

import { watch } from '../core/watch.js';

export class TimelineChoices {
  /** @param {Pick<import('../core/preferences.js').Preferences, 'get'|'set'>} preferences */
  constructor(preferences) {
    this.preferences = preferences;
    this.follow = Boolean(preferences.get('follow', true));
    this.traces = Boolean(preferences.get('traces', true));
    /** @type {ReadonlySet<number>} annotators whose tracks are folded */
    this.folded = new Set(preferences.get('folded', /** @type {number[]} */ ([])).filter(Number.isInteger));
    watch(this, 'follow', 'traces', 'folded');
  }

  /** @returns {boolean} whether it follows now */
  toggleFollow() {
    this.follow = !this.follow;
    this.preferences.set('follow', this.follow);
    return this.follow;
  }

  /** @returns {boolean} whether they show now */
  toggleTraces() {
    this.traces = !this.traces;
    this.preferences.set('traces', this.traces);
    return this.traces;
  }

  /** @param {number} annotatorId */
  toggleFold(annotatorId) {
    const folded = new Set(this.folded);
    if (!folded.delete(annotatorId)) folded.add(annotatorId);
    this.#fold(folded);
  }

  /**
   * Folds all of them, or unfolds all when every one is folded.
   * @param {number[]} annotatorIds
   * @returns {boolean} whether they are folded now
   */
  toggleFoldAll(annotatorIds) {
    const isFolding = annotatorIds.some((id) => !this.folded.has(id));
    const folded = new Set([...this.folded, ...annotatorIds]);
    if (!isFolding) for (const id of annotatorIds) folded.delete(id);
    this.#fold(folded);
    return isFolding;
  }

  /** @param {ReadonlySet<number>} folded */
  #fold(folded) {
    this.folded = folded;
    this.preferences.set('folded', [...folded]);
  }
}
