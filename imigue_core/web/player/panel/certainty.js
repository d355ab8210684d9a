/**
 * How sure somebody is, in the steps that the studio offers: of a label, of several, of a rating.
 * A choice by mouse gives the keys back to the studio; with the keyboard, whose arrows choose,
 * Enter or Escape does.
 */

import { h } from '../core/dom.js';

/** Shares of being sure; null is "not set". */
export const CERTAINTIES = [0.25, 0.5, 0.75, 1];

/** "75 % sure" @param {number|null} certainty */
export const describeCertainty = (certainty) =>
  certainty === null ? 'not set' : `${Math.round(100 * certainty)} % sure`;

/** What of it stands in a field. @param {number|null|undefined} certainty */
const fieldValueOf = (certainty) => (certainty === null || certainty === undefined ? '' : String(certainty));

/** @param {number|null} certainty */
const optionOf = (certainty) => h('option', { value: fieldValueOf(certainty), text: describeCertainty(certainty) });

/**
 * @param {import('../core/dom.js').Props} attributes of the field, its name among them
 * @param {{first?: HTMLOptionElement[], onChoose: (value: string, isByKeys: boolean) => void,
 *          leave: () => void}} options
 *   `first`: options before the certainties, "certainty" unless others are given
 * @returns {HTMLSelectElement}
 */
export function makeCertaintyField(
  attributes,
  { first = [h('option', { value: '', text: 'certainty' })], onChoose, leave },
) {
  let isByKeys = false;
  const node = h('select', attributes, ...first, ...CERTAINTIES.map(optionOf));
  node.addEventListener('pointerdown', () => (isByKeys = false));
  node.addEventListener('keydown', ({ key }) => {
    isByKeys = true;
    if (key === 'Escape') leave();
  });
  node.addEventListener('keyup', ({ key }) => key === 'Enter' && leave());
  node.addEventListener('change', () => {
    onChoose(node.value, isByKeys);
    if (!isByKeys) leave();
  });
  return node;
}

/** The certainty that a field's value stands for. @param {string} value */
export const readCertainty = (value) => (value ? Number(value) : null);

/**
 * Shows what is set; a file may bring a certainty between the steps.
 * @param {HTMLSelectElement} node
 * @param {number|null|undefined} certainty
 */
export function showCertainty(node, certainty) {
  const value = fieldValueOf(certainty);
  if (node.value === value) return;
  if (![...node.options].some((one) => one.value === value)) node.append(optionOf(certainty ?? null));
  node.value = value;
}
