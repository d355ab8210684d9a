/**
 * What one edit does to the thing it is about: a label, the rating, or a decision
 * about a suggestion. Pure; which edits apply, and in which order, is labels.js.
 */

import { FIELDS_OF_KIND, NEW_LABEL, NO_RATING } from './fields.js';

export const RATING = 'rating';
const REVIEW = 'review:';

/** What a decision about a suggestion is kept under. @param {number} suggestionId */
export const reviewKey = (suggestionId) => REVIEW + suggestionId;

/** @param {string} id @returns {number|null} the suggestion, when `id` is of a decision */
export const suggestionOfKey = (id) => (id.startsWith(REVIEW) ? Number(id.slice(REVIEW.length)) : null);

/**
 * The server's name of a thing as this page's.
 * @param {string} objectId a label's id, "rating:<video>:<person>" or "review:<suggestion>:<person>"
 */
export function keyOfObject(objectId) {
  const [kind, first, rest] = objectId.split(':');
  return rest === undefined ? objectId : kind === RATING ? RATING : reviewKey(Number(first));
}

/** Whether an id is a label's. @param {string} id */
export const isLabelId = (id) => id !== RATING && !id.startsWith(REVIEW);

/**
 * The thing that an edit is about; undo and redo are about what their target was about.
 * @param {any} edit @param {Map<string, {id: string}>} effects of this page's edits
 * @param {Map<string, string>} [objects] what edits of earlier page loads are about
 * @returns {string|null} null when this page cannot know
 */
export function targetOf(edit, effects, objects) {
  if (edit.kind === 'rate') return RATING;
  if (edit.kind === 'review') return reviewKey(edit.suggestion_id);
  if (edit.kind === 'undo' || edit.kind === 'redo')
    return effects.get(edit.target_edit_id)?.id ?? objects?.get(edit.target_edit_id) ?? null;
  return edit.annotation_id;
}

/**
 * The state after an edit; undefined when there is nothing it could change.
 * @param {any} state before, or undefined @param {any} edit
 * @param {{before: any, after: any}|undefined} effect what the edit to undo or redo did
 * @param {{annotator_id: number, annotator: string}} owner of new labels
 */
export function applyEdit(state, edit, effect, owner) {
  const version = edit.base_version + 1;
  if (effect) {
    const nothing = { ...effect.after, ...NO_RATING, deleted: true, verdict: 'open' };
    const wanted = edit.kind === 'undo' ? (effect.before ?? nothing) : effect.after;
    return { ...wanted, label_id: state?.label_id ?? wanted.label_id, version };
  }
  if (edit.kind === 'create') return newLabel(edit, owner);
  if (!state && edit.kind !== 'rate' && edit.kind !== 'review') return undefined; // its creation was refused
  const fields = {};
  for (const name of FIELDS_OF_KIND[edit.kind] ?? []) if (name in edit) fields[name] = edit[name];
  return { ...state, ...fields, version, deleted: edit.kind === 'delete' };
}

function newLabel(edit, owner) {
  return {
    ...NEW_LABEL,
    annotation_id: edit.annotation_id,
    video_id: edit.video_id,
    ...owner,
    label_id: null,
    class_id: edit.class_id,
    start_frame: edit.start_frame,
    end_frame: edit.end_frame,
    version: 1,
    suggestion_id: edit.suggestion?.suggestion_id ?? null,
    suggestion_rank: edit.suggestion?.rank ?? null,
  };
}
