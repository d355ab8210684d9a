/**
 * How this person likes the timeline: whether it follows the play head, whether motion traces
 * show, whose tracks are folded. Kept among the person's preferences.
 */

export class TimelineChoices {
  /** @param {{get: (name: string, fallback: any) => any, set: (name: string, value: any) => void}} preferences */
  constructor(preferences) {
    this.preferences = preferences;
    /** Grows with every change that moves rows. */
    this.version = 0;
    this.follow = Boolean(preferences.get('follow', true));
    this.traces = Boolean(preferences.get('traces', true));
    /** @type {Set<number>} annotators whose tracks are folded */
    this.folded = new Set(preferences.get('folded', []).filter(Number.isInteger));
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
    this.#changed('traces', this.traces);
    return this.traces;
  }

  /** @param {number} annotatorId */
  toggleFold(annotatorId) {
    if (!this.folded.delete(annotatorId)) this.folded.add(annotatorId);
    this.#changed('folded', [...this.folded]);
  }

  /**
   * Folds all of them, or unfolds all when every one is folded.
   * @param {number[]} annotatorIds
   * @returns {boolean} whether they are folded now
   */
  toggleFoldAll(annotatorIds) {
    const isFolding = annotatorIds.some((id) => !this.folded.has(id));
    for (const id of annotatorIds) {
      if (isFolding) this.folded.add(id);
      else this.folded.delete(id);
    }
    this.#changed('folded', [...this.folded]);
    return isFolding;
  }

  #changed(name, value) {
    this.version += 1;
    this.preferences.set(name, value);
  }
}
