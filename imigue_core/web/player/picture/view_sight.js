/** What the canvas lets a person judge: says it of a class, now or in a stretch, and makes the small sign. */

import { h } from '../core/dom.js';
import { findDoubt, findSets, pickSamples, sayDoubt } from './sight.js';

export class ViewSight {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
  }

  /** What stands for the view and the switches; signs are drawn anew when it changes. */
  get key() {
    const { body, hands, face } = this.player.show;
    return `${this.player.mode} ${body} ${hands} ${face} ${this.#missing()}`;
  }

  /**
   * The stretch that the next class would be about; null when it only begins.
   * @returns {import('../timeline/geometry.js').Spanlike|null}
   */
  get stretch() {
    const { review, desk, position } = this.player;
    if (review.span) return review.span;
    if (desk.markIn !== null || desk.markOut !== null) {
      const ends = [desk.markIn ?? position, desk.markOut ?? position];
      return { start_frame: Math.min(...ends), end_frame: Math.max(...ends) };
    }
    return desk.selectedId === null ? null : desk.current;
  }

  /**
   * Why a class cannot be judged there; '' when it can, or when nobody knows.
   * @param {number} classId
   * @param {import('../timeline/geometry.js').Spanlike|null} [stretch] null: only what is switched on counts
   */
  doubtOf(classId, stretch = this.stretch) {
    const { mode: view, show } = this.player;
    const sight = /** @type {any} */ (this.player.classOf(classId)).sight;
    return findDoubt(sight, { view, drawn: show, found: findSets(this.#posesOf(stretch)) });
  }

  /**
   * What to add to a message about a label; '' when all is well.
   * @param {number} classId
   * @param {import('../timeline/geometry.js').Spanlike|null} [stretch]
   */
  warn(classId, stretch) {
    const text = sayDoubt(this.player.classOf(classId).name, this.doubtOf(classId, stretch));
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

  #missing() {
    const found = findSets(this.#posesOf(this.stretch));
    return `${found.body} ${found.hands} ${found.face}`;
  }

  #posesOf(stretch) {
    if (!stretch) return [];
    const { poses } = this.player.picture;
    return pickSamples(stretch.start_frame, stretch.end_frame).map((frame) => poses.peek(frame));
  }
}
