/**
 * The labels of one video, its rating and the annotator's decisions about suggestions as
 * this page shows them: what the server confirmed, with the edits still on their way
 * applied on top, and the annotator's undo and redo.
 *
 * Versions are predicted (one more per own edit); an edit the server refused falls
 * away and the confirmed state shows again. Nothing here draws or sends.
 *
 * @typedef {import('./fields.js').LabelFields} LabelFields
 * @typedef {import('./fields.js').RatingFields} RatingFields
 * @typedef {import('./fields.js').DecisionFields} DecisionFields
 * @typedef {Omit<LabelFields, 'label_id'> & {annotator?: string, label_id: number|null}} Label one annotation;
 *   `label_id` is null until the server numbered it
 * @typedef {Omit<RatingFields, 'emotion'|'video_id'|'annotator_id'> & {emotion: RatingFields['emotion']|null}} Rating
 * @typedef {Pick<DecisionFields, 'suggestion_id'|'version'> & {verdict: DecisionFields['verdict']|null}} Decision
 * @typedef {Partial<Omit<Label, 'annotation_id'|'suggestion_id'>> & Partial<Omit<Rating, 'version'>> &
 *   {annotation_id?: string|null, suggestion_id?: number|null, verdict?: Decision['verdict'], version: number}} Held
 *   what is kept of any one thing, a label, the rating or a decision
 * @typedef {{id: string, before: Held|undefined, after: Held}} Effect what an edit of this page did to one thing
 * @typedef {import('./edits.js').Edit} Edit
 * @typedef {import('./edits.js').Draft} Draft
 * @typedef {Pick<Draft, 'kind'|'annotation_id'> & Partial<Draft>} Fields of an edit of this video
 */

import { computed, watch } from '../core/watch.js';
import { NO_RATING } from './fields.js';
import { History } from './history.js';
import { applyEdit, isLabelId, RATING, reviewKey, suggestionOfKey, targetOf } from './label_edits.js';

/** What of a label can be seen on the timeline. @type {(keyof Label)[]} */
const VISIBLE = ['annotator_id', 'annotator', 'class_id', 'start_frame', 'end_frame', 'mark', 'note'];

export class Labels {
  /**
   * @param {{videoId: number, annotatorId: number, annotator: string, send: (fields: Draft) => Edit,
   *          transact?: <T>(run: () => T) => T, newId: () => string}} options `transact` sends what is sent meanwhile
   *   as a whole
   */
  constructor({ videoId, annotatorId, annotator, send, transact = (run) => run(), newId }) {
    this.videoId = videoId;
    this.annotatorId = annotatorId;
    this.annotator = annotator;
    this.send = send;
    this.transact = transact;
    this.newId = newId;
    /** @type {Map<string, Held>} label id, "rating" or "review:<suggestion>" -> what is confirmed, also if deleted */
    this.confirmed = new Map();
    /** @type {Map<string, Label>} what is shown */
    this.shown = new Map();
    /** @type {Map<number, Decision>} suggestion -> what the annotator decided about it */
    this.decisions = new Map();
    /** @type {Rating} */
    this.rating = NO_RATING;
    /** @type {Edit[]} */
    this.pending = [];
    /** @type {Map<string, Effect>} edit_id -> what it did, for edits of this page */
    this.effects = new Map();
    this.history = new History();
    /** @type {string|null} the group that is being made */
    this.groupId = null;
    this.revision = 0;
    /** grows with every change that can be seen, so that drawings know when to look again */
    this.changeCount = 0;
    /** grows with every change of any label, also of what cannot be seen on the timeline */
    this.version = 0;
    watch(this, 'changeCount', 'version', 'rating', 'revision');
    this.sorted = computed(() => {
      void this.version;
      return [...this.shown.values()].filter((label) => this.isOwn(label)).sort(byTime);
    });
  }

  /** What is shown, by id; watch `version` too where what the timeline does not show counts. */
  get annotations() {
    void this.changeCount;
    return this.shown;
  }

  /** The annotator's own labels in order of start. @returns {Label[]} */
  get own() {
    return this.sorted.value;
  }

  /** A label as it stands this moment. @param {string} id @returns {Label|null} */
  find(id) {
    void this.version;
    return this.shown.get(id) ?? null;
  }

  /**
   * @param {import('../core/server.js').Steps & Pick<import('../core/server.js').State,
   *         'revision'|'annotations'|'ratings'>} state as GET /state answers
   * @param {Edit[]} pending own edits not settled yet
   */
  load(state, pending) {
    const reviews = [...this.confirmed].filter(([id]) => suggestionOfKey(id) !== null);
    this.confirmed = new Map(reviews);
    for (const label of state.annotations) this.confirmed.set(label.annotation_id, label);
    if (state.ratings[0]) this.confirmed.set(RATING, state.ratings[0]);
    this.pending = pending;
    this.revision = state.revision;
    this.history.load(state);
    for (const edit of pending) this.history.push(edit);
    [this.shown, this.decisions] = [new Map(), new Map()];
    for (const id of this.confirmed.keys()) this.#show(id);
    for (const edit of pending) this.#show(this.#targetOf(edit) ?? '');
    this.changeCount += 1;
    this.version += 1;
  }

  /**
   * Takes the server's word for what others or other tabs changed.
   * @param {Pick<import('../core/server.js').Changes, 'revision'|'annotations'|'deleted'|'ratings'>} answer as
   * GET /changes answers
   */
  merge(answer) {
    const touched = new Set();
    for (const label of answer.annotations) this.#confirm(label.annotation_id, label, touched);
    for (const rating of answer.ratings) this.#confirm(RATING, rating, touched);
    for (const id of answer.deleted) {
      const known = this.confirmed.get(id);
      if (known) this.confirmed.set(id, { ...known, deleted: true });
      touched.add(id);
    }
    for (const id of touched) this.#show(id);
    this.revision = Math.max(this.revision, answer.revision);
  }

  /** Decisions as the server has them now. @param {Decision[]} decisions */
  loadDecisions(decisions) {
    const touched = new Set();
    for (const one of decisions) this.#confirm(reviewKey(one.suggestion_id), one, touched);
    for (const id of touched) this.#show(id);
  }

  /**
   * @param {number} classId @param {number} start @param {number} end
   * @param {{suggestion_id: number, rank: number}} [suggestion] that is accepted so
   * @param {string} [id] of a creation that was refused before @returns {Label}
   */
  create(classId, start, end, suggestion, id = this.newId()) {
    /** @type {Fields} */
    const fields = { kind: 'create', annotation_id: id, class_id: classId, start_frame: start, end_frame: end };
    this.#edit(suggestion ? { ...fields, suggestion } : fields, id);
    return /** @type {Label} */ (this.shown.get(id));
  }

  /** @param {string} id @param {'move'|'relabel'|'delete'|'annotate'} kind @param {Partial<Draft>} [fields] */
  change(id, kind, fields = {}) {
    this.#edit({ kind, annotation_id: id, ...fields }, id);
  }

  /**
   * What is not named stays as it is.
   * @param {Partial<Rating>} fields
   */
  rate(fields) {
    this.#edit({ kind: 'rate', annotation_id: null, ...fields }, RATING);
  }

  /** @param {number} suggestionId @param {'rejected'|'skipped'|'open'} verdict */
  review(suggestionId, verdict) {
    this.#edit({ kind: 'review', annotation_id: null, suggestion_id: suggestionId, verdict }, reviewKey(suggestionId));
  }

  /** The suggestion that a label came from or a decision is about. @param {string|null} id @returns {number|null} */
  suggestionOf(id) {
    if (id === null) return null;
    return suggestionOfKey(id) ?? this.#current(id)?.suggestion_id ?? null;
  }

  /**
   * Every edit made by `run`, which may not wait for anything, belongs together: the server takes all of them or none,
   * and one undo takes all of them back. When `run` throws, none of them was made.
   * @template T @param {() => T} run @returns {T}
   */
  group(run) {
    if (this.groupId) return run();
    const [pending, steps] = [[...this.pending], this.history.keep()];
    this.groupId = this.newId();
    try {
      return this.transact(run);
    } catch (error) {
      const undone = this.pending.slice(pending.length).map((edit) => this.#targetOf(edit));
      this.pending = pending;
      this.history.restore(steps);
      for (const id of undone) if (id) this.#show(id);
      throw error;
    } finally {
      this.groupId = null;
    }
  }

  /** @returns {string[]} the things that came back or changed, as far as they are known */
  undo() {
    return this.#stepHistory('undo');
  }

  redo() {
    return this.#stepHistory('redo');
  }

  /**
   * Takes the server's word for edits it settled.
   * @param {import('./edits.js').Answer} answer @param {Edit[]} settled
   * @returns {boolean} false when the answer does not explain every settled edit, so the state should be read again
   */
  settle(answer, settled) {
    const mine = settled.filter((edit) => edit.video_id === this.videoId);
    if (!mine.length) return true;
    const touched = new Set(mine.map((edit) => this.#targetOf(edit)));
    const gone = new Set(mine.map((edit) => edit.edit_id));
    this.pending = this.pending.filter((edit) => !gone.has(edit.edit_id));
    for (const change of answer.changes ?? [])
      if (change.video_id === this.videoId) this.#confirm(change.annotation_id, change, touched);
    for (const rating of answer.ratings ?? [])
      if (rating.video_id === this.videoId) this.#confirm(RATING, rating, touched);
    for (const review of answer.reviews ?? []) this.#confirm(reviewKey(review.suggestion_id), review, touched);
    const refused = new Map((answer.refused ?? []).map((refusal) => [refusal.edit_id, refusal]));
    const explained = new Set((answer.changes ?? []).map((change) => change.annotation_id));
    if (answer.ratings?.length) explained.add(RATING);
    for (const review of answer.reviews ?? []) explained.add(reviewKey(review.suggestion_id));
    let isExplained = true;
    for (const edit of mine) {
      const refusal = refused.get(edit.edit_id);
      const target = this.#targetOf(edit);
      if (refusal) {
        // It leaves no trace in the picture or in the history; the server may say what stands instead.
        this.history.takeBack(edit, refusal.code);
        if (refusal.current && target && !explained.has(target))
          this.confirmed.set(target, { ...this.confirmed.get(target), ...refusal.current });
        if (!refusal.current && this.confirmed.has(target ?? '')) isExplained = false; // is it there at all?
      } else if (target === null ? !explained.size : !explained.has(target)) isExplained = false;
    }
    for (const id of touched) if (id) this.#show(id);
    const revision = answer.revisions?.[this.videoId];
    if (revision !== undefined) {
      // Somebody else's edits came between, or a backup was restored.
      if (revision > this.revision + 1 || revision < this.revision) isExplained = false;
      this.revision = revision;
    }
    return isExplained;
  }

  /** An edit is undone together with others. @param {string} editId @param {string} groupId */
  joinStep(editId, groupId) {
    this.history.groups.set(editId, groupId);
  }

  /** @returns {string[]} edits that can be undone, the next one last */
  get undoStack() {
    return this.history.undoStack;
  }

  get redoStack() {
    return this.history.redoStack;
  }

  /** Labels of one annotator, in no order. @param {(label: Label) => boolean} test @returns {Label[]} */
  list(test) {
    void this.version;
    return [...this.shown.values()].filter(test);
  }

  /** @param {Pick<Label, 'annotator_id'>} label */
  isOwn(label) {
    return label.annotator_id === this.annotatorId;
  }

  /** @param {Fields} fields @param {string} id of what it is about */
  #edit(fields, id) {
    const before = this.#current(id);
    const edit = this.#send({ base_version: before?.version ?? 0, ...fields });
    this.#show(id);
    // What was there, or has just been made, is still there.
    this.effects.set(edit.edit_id, { id, before, after: /** @type {Held} */ (this.#current(id)) });
  }

  /** @param {Fields & {base_version: number}} fields */
  #send(fields) {
    const group = this.groupId ? { group_id: this.groupId } : {};
    const edit = this.send({ video_id: this.videoId, ...fields, ...group });
    this.pending.push(edit);
    this.history.push(edit);
    return edit;
  }

  /**
   * Takes the last step, or all steps of the last group, newest first (redo: oldest first).
   * @param {'undo'|'redo'} kind
   */
  #stepHistory(kind) {
    const targets = this.history.next(kind);
    const step = () => targets.map((target) => this.#step(kind, target));
    const ids = targets.length > 1 ? this.group(step) : step();
    return [...new Set(ids.filter((id) => id !== null))];
  }

  /** @param {'undo'|'redo'} kind @param {string} target edit */
  #step(kind, target) {
    const id = this.effects.get(target)?.id ?? this.history.objects.get(target) ?? null;
    this.#send({
      kind,
      annotation_id: id !== null && isLabelId(id) ? id : null,
      base_version: id !== null ? (this.#current(id)?.version ?? 0) : 0,
      target_edit_id: target,
    });
    if (id !== null) this.#show(id);
    return id;
  }

  /** @param {Edit} edit */
  #targetOf(edit) {
    return targetOf(edit, this.effects, this.history.objects);
  }

  /** @param {string} id @param {Held} state @param {Set<string|null>} touched gets the id */
  #confirm(id, state, touched) {
    const known = this.confirmed.get(id);
    if (known && known.version > state.version) return;
    this.confirmed.set(id, { annotator: known?.annotator ?? this.annotator, ...known, ...state });
    touched.add(id);
  }

  /** Confirmed state with the pending edits of this thing on top. @param {string} id */
  #current(id) {
    const owner = { annotator_id: this.annotatorId, annotator: this.annotator };
    let state = this.confirmed.get(id);
    for (const edit of this.pending) {
      if (this.#targetOf(edit) !== id) continue;
      if (state && state.version > edit.base_version) continue; // the confirmed state holds it already
      state = applyEdit(state, edit, this.effects.get(edit.target_edit_id ?? ''), owner);
    }
    return state;
  }

  /** @param {string} id */
  #show(id) {
    const suggestionId = suggestionOfKey(id);
    if (suggestionId !== null) return this.#showDecision(id, suggestionId);
    const state = this.#current(id);
    const shown = this.shown.get(id);
    if (id === RATING)
      this.rating =
        state && !state.deleted ? { ...NO_RATING, ...state } : { ...NO_RATING, version: state?.version ?? 0 };
    else if (!state || state.deleted) this.shown.delete(id);
    else this.shown.set(id, /** @type {Label} */ (state));
    const now = this.shown.get(id);
    if (now !== shown) this.version += 1;
    if (VISIBLE.some((name) => shown?.[name] !== now?.[name])) this.changeCount += 1;
  }

  /** @param {string} id @param {number} suggestionId */
  #showDecision(id, suggestionId) {
    const state = this.#current(id);
    const isOther = this.decisions.get(suggestionId)?.verdict !== state?.verdict;
    if (state) this.decisions.set(suggestionId, /** @type {Decision} */ (state));
    else this.decisions.delete(suggestionId);
    if (isOther) this.changeCount += 1; // last: whoever follows it looks at once
  }
}

/** @param {Label} a @param {Label} b */
const byTime = (a, b) =>
  a.start_frame - b.start_frame || a.end_frame - b.end_frame || (a.annotation_id < b.annotation_id ? -1 : 1);
