/**
 * The labels of one video, its rating and the annotator's decisions about suggestions as
 * this page shows them: what the server confirmed, with the edits still on their way
 * applied on top, and the annotator's undo and redo.
 *
 * Versions are predicted (one more per own edit); an edit the server refused falls
 * away and the confirmed state shows again. Nothing here draws or sends.
 *
 * @typedef {Object} Label one annotation
 * @property {string} annotation_id @property {number} video_id @property {number} annotator_id
 * @property {string} [annotator] @property {number|null} label_id null until the server numbered it
 * @property {number} class_id @property {number} start_frame @property {number} end_frame
 * @property {number} version @property {number|null} confidence @property {string} mark @property {string} note
 * @property {boolean} [deleted] @property {number|null} [suggestion_id] where it came from
 *
 * @typedef {{suggestion_id: number, verdict: 'rejected'|'skipped'|'open'|null, version: number}} Decision
 * @typedef {{emotion: string|null, note: string, version: number}} Rating
 * @typedef {{id: string, before: any, after: any}} Effect what an edit of this page did to one thing
 */

import { applyEdit, isLabelId, NO_RATING, RATING, reviewKey, suggestionOfKey, targetOf } from './label_edits.js';

/** What of a label can be seen on the timeline. */
const VISIBLE = ['annotator_id', 'annotator', 'class_id', 'start_frame', 'end_frame', 'mark', 'note'];

export class Labels {
  /**
   * @param {{videoId: number, annotatorId: number, annotator: string, send: (fields: any) => import('./edits.js').Edit,
   *          newId: () => string, onChange: (isVisible: boolean) => void}} options `isVisible`: more than numbers changed
   */
  constructor({ videoId, annotatorId, annotator, send, newId, onChange }) {
    Object.assign(this, { videoId, annotatorId, annotator, send, newId, onChange });
    /** @type {Map<string, any>} label id, "rating" or "review:<suggestion>" -> confirmed state, deleted ones included */
    this.confirmed = new Map();
    /** @type {Map<string, Label>} what is shown */
    this.annotations = new Map();
    /** @type {Map<number, Decision>} suggestion -> what the annotator decided about it */
    this.decisions = new Map();
    /** @type {Rating} */
    this.rating = NO_RATING;
    /** @type {import('./edits.js').Edit[]} */
    this.pending = [];
    /** @type {Map<string, Effect>} edit_id -> what it did, for edits of this page */
    this.effects = new Map();
    /** @type {string[]} */
    this.undoStack = [];
    /** @type {string[]} */
    this.redoStack = [];
    this.revision = 0;
    /** grows with every change that can be seen, so that drawings know when to look again */
    this.changeCount = 0;
  }

  /** @param {any} state as GET /state answers @param {import('./edits.js').Edit[]} pending own edits not settled yet */
  load(state, pending) {
    const reviews = [...this.confirmed].filter(([id]) => suggestionOfKey(id) !== null);
    this.confirmed = new Map([...reviews, ...state.annotations.map((label) => [label.annotation_id, label])]);
    if (state.ratings[0]) this.confirmed.set(RATING, state.ratings[0]);
    this.pending = pending;
    this.revision = state.revision;
    this.undoStack = [...state.undo];
    this.redoStack = [...state.redo];
    for (const edit of pending) this.#pushHistory(edit);
    this.annotations = new Map();
    this.decisions = new Map();
    for (const id of this.confirmed.keys()) this.#show(id);
    for (const edit of pending) this.#show(this.#targetOf(edit) ?? '');
    this.changeCount += 1;
    this.onChange(true);
  }

  /**
   * Takes the server's word for what others or other tabs changed.
   * @param {{revision: number, annotations: Label[], deleted: string[], ratings: any[]}} answer as GET /changes answers
   */
  merge(answer) {
    const before = this.changeCount;
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
    this.onChange(this.changeCount !== before);
  }

  /** Decisions as the server has them now. @param {Decision[]} decisions */
  loadDecisions(decisions) {
    const touched = new Set();
    for (const one of decisions) this.#confirm(reviewKey(one.suggestion_id), one, touched);
    for (const id of touched) this.#show(id);
    this.onChange(true);
  }

  /**
   * @param {number} classId @param {number} start @param {number} end
   * @param {{suggestion_id: number, rank: number}} [suggestion] that is accepted so @returns {Label}
   */
  create(classId, start, end, suggestion) {
    const id = this.newId();
    const fields = { kind: 'create', annotation_id: id, class_id: classId, start_frame: start, end_frame: end };
    this.#edit(suggestion ? { ...fields, suggestion } : fields, id);
    return /** @type {Label} */ (this.annotations.get(id));
  }

  /** @param {string} id @param {'move'|'relabel'|'delete'|'annotate'} kind @param {Record<string, any>} [fields] */
  change(id, kind, fields = {}) {
    this.#edit({ kind, annotation_id: id, ...fields }, id);
  }

  /** @param {string} emotion @param {string} note */
  rate(emotion, note) {
    this.#edit({ kind: 'rate', annotation_id: null, emotion, note }, RATING);
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

  /** @returns {string|null} the thing that came back or changed, when known */
  undo() {
    return this.#stepHistory('undo', this.undoStack);
  }

  redo() {
    return this.#stepHistory('redo', this.redoStack);
  }

  /**
   * Takes the server's word for edits it settled.
   * @param {import('./edits.js').Answer} answer @param {import('./edits.js').Edit[]} settled
   * @returns {boolean} false when the answer does not explain every settled edit, so the state should be read again
   */
  settle(answer, settled) {
    const mine = settled.filter((edit) => edit.video_id === this.videoId);
    if (!mine.length) return true;
    const touched = new Set(mine.map((edit) => this.#targetOf(edit)));
    const before = this.changeCount;
    const gone = new Set(mine.map((edit) => edit.edit_id));
    this.pending = this.pending.filter((edit) => !gone.has(edit.edit_id));
    for (const change of answer.changes ?? []) if (change.video_id === this.videoId) this.#confirm(change.annotation_id, change, touched);
    for (const rating of answer.ratings ?? []) if (rating.video_id === this.videoId) this.#confirm(RATING, rating, touched);
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
        this.#takeBack(edit, refusal, target, explained);
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
    this.onChange(this.changeCount !== before || refused.size > 0);
    return isExplained;
  }

  /** Labels of one annotator, in no order. @param {(label: Label) => boolean} test @returns {Label[]} */
  list(test) {
    return [...this.annotations.values()].filter(test);
  }

  isOwn(label) {
    return label.annotator_id === this.annotatorId;
  }

  #edit(fields, id) {
    const before = this.#current(id);
    const edit = this.send({ video_id: this.videoId, base_version: before?.version ?? 0, ...fields });
    this.pending.push(edit);
    this.#show(id);
    this.effects.set(edit.edit_id, { id, before, after: this.#current(id) });
    this.#pushHistory(edit);
    this.onChange(true);
  }

  #pushHistory(edit) {
    if (edit.kind === 'undo' || edit.kind === 'redo') {
      const [from, to] = edit.kind === 'undo' ? [this.undoStack, this.redoStack] : [this.redoStack, this.undoStack];
      const at = from.lastIndexOf(edit.target_edit_id);
      if (at >= 0) from.splice(at, 1);
      if (!to.includes(edit.target_edit_id)) to.push(edit.target_edit_id);
    } else if (!this.undoStack.includes(edit.edit_id)) {
      this.undoStack.push(edit.edit_id);
      this.redoStack.length = 0;
    }
  }

  #stepHistory(kind, stack) {
    const target = stack.at(-1);
    if (target === undefined) return null;
    const effect = this.effects.get(target);
    const edit = this.send({
      video_id: this.videoId,
      kind,
      annotation_id: effect && isLabelId(effect.id) ? effect.id : null,
      base_version: effect ? (this.#current(effect.id)?.version ?? 0) : 0,
      target_edit_id: target,
    });
    this.pending.push(edit);
    this.#pushHistory(edit);
    if (effect) this.#show(effect.id);
    this.onChange(true);
    return effect?.id ?? null;
  }

  #targetOf(edit) {
    return targetOf(edit, this.effects);
  }

  #confirm(id, state, touched) {
    const known = this.confirmed.get(id);
    if (known && known.version > state.version) return;
    this.confirmed.set(id, { annotator: known?.annotator ?? this.annotator, ...known, ...state });
    touched.add(id);
  }

  /** A refused edit leaves no trace in the picture or in the history; the server may say what stands instead. */
  #takeBack(edit, refusal, target, explained) {
    if (refusal.current && target && !explained.has(target)) {
      this.confirmed.set(target, { ...this.confirmed.get(target), ...refusal.current });
    }
    if (edit.kind === 'undo' || edit.kind === 'redo') {
      const [from, to] = edit.kind === 'undo' ? [this.redoStack, this.undoStack] : [this.undoStack, this.redoStack];
      const at = from.lastIndexOf(edit.target_edit_id);
      if (at >= 0) from.splice(at, 1);
      if (refusal.code !== 'CONFLICT' && refusal.code !== 'NOT_AVAILABLE') to.push(edit.target_edit_id);
    } else {
      this.undoStack = this.undoStack.filter((id) => id !== edit.edit_id);
    }
  }

  /** Confirmed state with the pending edits of this thing on top. */
  #current(id) {
    const owner = { annotator_id: this.annotatorId, annotator: this.annotator };
    let state = this.confirmed.get(id);
    for (const edit of this.pending) {
      if (this.#targetOf(edit) !== id) continue;
      if (state && state.version > edit.base_version) continue; // the confirmed state holds it already
      state = applyEdit(state, edit, this.effects.get(edit.target_edit_id), owner);
    }
    return state;
  }

  #show(id) {
    const suggestionId = suggestionOfKey(id);
    if (suggestionId !== null) return this.#showDecision(id, suggestionId);
    const state = this.#current(id);
    const shown = this.annotations.get(id);
    if (id === RATING) this.rating = state && !state.deleted ? { emotion: null, note: '', ...state } : { ...NO_RATING, version: state?.version ?? 0 };
    else if (!state || state.deleted) this.annotations.delete(id);
    else this.annotations.set(id, state);
    const now = this.annotations.get(id);
    if (VISIBLE.some((name) => shown?.[name] !== now?.[name])) this.changeCount += 1;
  }

  #showDecision(id, suggestionId) {
    const state = this.#current(id);
    if (this.decisions.get(suggestionId)?.verdict !== state?.verdict) this.changeCount += 1;
    if (state) this.decisions.set(suggestionId, state);
    else this.decisions.delete(suggestionId);
  }
}
