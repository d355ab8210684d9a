/** What the canvas lets a person judge: says it of a class, now or in a stretch, and makes the small sign. */

import { h } from '../core/dom.js';
import { findDoubt, findSets, pickSamples, sayDoubt } from './sight.js';

/** @typedef {import('../timeline/geometry.js').Spanlike} Spanlike */

export class ViewSight {
  /**
   * @param {{classes: import('../core/classes.js').ClassList, picked: import('../labels/picked.js').Picked,
   *          picture: Pick<import('./picture.js').Picture, 'show'|'mode'|'poses'>}} options
   */
  constructor({ classes, picked, picture }) {
    this.classes = classes;
    this.picked = picked;
    this.picture = picture;
  }

  /**
   * Why a class cannot be judged there; '' when it can, or when nobody knows.
   * @param {number} classId
   * @param {Spanlike|null} [stretch] of which points may be missing; null: only what is switched on counts
   */
  doubtOf(classId, stretch = this.picked.stretch) {
    const { mode: view, show } = this.picture;
    return findDoubt(this.classes.of(classId).sight, { view, drawn: show, found: findSets(this.#posesOf(stretch)) });
  }

  /**
   * What to add to a message about a label; '' when all is well.
   * @param {number} classId
   * @param {Spanlike|null} [stretch]
   */
  warn(classId, stretch) {
    const text = sayDoubt(this.classes.of(classId).name, this.doubtOf(classId, stretch));
    return text && ` ${text}`;
  }

  /** A small sign beside a class that cannot be judged. @param {number} classId @returns {HTMLElement|null} */
  makeSign(classId) {
    const doubt = this.doubtOf(classId);
    return doubt
      ? h('span', {
          class: 'doubt-sign',
          role: 'img',
          'aria-label': 'cannot be judged in this view',
          title: `Cannot be judged in this view: ${doubt}.`,
        })
      : null;
  }

  /** @param {Spanlike|null} stretch */
  #posesOf(stretch) {
    if (!stretch) return [];
    return pickSamples(stretch.start_frame, stretch.end_frame).map((frame) => this.picture.poses.at(frame));
  }
}
