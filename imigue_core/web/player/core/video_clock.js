/** Where the play head is, and how frames of this video relate to seconds. Only the picture moves it. */

import { clampFrame, durationOf, frameAt, parseFrame, secondsOf } from './clock.js';
import { watch } from './watch.js';

export class VideoClock {
  /** @param {{nFrames: number, fps: number}} video */
  constructor({ nFrames, fps }) {
    this.nFrames = nFrames;
    this.fps = fps;
    /** shown on the canvas */
    this.frame = 0;
    /** @type {number|null} being sought */
    this.target = null;
    /** @type {Float64Array|null} (T,) presentation seconds, once loaded */
    this.times = null;
    watch(this, 'frame', 'target', 'times');
  }

  /** Where the play head is or is going; what marks and labels use. */
  get position() {
    return this.target ?? this.frame;
  }

  /** @param {number} frame */
  secondsOf(frame) {
    return secondsOf(this.times, this.fps, frame);
  }

  /** How long a span is on screen, in seconds. @param {import('../timeline/geometry.js').Spanlike} span */
  durationOf({ start_frame: start, end_frame: end }) {
    return durationOf(this.times, this.fps, start, end);
  }

  /** @param {number} seconds @returns {number} the nearest frame */
  frameAt(seconds) {
    return frameAt(this.times, this.fps, this.nFrames, seconds);
  }

  /** @param {number} frame @returns {number} the nearest that there is */
  clamp(frame) {
    return clampFrame(frame, this.nFrames);
  }

  /** @param {string} text a frame number, or minutes:seconds @returns {number|null} */
  parse(text) {
    return parseFrame(text, this.times, this.fps, this.nFrames);
  }
}
