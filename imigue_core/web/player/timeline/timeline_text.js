/** Text in little room, by the mean width of a letter: measuring each text would take longer than drawing it. */

const LETTER_PX = 6.3;

/** @param {string} text @param {number} room pixels */
export const fits = (text, room) => text.length * LETTER_PX <= room;

/** @param {string} text @param {number} room pixels @returns {string} its beginning where it does not fit */
export function shorten(text, room) {
  const letters = Math.floor(room / LETTER_PX);
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}…`;
}

/**
 * The first of the names that fits, else the beginning of the last, else nothing.
 * @param {number} room pixels @param {string[]} names longest first, one at least
 */
export function fitText(room, names) {
  const whole = names.find((name) => fits(name, room));
  if (whole !== undefined) return whole;
  return room > 30 ? shorten(names[names.length - 1], room) : '';
}
