/**
 * The annotator's hands on suggestions: which one is selected, its nudged span, and what
 * accepting, rejecting, skipping and lifting do. What there is to decide is findings.js;
 * decisions are edits, and labels.js keeps those.
 *
 * @typedef {import('./suggestions.js').Suggestion} Suggestion
 * @typedef {import('./suggestions.js').Rejection} Rejection
 * @typedef {import('./review_order.js').Order} Order
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 *
 * @typedef {Object} Moves what of the picture and the timeline it moves
 * @property {() => boolean} isReady whether there is something to play
 * @property {(frame: number) => void} seek
 * @property {() => void} stop
 * @property {(span: Spanlike) => void} loopSpan plays it again and again
 * @property {(span: Spanlike, edge: 'start'|'end') => void} showEdge after that edge moved
 * @property {(span: Spanlike) => void} reveal on the timeline
 * @property {(kind: 'suggested'|'rejected', bar: Suggestion|Rejection) => void} revealTrack
 */

import { computed, watch } from '../core/watch.js';
import { findNextInOrder, ORDER_NAMES, readOrder, sortByOrder, stepOrder } from './review_order.js';
import { findNext, formatScore, nudgeSpan, THRESHOLD_STEP } from './suggestions.js';

/** So long after the last decision a key that decides means nothing else. */
const AFTERWARDS_MS = 700;

export class Review {
  /**
   * @param {{findings: import('./findings.js').Findings, labels: import('../labels/labels.js').Labels,
   *          picked: import('../labels/picked.js').Picked, classes: import('../core/classes.js').ClassList,
   *          sight: {warn: (classId: number, stretch: Spanlike|null) => string},
   *          clock: import('../core/video_clock.js').VideoClock, settings: import('./findings.js').Settings,
   *          preferences: import('../core/preferences.js').Preferences, say: (text: string) => void,
   *          moves: Moves}} options
   */
  constructor({ findings, labels, picked, classes, sight, clock, settings, preferences, say, moves }) {
    this.findings = findings;
    this.labels = labels;
    this.picked = picked;
    this.classes = classes;
    this.sight = sight;
    this.clock = clock;
    this.settings = settings;
    this.preferences = preferences;
    this.say = say;
    this.moves = moves;
    this.isLooping = settings.read('loop') !== '0';
    /** @type {Order} kept for this person */
    this.order = readOrder(preferences.get('order', 'time'));
    watch(this, 'isLooping', 'order');
    /** when the last one was decided, milliseconds of the page */
    this.endedAt = -Infinity;
    this.sorted = computed(() => sortByOrder(findings.above, this.order));
  }

  /** What is above the threshold, in the order of review; skipped ones too. @returns {Suggestion[]} */
  get queue() {
    return this.sorted.value;
  }

  /** Hands that decide fast press once more before they see that it was the last one. */
  get hasJustEnded() {
    return this.picked.context === null && performance.now() - this.endedAt < AFTERWARDS_MS;
  }

  /** @param {number} value 0..1; kept for this person */
  setThreshold(value) {
    this.findings.setThreshold(value);
    if (this.picked.suggestionId !== null && !this.picked.suggestion) this.picked.leaveReview();
  }

  /** @param {1|-1} direction */
  stepThreshold(direction) {
    this.setThreshold(this.findings.threshold + direction * THRESHOLD_STEP);
    this.say(`Threshold ${formatScore(this.findings.threshold)}: ${this.findings.above.length} shown.`);
  }

  /** @param {Order} order kept for this person */
  setOrder(order) {
    this.order = order;
    this.preferences.set('order', order);
  }

  stepOrder() {
    this.setOrder(stepOrder(this.order));
    this.say(`Review ${ORDER_NAMES[this.order]}.`);
  }

  toggleLoop() {
    this.isLooping = !this.isLooping;
    this.settings.write('loop', this.isLooping ? '1' : '0');
    if (!this.isLooping) this.moves.stop();
    else if (this.picked.suggestion) this.#show(this.picked.suggestion);
  }

  /** N: the next or previous one above the threshold, in the order of review. @param {1|-1} direction */
  walk(direction) {
    const { suggestion } = this.picked;
    const next = suggestion ? findNextInOrder(this.queue, suggestion, direction, this.order) : this.#enter(direction);
    if (next) this.select(next.suggestion_id);
    else this.say(this.#describeNone());
  }

  /** To the next or previous rejected one. @param {1|-1} direction */
  walkRejected(direction) {
    const next = findNext(this.findings.ghosts, this.picked.ghost ?? { start_frame: this.clock.position }, direction);
    if (next) this.selectGhost(next.suggestion_id);
    else this.say('Nothing is rejected in this video.');
  }

  /** @param {number} suggestionId */
  select(suggestionId) {
    this.picked.chooseSuggestion(suggestionId);
    const { suggestion } = this.picked;
    if (suggestion) this.#show(suggestion);
  }

  /** @param {number} suggestionId */
  selectGhost(suggestionId) {
    this.picked.chooseGhost(suggestionId);
    const { ghost } = this.picked;
    if (ghost) this.#showGhost(ghost);
  }

  /** Labels what was suggested. @param {number} rank from 1, of the top five */
  accept(rank) {
    const { suggestion: one, span } = this.picked;
    if (!one || !span) return;
    const classId = one.top[rank - 1]?.[0] ?? (rank === 1 ? one.class_id : undefined);
    if (classId === undefined) return this.say(`This suggestion names ${one.top.length} classes only.`);
    this.labels.create(classId, span.start_frame, span.end_frame, { suggestion_id: one.suggestion_id, rank });
    this.#goOn(one, `${this.classes.of(classId).name} accepted.${this.sight.warn(classId, span)}`);
  }

  /** @param {'rejected'|'skipped'} verdict */
  decide(verdict) {
    const { suggestion: one } = this.picked;
    if (!one) return;
    if (verdict === 'rejected') this.findings.keepRejected(one);
    if (verdict !== 'skipped' || !this.findings.isSkipped(one)) this.labels.review(one.suggestion_id, verdict);
    this.#goOn(one, `${this.classes.of(one.class_id).name} ${verdict}.`);
  }

  /** Takes the selected rejection back; the suggestion is up for decision again. */
  lift() {
    const { ghost: one } = this.picked;
    if (!one) return;
    this.labels.review(one.suggestion_id, 'open');
    this.picked.ghostId = null;
    const isBack = this.findings.above.some((other) => other.suggestion_id === one.suggestion_id);
    if (isBack) this.select(one.suggestion_id);
    this.say(`${this.classes.of(one.class_id).name} is not rejected any more.`);
  }

  /** @param {{edge: 'start'|'end', frames: number}} how */
  nudge({ edge, frames }) {
    const { span } = this.picked;
    if (!span) return;
    const nudged = nudgeSpan(span, edge, frames, this.clock.nFrames);
    this.picked.nudged = nudged;
    this.moves.showEdge(nudged, edge);
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

  /**
   * The next undecided one comes up by itself; after the last one the flow ends.
   * @param {Suggestion} one that was decided @param {string} text
   */
  #goOn(one, text) {
    const next = findNextInOrder(
      this.queue.filter((other) => !this.findings.isSkipped(other)),
      one,
      1,
      this.order,
    );
    this.say(next ? text : `${text} Nothing above ${formatScore(this.findings.threshold)} is left to decide.`);
    if (next) this.select(next.suggestion_id);
    else {
      this.picked.leaveReview();
      this.endedAt = performance.now();
    }
  }

  /**
   * With nothing selected: by time from the play head, else what is first (or last) of what nobody skipped.
   * @param {1|-1} direction
   */
  #enter(direction) {
    if (this.order === 'time') return findNext(this.queue, { start_frame: this.clock.position }, direction);
    const open = this.queue.filter((one) => !this.findings.isSkipped(one));
    return (open.length ? open : this.queue).at(direction > 0 ? 0 : -1) ?? null;
  }

  /** @param {Suggestion} one */
  #show(one) {
    const { moves } = this;
    moves.reveal(one);
    moves.revealTrack('suggested', one);
    if (this.isLooping && moves.isReady()) moves.loopSpan(one);
    else this.#stopAt(one);
  }

  /** @param {Rejection} one */
  #showGhost(one) {
    this.moves.reveal(one);
    this.moves.revealTrack('rejected', one);
    this.#stopAt(one);
  }

  /** @param {Spanlike} span */
  #stopAt(span) {
    this.moves.stop();
    this.moves.seek(span.start_frame);
  }

  #describeNone() {
    if (!this.findings.scan)
      return this.findings.isBusy
        ? 'The scan is still at work.'
        : 'There are no suggestions: this video was not scanned yet.';
    return `No suggestion above ${formatScore(this.findings.threshold)} is left; , lowers the threshold.`;
  }
}
