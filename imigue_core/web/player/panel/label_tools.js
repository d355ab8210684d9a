/** The buttons under the current label that split, merge and copy it; what they do is span_edits.js. */

import { button, h } from '../core/dom.js';

/** @typedef {[string|undefined, string, string, number|undefined, string]} Tool text, key, action, value, title */

/** @type {Tool} */
const SIMILAR = [
  'similar',
  '⇧A',
  'findSimilar',
  undefined,
  'Find stretches like this one, here and in the other videos',
];
/** @type {Tool} */
const LOOP = ['loop', 'P', 'loopSpan', undefined, 'Play the label again and again; L and Shift L change the speed'];
/** @type {Tool[]} */
const OWN = [
  ['split', 'S', 'splitLabel', undefined, 'Split the label in two at the play head'],
  ['merge', 'M', 'mergeLabel', 1, 'Merge the label with the next one of its class; several selected: all of them'],
  [undefined, '⇧M', 'mergeLabel', -1, 'Merge the label with the previous one of its class'],
  ['duplicate', 'D', 'duplicateLabel', undefined, 'Copy the label to the play head, or right behind it'],
  SIMILAR,
  LOOP,
];

export class LabelTools {
  /** @param {{act: import('../keys/actions.js').Act}} options */
  constructor({ act }) {
    /** @param {Tool} tool */
    const make = ([text, key, action, value, title]) => button({ text, key, title, onClick: () => act(action, value) });
    this.own = h('div', { class: 'row', role: 'group', 'aria-label': 'Split, merge, duplicate' }, ...OWN.map(make));
    this.theirs = h(
      'div',
      { class: 'row' },
      make(['copy to my track', 'U', 'copyLabel', undefined, 'Copy this label of somebody else to your track']),
      make(SIMILAR),
      make(LOOP),
    );
    this.node = h('div', { class: 'label-tools' }, this.own, this.theirs);
    this.show(null);
  }

  /** @param {boolean|null} isOwn whose label it is; null for none */
  show(isOwn) {
    this.own.hidden = isOwn !== true;
    this.theirs.hidden = isOwn !== false;
  }
}
