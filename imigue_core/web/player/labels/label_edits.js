/**
 * What one edit does to the thing it is about: a label, the rating, or a decision
 * about a suggestion. Pure; which edits apply, and in which order, is labels.js.
 */

/** @typedef {import('./edits.js').Edit} Edit */
/** @typedef {import('./labels.js').Held} Held */
/** @typedef {import('./labels.js').Effect} Effect */
/** @typedef {{annotator_id: number, annotator: string}} Owner */

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
 * Whether an edit undoes or redoes another one.
 * @param {Edit} edit @returns {edit is Edit & {kind: 'undo'|'redo', target_edit_id: string}}
 */
export const isStep = (edit) => edit.kind === 'undo' || edit.kind === 'redo';

/**
 * The thing that an edit is about; undo and redo are about what their target was about.
 * @param {Edit} edit @param {Map<string, {id: string}>} effects of this page's edits
 * @param {Map<string, string>} [objects] what edits of earlier page loads are about
 * @returns {string|null} null when this page cannot know
 */
export function targetOf(edit, effects, objects) {
  if (edit.kind === 'rate') return RATING;
  if (edit.kind === 'review') return reviewKey(Number(edit.suggestion_id));
  if (isStep(edit)) return effects.get(edit.target_edit_id)?.id ?? objects?.get(edit.target_edit_id) ?? null;
  return edit.annotation_id;
}

/**
 * The state after an edit; undefined when there is nothing it could change.
 * @param {Held|undefined} state before @param {Edit} edit
 * @param {Effect|undefined} effect what the edit to undo or redo did
 * @param {Owner} owner of new labels
 * @returns {Held|undefined}
 */
export function applyEdit(state, edit, effect, owner) {
  const version = edit.base_version + 1;
  if (effect) {
    /** @type {Held} */
    const nothing = { ...effect.after, ...NO_RATING, deleted: true, verdict: 'open' };
    const wanted = edit.kind === 'undo' ? (effect.before ?? nothing) : effect.after;
    return { ...wanted, label_id: state?.label_id ?? wanted.label_id, version };
  }
  if (edit.kind === 'create') return newLabel(edit, owner);
  if (!state && edit.kind !== 'rate' && edit.kind !== 'review') return undefined; // its creation was refused
  const names = FIELDS_OF_KIND[edit.kind] ?? [];
  const said = Object.fromEntries(Object.entries(edit).filter(([name]) => names.includes(name)));
  return { ...state, ...said, version, deleted: edit.kind === 'delete' };
}

/** @param {Edit} edit @param {Owner} owner */
function newLabel(edit, owner) {
  return /** @type {Held} */ ({
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
  });
}
