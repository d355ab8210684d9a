/** One part of the panel: a heading with something beside it, and what stands under it. */

import { h } from '../core/dom.js';

/**
 * @param {string} title
 * @param {Node|null} aside
 * @param {...Node} children
 */
export function makeSection(title, aside, ...children) {
  return h(
    'section',
    { class: 'section' },
    h('div', { class: 'section-head' }, h('h2', { text: title }), aside),
    ...children,
  );
}
