/**
 * The fields of labels, ratings and decisions. Made by tools/make-label-fields from imigue_core/annotation.py:
 * change them there and run it again.
 *
 * @typedef {Object} LabelFields a standing label
 * @property {number|null} confidence
 * @property {''|'discuss'} mark
 * @property {string} annotation_id
 * @property {number} video_id
 * @property {number} annotator_id
 * @property {number} label_id
 * @property {number} class_id
 * @property {number} start_frame
 * @property {number} end_frame
 * @property {boolean} deleted
 * @property {number|null} suggestion_id
 * @property {number|null} suggestion_rank
 * @property {number} version
 * @property {string} note
 *
 * @typedef {Object} RatingFields a standing rating
 * @property {number|null} valence
 * @property {number|null} confidence
 * @property {number} video_id
 * @property {number} annotator_id
 * @property {'positive'|'negative'|'unsure'} emotion
 * @property {number} version
 * @property {string} note
 *
 * @typedef {Object} DecisionFields a decision about a suggestion
 * @property {number} suggestion_id
 * @property {'rejected'|'skipped'|'open'} verdict
 * @property {number} class_id
 * @property {number} start_frame
 * @property {number} end_frame
 * @property {number} score
 * @property {string} model
 * @property {number} version
 */

/** What edits of each kind say of what they are about. @type {Record<string, string[]>} */
export const FIELDS_OF_KIND = {
  create: ['class_id', 'start_frame', 'end_frame', 'suggestion'],
  move: ['start_frame', 'end_frame'],
  relabel: ['class_id'],
  delete: [],
  annotate: ['note', 'confidence', 'mark'],
  rate: ['note', 'valence', 'confidence', 'emotion'],
  review: ['suggestion_id', 'verdict'],
};

/** What a new label says before anybody says more of it. */
export const NEW_LABEL = {
  confidence: null,
  mark: '',
  deleted: false,
  suggestion_id: null,
  suggestion_rank: null,
  note: '',
};

/** What stands where nobody rated. */
export const NO_RATING = {
  valence: null,
  confidence: null,
  emotion: null,
  version: 0,
  note: '',
};
