/** In which order classes lie on the class keys. Pure. */

/**
 * The classes of the keys, bank by bank: as the person arranged them, and whatever is left in
 * order of how often it was published.
 * @param {import('../core/server.js').GestureClass[]} classes
 * @param {number[]} [wanted] class ids, the first key's first
 * @returns {import('../core/server.js').GestureClass[]}
 */
export function orderClasses(classes, wanted = []) {
  const byId = new Map(classes.map((one) => [one.class_id, one]));
  const first = [...new Set(wanted)].map((id) => byId.get(id)).filter((one) => one !== undefined);
  const rest = classes.filter((one) => !first.includes(one)).sort((a, b) => b.published_count - a.published_count);
  return [...first, ...rest];
}

/**
 * The order after two classes changed places.
 * @param {number[]} order
 * @param {number} a index
 * @param {number} b index
 */
export function swapPlaces(order, a, b) {
  const swapped = [...order];
  [swapped[a], swapped[b]] = [order[b], order[a]];
  return swapped;
}
