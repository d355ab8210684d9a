/**
 * How long the annotator was really at work since the last edit: time between
 * signs of life (keys, pointer, playing) counts up to a few seconds a gap.
 */

const LONGEST_GAP_MS = 5000;

export class Activity {
  /** @param {() => number} [now] milliseconds */
  constructor(now = () => performance.now()) {
    this.now = now;
    this.last = now();
    this.active = 0;
  }

  /** A sign of life. */
  touch() {
    const now = this.now();
    this.active += Math.min(now - this.last, LONGEST_GAP_MS);
    this.last = now;
  }

  /** Milliseconds since the last take, and starts anew. */
  take() {
    this.touch();
    const ms = Math.round(this.active);
    this.active = 0;
    return ms;
  }
}
