/**
 * Labelling what was found, in this video and in others, and taking it back. In this video the
 * labels are those of the page; an edit in another video goes to the same log, and what became of
 * it is kept here until the page is left. There, opening that video shows it, with its undo.
 *
 * @typedef {import('./similar_items.js').Found} Found
 * @typedef {{annotation_id: string, class_id: number, version: number}} Own
 * @typedef {import('../labels/edits.js').Answer} Answer
 * @typedef {import('../labels/edits.js').Edit} Edit
 * @typedef {import('../labels/edits.js').Draft} Draft
 * @typedef {{key: string, videoId: number, editId: string, before: Own|null, after: Own}} Step `key`: the stretch
 */

import { findThere, keyOf } from './similar_items.js';

export class SimilarLabels {
  /**
   * @param {{videoId: number, labels: import('../labels/labels.js').Labels,
   *          edits: {append: (fields: Draft) => Edit, own: {pending: Edit[]},
   *                  listeners: Set<(answer: Answer, settled: Edit[]) => void>},
   *          provenance: () => Record<string, unknown>, onChange: () => void}} options
   */
  constructor({ videoId, labels, edits, provenance, onChange }) {
    this.videoId = videoId;
    this.labels = labels;
    this.edits = edits;
    this.provenance = provenance;
    this.onChange = onChange;
    /** @type {Map<string, Own|null>} what this page made of stretches of other videos */
    this.elsewhere = new Map();
    /** @type {Map<string, string>} stretch -> why its label was refused */
    this.refusals = new Map();
    /** @type {Step[]} oldest first */
    this.steps = [];
    /** @type {Map<string, Step>} undo on its way -> what it takes back */
    this.undoing = new Map();
    /** @param {Answer} answer @param {Edit[]} settled */
    this.settle = (answer, settled) => this.#settle(answer, settled);
    edits.listeners.add(this.settle);
  }

  dispose() {
    this.edits.listeners.delete(this.settle);
  }

  /** The person's own label of a stretch, as it stands on this page. @param {Found} found @returns {Own|null} */
  ownOf(found) {
    if (this.#isHere(found)) return findThere(found, this.labels.own);
    const known = this.elsewhere.get(keyOf(found));
    return known === undefined ? found.own : known;
  }

  /** A label is still on its way. @param {Found} found */
  isSaving(found) {
    const own = this.ownOf(found);
    return Boolean(own) && this.edits.own.pending.some((edit) => edit.annotation_id === own?.annotation_id);
  }

  /**
   * Labels a stretch, or changes the class of the label that is there.
   * @param {Found} found @param {number} classId @returns {boolean} false when it says so already
   */
  label(found, classId) {
    const own = this.ownOf(found);
    if (own?.class_id === classId) return false;
    this.refusals.delete(keyOf(found));
    const step = this.#isHere(found) ? this.#labelHere(found, classId, own) : this.#labelElsewhere(found, classId, own);
    this.steps.push(step);
    this.onChange();
    return true;
  }

  /** Takes back what was done last here. @returns {string|null} the stretch it was about */
  undo() {
    const step = this.steps.pop();
    if (!step) return null;
    if (step.videoId === this.videoId) this.#undoHere(step);
    else this.#undoElsewhere(step);
    this.onChange();
    return step.key;
  }

  /** @param {Found} found */
  #isHere(found) {
    return found.video_id === this.videoId;
  }

  /** @param {Found} found @param {number} classId @param {Own|null} own @returns {Step} */
  #labelHere(found, classId, own) {
    const { labels } = this;
    const before = own && { ...own };
    if (own) labels.change(own.annotation_id, 'relabel', { class_id: classId });
    const after = own
      ? labels.annotations.get(own.annotation_id)
      : labels.create(classId, found.start_frame, found.end_frame);
    return { ...nameOf(found), editId: labels.undoStack.at(-1) ?? '', before, after: /** @type {Own} */ (after) };
  }

  /** @param {Found} found @param {number} classId @param {Own|null} own @returns {Step} */
  #labelElsewhere(found, classId, own) {
    const { start_frame, end_frame, video_id } = found;
    const after = {
      annotation_id: own?.annotation_id ?? crypto.randomUUID(),
      class_id: classId,
      version: (own?.version ?? 0) + 1,
    };
    const span = own ? {} : { start_frame, end_frame };
    const edit = this.#send({
      kind: own ? 'relabel' : 'create',
      video_id,
      annotation_id: after.annotation_id,
      base_version: after.version - 1,
      class_id: classId,
      ...span,
    });
    this.elsewhere.set(keyOf(found), after);
    return { ...nameOf(found), editId: edit.edit_id, before: own, after };
  }

  /** As Ctrl Z would, when it was the last edit of this video; else by an edit of its own. @param {Step} step */
  #undoHere({ editId, before, after }) {
    const { labels } = this;
    const isLast = labels.undoStack.at(-1) === editId;
    if (isLast) labels.undo();
    else if (labels.annotations.get(after.annotation_id)?.class_id !== after.class_id)
      return; // changed or gone since
    else if (before) labels.change(after.annotation_id, 'relabel', { class_id: before.class_id });
    else labels.change(after.annotation_id, 'delete');
  }

  /** @param {Step} step */
  #undoElsewhere({ key, videoId, editId, before, after }) {
    const { version } = this.elsewhere.get(key) ?? after;
    const edit = this.#send({
      kind: 'undo',
      video_id: videoId,
      annotation_id: after.annotation_id,
      base_version: version,
      target_edit_id: editId,
    });
    this.undoing.set(edit.edit_id, { key, videoId, editId, before, after: { ...after, version } });
    this.elsewhere.set(key, before && { ...before, version: version + 1 });
  }

  /** @param {Draft} fields */
  #send(fields) {
    return this.edits.append({ ...fields, provenance: this.provenance() });
  }

  /** What the server said just now is newer than what this page remembers. @param {Found[]} items */
  adopt(items) {
    const waiting = new Set(this.edits.own.pending.map((edit) => edit.annotation_id));
    for (const one of items) {
      const known = this.elsewhere.get(keyOf(one));
      if (known !== undefined && !waiting.has(known?.annotation_id ?? one.own?.annotation_id ?? null))
        this.elsewhere.delete(keyOf(one));
    }
  }

  /**
   * The server's word: versions as they are, and what was refused is not there.
   * @param {Answer} answer @param {Edit[]} settled
   */
  #settle(answer, settled) {
    for (const refusal of answer.refused ?? []) {
      const kept = this.undoing.get(refusal.edit_id);
      const step = this.steps.find((one) => one.editId === refusal.edit_id);
      if (kept) this.elsewhere.set(kept.key, kept.after);
      if (!step && !kept) continue;
      this.refusals.set((step ?? kept)?.key ?? '', refusal.message);
      this.steps = this.steps.filter((one) => one !== step);
      if (step && this.elsewhere.has(step.key)) this.elsewhere.set(step.key, step.before);
    }
    for (const change of answer.changes ?? []) {
      for (const [key, own] of this.elsewhere) {
        if (!own || own.annotation_id !== change.annotation_id || change.version < own.version) continue;
        this.elsewhere.set(
          key,
          change.deleted
            ? null
            : {
                annotation_id: change.annotation_id,
                class_id: change.class_id ?? own.class_id,
                version: change.version,
              },
        );
      }
    }
    for (const edit of settled) this.undoing.delete(edit.edit_id);
    this.onChange();
  }
}

/** @param {Found} found */
const nameOf = (found) => ({ key: keyOf(found), videoId: found.video_id });
