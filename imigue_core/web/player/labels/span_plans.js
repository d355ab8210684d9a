/**
 * What splitting, merging, copying come to: from labels as they stand to the spans and texts
 * that result, or to the sentence that says why not. Pure; who does it is span_edits.js.
 *
 * @typedef {import('./labels.js').Label} Label
 * @typedef {{start_frame: number, end_frame: number}} Span
 * @typedef {Pick<Label, 'note'|'confidence'|'mark'>} Said what was said of a label beside its class and span
 * @typedef {{survivor: Label, gone: Label[], span: Span, fields: Partial<Said>, gap: number}} MergePlan `fields` that
 *   change; `gap` frames that none of the labels covered
 */

import { formatCount } from '../core/clock.js';

/** The longest note the studio takes, characters. */
export const MAX_NOTE = 4000;
const BETWEEN_NOTES = ' / ';

/** Whether a frame lies in a span. @param {Span} span @param {number} frame */
export const holds = (span, frame) => span.start_frame <= frame && frame <= span.end_frame;

/**
 * A label split in two: the second part begins at the play head.
 * @param {Span} label @param {number} frame @returns {[Span, Span]|string}
 */
export function planSplit(label, frame) {
  if (!holds(label, frame)) return 'The play head does not lie in this label: it is split where the play head is.';
  if (frame === label.start_frame)
    return 'The play head is on the first frame of this label: one frame on, it can be split.';
  return [
    { start_frame: label.start_frame, end_frame: frame - 1 },
    { start_frame: frame, end_frame: label.end_frame },
  ];
}

/**
 * The label to merge with: of the same class and next (or before) by start; one that touches or overlaps is the nearest
 * there can be.
 * @param {Label} label
 * @param {Label[]} own labels of the annotator by start, this one among them
 * @param {1|-1} direction
 * @returns {Label|null}
 */
export function findPartner(label, own, direction) {
  const same = own.filter((one) => one.class_id === label.class_id);
  const at = same.findIndex((one) => one.annotation_id === label.annotation_id);
  if (direction > 0) return same[at + 1] ?? null;
  const before = same.slice(0, at);
  return before.reduce(
    (best, one) => (best && best.end_frame > one.end_frame ? best : one),
    /** @type {Label|null} */ (null),
  );
}

/**
 * Several labels as one: from the first start to the last end. The label that stays is `current`, unless only another
 * one came from a suggestion, which is not forgotten. All notes are kept, the merged label is as doubtful as the most
 * doubtful of them, and marked when any was.
 * @param {Label} current @param {Label[]} labels by start, `current` among them
 * @returns {MergePlan|string}
 */
export function planMerge(current, labels) {
  if (new Set(labels.map((one) => one.class_id)).size > 1)
    return 'Only labels of one class can be merged: R gives them one class.';
  const fromSuggestion = labels.filter((one) => one.suggestion_id !== null && one.suggestion_id !== undefined);
  /** @param {Label} one */
  const isCurrent = (one) => one.annotation_id === current.annotation_id;
  const survivor =
    fromSuggestion.length && !fromSuggestion.some(isCurrent)
      ? fromSuggestion[0]
      : /** @type {Label} */ (labels.find(isCurrent));
  const notes = [...new Set(labels.map((one) => (one.note ?? '').trim()).filter(Boolean))];
  const note = notes.length > 1 ? notes.join(BETWEEN_NOTES) : (notes[0] ?? '');
  if (note.length > MAX_NOTE)
    return `Their notes are longer than ${formatCount(MAX_NOTE)} characters together: shorten one of them first.`;
  const certainties = labels.map((one) => one.confidence ?? null).filter((value) => value !== null);
  /** @type {Said} */
  const wanted = {
    note: notes.length > 1 || !(survivor.note ?? '').trim() ? note : survivor.note,
    confidence: certainties.length ? Math.min(...certainties) : null,
    mark: labels.map((one) => one.mark).find(Boolean) ?? '',
  };
  const had = { note: survivor.note ?? '', confidence: survivor.confidence ?? null, mark: survivor.mark ?? '' };
  const fields = pick(wanted, (name) => wanted[name] !== had[name]);
  let [gap, reach] = [0, labels[0].end_frame];
  for (const one of labels) {
    gap += Math.max(0, one.start_frame - reach - 1);
    reach = Math.max(reach, one.end_frame);
  }
  const span = { start_frame: Math.min(...labels.map((one) => one.start_frame)), end_frame: reach };
  return { survivor, gone: labels.filter((one) => one !== survivor), span, fields, gap };
}

/**
 * Where a copy goes: to the play head, or right behind the label when the play head lies in it; cut at the last frame.
 * @param {Span} label @param {number} frame @param {number} nFrames @returns {(Span & {isCut: boolean})|string}
 */
export function planDuplicate(label, frame, nFrames) {
  const start = holds(label, frame) ? label.end_frame + 1 : frame;
  if (start >= nFrames) return 'There is no room behind this label.';
  const end = start + label.end_frame - label.start_frame;
  return { start_frame: start, end_frame: Math.min(end, nFrames - 1), isCut: end >= nFrames };
}

/** What of a label a part of it takes over, as far as there is anything. @param {Label} label */
export function inherited(label) {
  const said = { note: label.note ?? '', confidence: label.confidence ?? null, mark: label.mark ?? '' };
  return pick(said, (name) => said[name] !== null && said[name] !== '');
}

/** @param {Said} said @param {(name: keyof Said) => boolean} test @returns {Partial<Said>} those fields that pass */
function pick(said, test) {
  const names = /** @type {(keyof Said)[]} */ (Object.keys(said));
  return Object.fromEntries(names.filter(test).map((name) => [name, said[name]]));
}
