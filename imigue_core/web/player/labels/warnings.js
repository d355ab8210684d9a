/** What is added to a message about a label: that it overlaps another one, that this view cannot show its class. */

/** @typedef {import('./labels.js').Label} Label */
/** @typedef {import('../timeline/geometry.js').Spanlike} Spanlike */

export class Warnings {
  /**
   * @param {{labels: import('./labels.js').Labels, info: import('../core/video_info.js').VideoInfo,
   *          sight: {warn: (classId: number, stretch: Spanlike|null) => string}}} options
   */
  constructor({ labels, info, sight }) {
    this.labels = labels;
    this.info = info;
    this.sight = sight;
  }

  /** Where the project wants overlaps warned of; '' otherwise. @param {Spanlike & {annotation_id: string}} label */
  ofOverlap(label) {
    if (this.info.overlapRule !== 'warned') return '';
    const isHit = this.labels.own.some(
      (one) =>
        one.annotation_id !== label.annotation_id &&
        one.start_frame <= label.end_frame &&
        one.end_frame >= label.start_frame,
    );
    return isHit ? ' It overlaps another label of yours.' : '';
  }

  /** @param {number} classId @param {Spanlike|null} stretch */
  ofSight(classId, stretch) {
    return this.sight.warn(classId, stretch);
  }

  /** Both, of a label. @param {Label} label */
  of(label) {
    return `${this.ofOverlap(label)}${this.ofSight(label.class_id, label)}`;
  }
}
