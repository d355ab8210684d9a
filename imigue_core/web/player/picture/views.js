/** How much of a person is shown: the views, from the least to the most revealing. Pure. */

/** @typedef {'skeleton'|'masked'|'source'} View */

/** @type {View[]} */
export const VIEWS = ['skeleton', 'masked', 'source'];

/** What the header calls them. @type {Record<View, string>} */
export const VIEW_NAMES = { skeleton: 'skeleton only', masked: 'face masked', source: 'source picture' };

/** Why a picture went, by what the project allows now, and what to say while there is none yet. */
export const SAID = {
  skeleton: 'Source pixels were switched off in this project: here is the skeleton.',
  masked:
    'Source pixels were switched off in this project: here is the skeleton. V shows the picture with the face masked.',
  source: 'The picture is being made again: here is the skeleton.',
  unready: 'The picture with the face masked is not ready yet; it follows the skeleton.',
};

/**
 * The view after this one, round and round.
 * @param {View} view
 * @param {View[]} modes allowed and there
 * @returns {View}
 */
export function nextView(view, modes) {
  return modes[(modes.indexOf(view) + 1) % modes.length] ?? 'skeleton';
}

/**
 * The view to begin with: the one chosen last, or the nearest that reveals less.
 * @param {string|null} chosen @param {View[]} modes allowed and there @returns {View}
 */
export function chooseView(chosen, modes) {
  const most = VIEWS.indexOf(/** @type {View} */ (chosen));
  return [...modes].reverse().find((mode) => VIEWS.indexOf(mode) <= most) ?? 'skeleton';
}
