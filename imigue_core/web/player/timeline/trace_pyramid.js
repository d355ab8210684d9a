/** Lowest and highest of ever longer stretches of a row, so that any zoom is drawn from few numbers. Pure. */

const STEP = 4;
const LEAST_LENGTH = 64;

/**
 * @typedef {{low: Int16Array, high: Int16Array}} Level -1 where every value of the stretch is missing
 *
 * @param {Int16Array} values -1 where missing
 * @returns {Level[]} first the values themselves, then stretches of 4, 16, 64 …
 */
export function makePyramid(values) {
  const levels = [{ low: values, high: values }];
  for (let last = levels[0]; last.low.length > LEAST_LENGTH; last = levels[levels.length - 1])
    levels.push(coarsen(last, STEP));
  return levels;
}

/** @param {Level} fine @param {number} size @returns {Level} */
function coarsen(fine, size) {
  const n = Math.ceil(fine.low.length / size);
  const coarse = { low: new Int16Array(n).fill(-1), high: new Int16Array(n).fill(-1) };
  for (let i = 0; i < fine.low.length; i += 1) {
    if (fine.low[i] < 0) continue;
    const k = Math.floor(i / size);
    if (coarse.low[k] < 0 || fine.low[i] < coarse.low[k]) coarse.low[k] = fine.low[i];
    if (fine.high[i] > coarse.high[k]) coarse.high[k] = fine.high[i];
  }
  return coarse;
}

/**
 * The coarsest level that is no coarser than a pixel.
 * @param {Level[]} levels
 * @param {number} perPixel frames
 * @returns {{level: Level, size: number}}
 */
export function chooseLevel(levels, perPixel) {
  let size = 1;
  let at = 0;
  while (at + 1 < levels.length && size * STEP <= perPixel) {
    size *= STEP;
    at += 1;
  }
  return { level: levels[at], size };
}
