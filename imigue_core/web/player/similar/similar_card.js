/** One stretch that was found: its looping skeleton, where it is, how alike, whose label is there. */

import { formatCount } from '../core/clock.js';
import { h, refill } from '../core/dom.js';
import { ClipView } from '../picture/clip_view.js';
import { describeTime, formatAlike, keyOf } from './similar_items.js';

/**
 * @typedef {Object} CardHooks
 * @property {(card: SimilarCard) => void} onSelect
 * @property {(card: SimilarCard) => void} onLabel labels it with the class that was asked for
 * @property {((card: SimilarCard) => void)|null} onGo shows it in the player; null for another video's
 */

export class SimilarCard {
  /**
   * @param {{api: import('../core/api.js').Api, ids: import('../core/video_info.js').Ids,
   *          classes: import('../core/classes.js').ClassList, found: import('./similar_items.js').Found,
   *          hooks: CardHooks}} options
   */
  constructor({ api, ids, classes, found, hooks }) {
    this.ids = ids;
    this.classes = classes;
    this.found = found;
    this.hooks = hooks;
    /** whether it has an own label, as drawn last */
    this.isLabelled = false;
    this.isSelected = false;
    this.isHovered = false;
    const { video_id: videoId, start_frame: startFrame, end_frame: endFrame, fps, n_frames: nFrames } = found;
    this.clip = new ClipView({ api, stretch: { videoId, startFrame, endFrame, fps, nFrames } });
    this.state = h('div', { class: 'similar-state' });
    const time = h('span', {
      class: 'numbers',
      text: describeTime(found),
      title: `Frames ${formatCount(startFrame)} – ${formatCount(endFrame)}`,
    });
    const alike = h('span', {
      class: 'numbers dim',
      text: formatAlike(found.score),
      title: 'How alike: the cosine between the two embeddings',
    });
    const name =
      videoId !== ids.videoId && h('div', { class: 'similar-video dim', text: found.name, title: found.name });
    this.node = h(
      'div',
      {
        class: 'similar-card',
        role: 'listitem',
        tabindex: -1,
        on: {
          pointerenter: () => this.#hover(true),
          pointerleave: () => this.#hover(false),
          click: () => hooks.onSelect(this),
          focus: () => hooks.onSelect(this),
          dblclick: () => hooks.onGo?.(this),
        },
      },
      this.clip.node,
      h('div', { class: 'similar-line' }, time, h('span', { class: 'spring' }), alike),
      name,
      this.state,
    );
  }

  /** @param {boolean} isSelected */
  select(isSelected) {
    this.isSelected = isSelected;
    this.node.tabIndex = isSelected ? 0 : -1;
    if (isSelected) this.node.setAttribute('aria-current', 'true');
    else this.node.removeAttribute('aria-current');
    this.#play();
  }

  /**
   * Brings the line about labels up to date.
   * @param {import('./similar_labels.js').SimilarLabels} labels
   * @param {number|null} classId what Enter would label it with
   */
  draw(labels, classId) {
    const own = labels.ownOf(this.found);
    const refusal = labels.refusals.get(keyOf(this.found)) ?? '';
    this.isLabelled = Boolean(own);
    refill(
      this.state,
      ...(own ? [this.#makeLabel(own, labels.isSaving(this.found))] : this.#makeOpen(classId)),
      refusal && h('span', { class: 'similar-refused', text: refusal, title: refusal }),
    );
    this.node.classList.toggle('labelled', this.isLabelled);
    this.node.setAttribute('aria-label', this.#describe(own, refusal));
  }

  dispose() {
    this.clip.dispose();
  }

  /** @param {import('./similar_labels.js').Own} own @param {boolean} isSaving */
  #makeLabel(own, isSaving) {
    const { colour, short_name: name } = this.classes.of(own.class_id);
    const node = h(
      'span',
      { class: 'similar-own', title: `Your label: ${this.classes.of(own.class_id).name}` },
      h('span', { class: 'swatch' }),
      h('span', { class: 'similar-name', text: name }),
      h('span', { class: 'dim', text: isSaving ? 'saving' : 'yours' }),
    );
    node.style.setProperty('--group', colour);
    return node;
  }

  /** @param {number|null} classId */
  #makeOpen(classId) {
    const { classes, hooks } = this;
    const [other] = this.found.others;
    const theirs =
      other &&
      h('span', {
        class: 'dim similar-name',
        text: `${classes.of(other.class_id).short_name} · ${other.annotator}`,
        title: `Label of ${other.annotator}`,
      });
    const label =
      classId !== null &&
      h('button', {
        type: 'button',
        class: 'button small',
        tabindex: -1,
        text: 'label',
        title: `Label this stretch with ${classes.of(classId).name}`,
        on: {
          click: (event) => {
            event.stopPropagation();
            hooks.onLabel(this);
          },
        },
      });
    return [theirs, h('span', { class: 'spring' }), label];
  }

  /** @param {import('./similar_labels.js').Own|null} own @param {string} refusal */
  #describe(own, refusal) {
    const { found, ids, classes } = this;
    const where = found.video_id === ids.videoId ? '' : `${found.name}, `;
    const whose = own ? `, labelled ${classes.of(own.class_id).name}` : '';
    const refused = refusal && `, refused: ${refusal}`;
    return `${where}${describeTime(found)}, ${formatAlike(found.score)} alike${whose}${refused}`;
  }

  /** @param {boolean} isHovered */
  #hover(isHovered) {
    this.isHovered = isHovered;
    this.#play();
  }

  #play() {
    if (this.isSelected || this.isHovered) this.clip.play();
    else if (this.clip.isPlaying) this.clip.stop();
  }
}
