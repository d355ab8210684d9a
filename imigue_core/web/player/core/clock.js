/**
 * Frames and presentation times: how a frame's moment is written, and which
 * frame lies a second away. Pure; frames are 0-based.
 */

/** Frame rate of label files without media. */
export const LABEL_FPS = 25;

/**
 * Seconds of a frame from the first frame: the stored presentation time, else frame / fps.
 * @param {Float64Array|null} times (T,) seconds @param {number} fps @param {number} frame
 */
export function secondsOf(times, fps, frame) {
  return times && frame < times.length ? times[frame] : frame / fps;
}

/**
 * Seconds one frame lasts, from its own start to the next frame's.
 * @param {Float64Array|null} times @param {number} fps @param {number} frame
 */
function endSecondsOf(times, fps, frame) {
  if (times && frame + 1 < times.length) return times[frame + 1];
  return secondsOf(times, fps, frame) + 1 / fps;
}

/**
 * What somebody typed as a place: a frame number, or hours:minutes:seconds.
 * @param {string} text @param {Float64Array|null} times @param {number} fps @param {number} nFrames
 * @returns {number|null} null when it is neither, or outside the video
 */
export function parseFrame(text, times, fps, nFrames) {
  const typed = text.trim().replace(/[,\s](?=\d{3}(\D|$))/g, '');
  if (/^\d+$/.test(typed)) return Number(typed) < nFrames ? Number(typed) : null;
  if (!/^(\d+:){1,2}\d+([.,]\d+)?$/.test(typed)) return null;
  const seconds = typed
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
  const frame = frameAt(times, fps, nFrames, seconds);
  return seconds <= secondsOf(times, fps, nFrames - 1) + 1 / fps ? frame : null;
}

/**
 * How long the frames start..end (both inclusive) are on screen, in seconds.
 * @param {Float64Array|null} times @param {number} fps @param {number} start @param {number} end
 */
export function durationOf(times, fps, start, end) {
  return endSecondsOf(times, fps, end) - secondsOf(times, fps, start);
}

/**
 * The frame whose presentation time is nearest to `seconds`.
 * @param {Float64Array|null} times @param {number} fps @param {number} nFrames @param {number} seconds
 */
export function frameAt(times, fps, nFrames, seconds) {
  if (!times) return clampFrame(Math.round(seconds * fps), nFrames);
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] < seconds) low = middle + 1;
    else high = middle;
  }
  if (low > 0 && seconds - times[low - 1] <= times[low] - seconds) low -= 1;
  return clampFrame(low, nFrames);
}

/** @param {number} frame @param {number} nFrames */
export function clampFrame(frame, nFrames) {
  return Math.max(0, Math.min(nFrames - 1, Math.round(frame)));
}

/** "06:16.48", with hours only when there are any. @param {number} seconds */
export function formatClock(seconds) {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const hours = Math.floor(hundredths / 360000);
  const rest = hundredths - hours * 360000;
  const text = `${pad(Math.floor(rest / 6000))}:${pad(Math.floor(rest / 100) % 60)}.${pad(rest % 100)}`;
  return hours ? `${hours}:${text}` : text;
}

/** "14:52" @param {number} seconds */
export function formatLength(seconds) {
  return formatClock(Math.floor(seconds)).replace(/\.\d\d$/, '');
}

/** 22300 -> "22,300" @param {number} value */
export function formatCount(value) {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "12 frames · 0.48 s" @param {number} length frames @param {number} seconds */
export const describeLength = (length, seconds) =>
  `${formatCount(length)} ${length === 1 ? 'frame' : 'frames'} · ${seconds.toFixed(2)} s`;

/** @param {number} value */
const pad = (value) => String(value).padStart(2, '0');
