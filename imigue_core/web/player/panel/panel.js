/**
 * The right side: arranges the cards, which panel_parts.js makes. What each shows, and when, is its
 * own file.
 */

import { h } from '../core/dom.js';
import { makeSection } from './section.js';

export class Panel {
  /**
   * @param {{refusals: import('./refusals.js').RefusalCards,
   *          suggestion: import('../review/suggestion_card.js').SuggestionCard,
   *          classKeys: import('./class_keys_card.js').ClassKeysCard,
   *          selection: import('./selection_card.js').SelectionCard,
   *          label: import('./label_card.js').LabelCard, rating: import('./rating_card.js').RatingCard,
   *          score: import('./emotion_card.js').EmotionCard, coverage: import('./coverage_card.js').CoverageCard,
   *          skeleton: import('./skeleton_card.js').SkeletonCard, codebook: {node: Element}}} cards
   */
  constructor({ refusals, suggestion, classKeys, selection, label, rating, score, coverage, skeleton, codebook }) {
    this.suggestion = suggestion;
    this.label = label;
    this.rating = rating;
    this.score = score;
    /** each draws itself when what it reads has changed */
    this.cards = [refusals, suggestion, classKeys, selection, label, rating, score, coverage, skeleton];
    const emotion = h('div', { class: 'card stack' }, rating.node, score.node);
    this.node = h(
      'aside',
      { class: 'panel', 'aria-label': 'Suggestion, label, emotion, skeleton' },
      refusals.node,
      suggestion.node,
      codebook.node,
      classKeys.node,
      label.node,
      makeSection('Emotion of the video', rating.state, emotion),
      coverage.node,
      skeleton.node,
    );
  }

  /** Where a note on the current label is written. */
  get note() {
    return this.label.note;
  }

  /** Puts the focus on the first control. */
  focus() {
    const controls = /** @type {NodeListOf<HTMLElement>} */ (this.node.querySelectorAll('button, select, textarea'));
    [...controls].find((one) => one.offsetParent !== null)?.focus();
  }

  dispose() {
    this.rating.dispose();
    this.score.dispose();
  }
}
