/** One stretch that was found: its looping skeleton, where it is, how alike, whose label is there. */

import { formatCount } from '../core/clock.js';
import { fill, h } from '../core/dom.js';
import { ClipView } from '../picture/clip_view.js';
import { describeTime, formatAlike } from './similar_items.js';

/**
 * @typedef {Object} CardHooks
 * @property {(card: SimilarCard) => void} onSelect
 * @property {(card: SimilarCard) => void} onLabel labels it with the class that was asked for
 * @property {((card: SimilarCard) => void)|null} onGo shows it in the player; null for another video's
 */

export class SimilarCard {
  /**
   * @param {import('../core/player.js').Player} player
   * @param {import('./similar_items.js').Found} found
   * @param {CardHooks} hooks
   */
  constructor(player, found, hooks) {
    Object.assign(this, { player, found, hooks });
    this.isSelected = false;
    this.isHovered = false;
    const { video_id: videoId, start_frame: startFrame, end_frame: endFrame, fps, n_frames: nFrames } = found;
    this.clip = new ClipView(player.api, { videoId, startFrame, endFrame, fps, nFrames });
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
      videoId !== player.data.video_id && h('div', { class: 'similar-video dim', text: found.name, title: found.name });
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
    this.drawn = '';
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
  update(labels, classId) {
    const own = labels.ownOf(this.found);
    const refusal =
      labels.refusals.get(`${this.found.video_id}:${this.found.start_frame}:${this.found.end_frame}`) ?? '';
    const isSaving = labels.isSaving(this.found);
    const key = JSON.stringify([own?.class_id, isSaving, refusal, classId]);
    if (key === this.drawn) return;
    this.drawn = key;
    this.isLabelled = Boolean(own);
    fill(
      this.state,
      ...(own ? [this.#makeLabel(own, isSaving)] : this.#makeOpen(classId)),
      refusal && h('span', { class: 'similar-refused', text: refusal, title: refusal }),
    );
    this.node.classList.toggle('labelled', this.isLabelled);
    this.node.setAttribute('aria-label', this.#describe(own, refusal));
  }

  dispose() {
    this.clip.dispose();
  }

  #makeLabel(own, isSaving) {
    const { colour, short_name: name } = this.player.classOf(own.class_id);
    const node = h(
      'span',
      { class: 'similar-own', title: `Your label: ${this.player.classOf(own.class_id).name}` },
      h('span', { class: 'swatch' }),
      h('span', { class: 'similar-name', text: name }),
      h('span', { class: 'dim', text: isSaving ? 'saving' : 'yours' }),
    );
    node.style.setProperty('--group', colour);
    return node;
  }

  #makeOpen(classId) {
    const { player, hooks } = this;
    const [other] = this.found.others;
    const theirs =
      other &&
      h('span', {
        class: 'dim similar-name',
        text: `${player.classOf(other.class_id).short_name} · ${other.annotator}`,
        title: `Label of ${other.annotator}`,
      });
    const label =
      classId !== null &&
      h('button', {
        type: 'button',
        class: 'button small',
        tabindex: -1,
        text: 'label',
        title: `Label this stretch with ${player.classOf(classId).name}`,
        on: {
          click: (event) => {
            event.stopPropagation();
            hooks.onLabel(this);
          },
        },
      });
    return [theirs, h('span', { class: 'spring' }), label].filter(Boolean);
  }

  #describe(own, refusal) {
    const { found, player } = this;
    const where = found.video_id === player.data.video_id ? '' : `${found.name}, `;
    const whose = own ? `, labelled ${player.classOf(own.class_id).name}` : '';
    return `${where}${describeTime(found)}, ${formatAlike(found.score)} alike${whose}${refusal && `, refused: ${refusal}`}`;
  }

  #hover(isHovered) {
    this.isHovered = isHovered;
    this.#play();
  }

  #play() {
    if (this.isSelected || this.isHovered) this.clip.play();
    else if (this.clip.isPlaying) this.clip.stop();
  }
}
