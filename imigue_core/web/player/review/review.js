/**
 * The annotator's hands on suggestions: which one is selected, its nudged span, and what
 * accepting, rejecting, skipping and lifting do. What there is to decide is findings.js;
 * decisions are edits, and labels.js keeps those.
 */

import { findNextInOrder, ORDER_NAMES, readOrder, sortByOrder, stepOrder } from './review_order.js';
import { findNext, formatScore, nudgeSpan, THRESHOLD_STEP } from './suggestions.js';

/** So long after the last decision a key that decides means nothing else. */
const AFTERWARDS_MS = 700;

export class Review {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.findings = player.findings;
    /** @type {import('../labels/picked.js').Picked} */
    this.picked = player.picked;
    this.isLooping = this.findings.readSetting('loop') !== '0';
    /** when the last one was decided, milliseconds of the page */
    this.endedAt = -Infinity;
    this.queueKey = '';
    /** @type {import('./suggestions.js').Suggestion[]} */
    this.sorted = [];
  }

  /** @returns {import('./review_order.js').Order} */
  get order() {
    return readOrder(this.player.preferences.get('order', 'time'));
  }

  /** What is above the threshold, in the order of review; skipped ones too. */
  get queue() {
    const key = `${this.order} ${this.findings.changeCount}`;
    if (key !== this.queueKey) this.sorted = sortByOrder(this.findings.above, this.order);
    this.queueKey = key;
    return this.sorted;
  }

  get selectedId() {
    return this.picked.suggestionId;
  }

  get ghostId() {
    return this.picked.ghostId;
  }

  get nudged() {
    return this.picked.nudged;
  }

  /** @returns {import('./suggestions.js').Suggestion|null} */
  get selected() {
    return this.picked.suggestion;
  }

  get ghost() {
    return this.picked.ghost;
  }

  /** The span that accepting would label. */
  get span() {
    return this.picked.span;
  }

  get context() {
    return this.picked.context;
  }

  /** Hands that decide fast press once more before they see that it was the last one. */
  get hasJustEnded() {
    return this.context === null && performance.now() - this.endedAt < AFTERWARDS_MS;
  }

  /** @param {number} value 0..1; kept for this person */
  setThreshold(value) {
    this.findings.setThreshold(value);
    if (this.selectedId !== null && !this.selected) this.leave();
    this.player.refresh();
  }

  /** @param {1|-1} direction */
  stepThreshold(direction) {
    this.setThreshold(this.findings.threshold + direction * THRESHOLD_STEP);
    this.player.say(`Threshold ${formatScore(this.findings.threshold)}: ${this.findings.above.length} shown.`);
  }

  /** @param {import('./review_order.js').Order} order kept for this person */
  setOrder(order) {
    this.player.preferences.set('order', order);
    this.#changed();
  }

  stepOrder() {
    this.setOrder(stepOrder(this.order));
    this.player.say(`Review ${ORDER_NAMES[this.order]}.`);
  }

  toggleLoop() {
    this.isLooping = !this.isLooping;
    this.findings.writeSetting('loop', this.isLooping ? '1' : '0');
    if (!this.isLooping) this.player.transport.stop();
    else if (this.selected) this.#show(this.selected);
    this.player.refresh();
  }

  /** N: the next or previous one above the threshold, in the order of review. @param {1|-1} direction */
  walk(direction) {
    const next = this.selected
      ? findNextInOrder(this.queue, this.selected, direction, this.order)
      : this.#enter(direction);
    if (next) this.select(next.suggestion_id);
    else this.player.say(this.#describeNone());
  }

  /** To the next or previous rejected one. @param {1|-1} direction */
  walkRejected(direction) {
    const next = findNext(this.findings.ghosts, this.ghost ?? { start_frame: this.player.position }, direction);
    if (next) this.selectGhost(next.suggestion_id);
    else this.player.say('Nothing is rejected in this video.');
  }

  /** @param {number} suggestionId */
  select(suggestionId) {
    this.picked.chooseSuggestion(suggestionId);
    if (this.selected) this.#show(this.selected);
    this.#changed();
  }

  /** @param {number} suggestionId */
  selectGhost(suggestionId) {
    this.picked.chooseGhost(suggestionId);
    if (this.ghost) this.#show(this.ghost, true);
    this.#changed();
  }

  /** Nothing is selected any more; a loop over it ends. @returns {boolean} whether something was */
  leave() {
    const had = this.picked.leaveReview();
    if (had) this.#changed();
    return had;
  }

  /** Labels what was suggested. @param {number} rank from 1, of the top five */
  accept(rank) {
    const one = this.selected;
    const span = this.span;
    if (!one || !span) return;
    const classId = one.top[rank - 1]?.[0] ?? (rank === 1 ? one.class_id : undefined);
    if (classId === undefined) return this.player.say(`This suggestion names ${one.top.length} classes only.`);
    this.player.labels.create(classId, span.start_frame, span.end_frame, { suggestion_id: one.suggestion_id, rank });
    this.#goOn(one, `${this.player.classOf(classId).name} accepted.${this.player.sight.warn(classId, span)}`);
  }

  /** @param {'rejected'|'skipped'} verdict */
  decide(verdict) {
    const one = this.selected;
    if (!one) return;
    if (verdict === 'rejected') this.findings.keepRejected(one);
    if (verdict !== 'skipped' || !this.findings.isSkipped(one)) this.player.labels.review(one.suggestion_id, verdict);
    this.#goOn(one, `${this.player.classOf(one.class_id).name} ${verdict}.`);
  }

  /** Takes the selected rejection back; the suggestion is up for decision again. */
  lift() {
    const one = this.ghost;
    if (!one) return;
    this.player.labels.review(one.suggestion_id, 'open');
    this.picked.ghostId = null;
    const isBack = this.findings.above.some((other) => other.suggestion_id === one.suggestion_id);
    if (isBack) this.select(one.suggestion_id);
    else this.#changed();
    this.player.say(`${this.player.classOf(one.class_id).name} is not rejected any more.`);
  }

  /** @param {{edge: 'start'|'end', frames: number}} how */
  nudge({ edge, frames }) {
    const { span, player } = this;
    if (!span) return;
    const nudged = nudgeSpan(span, edge, frames, player.nFrames);
    this.picked.nudged = nudged;
    player.lockedLoop.showEdge(nudged, edge);
    this.#changed();
  }

  /**
   * After undo or redo: what came back is selected again.
   * @param {number|null} suggestionId
   * @returns {boolean} whether it is here
   */
  revive(suggestionId) {
    const isHere = suggestionId !== null && this.findings.above.some((one) => one.suggestion_id === suggestionId);
    if (isHere) this.select(suggestionId);
    return isHere;
  }

  /** The next undecided one comes up by itself; after the last one the flow ends. */
  #goOn(one, text) {
    const next = findNextInOrder(
      this.queue.filter((other) => !this.findings.isSkipped(other)),
      one,
      1,
      this.order,
    );
    this.player.say(next ? text : `${text} Nothing above ${formatScore(this.findings.threshold)} is left to decide.`);
    if (next) this.select(next.suggestion_id);
    else {
      this.leave();
      this.endedAt = performance.now();
    }
  }

  /** With nothing selected: by time from the play head, else what is first (or last) of what nobody skipped. */
  #enter(direction) {
    if (this.order === 'time') return findNext(this.queue, { start_frame: this.player.position }, direction);
    const open = this.queue.filter((one) => !this.findings.isSkipped(one));
    return (open.length ? open : this.queue).at(direction > 0 ? 0 : -1) ?? null;
  }

  #show(one, isGhost = false) {
    const { player } = this;
    player.timeline.reveal(one);
    player.timeline.revealTrack(isGhost ? 'rejected' : 'suggested', one);
    if (!isGhost && this.isLooping && player.ready) void player.transport.loopSpan(one);
    else {
      player.transport.stop();
      void player.seek(one.start_frame);
    }
  }

  #describeNone() {
    if (!this.findings.scan)
      return this.findings.isBusy
        ? 'The scan is still at work.'
        : 'There are no suggestions: this video was not scanned yet.';
    return `No suggestion above ${formatScore(this.findings.threshold)} is left; , lowers the threshold.`;
  }

  #changed() {
    this.findings.version += 1;
    this.player.refresh();
  }
}
