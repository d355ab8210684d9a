/**
 * Playing: forward at a rate, backward by seeks, round and round in one span.
 * Works on any `Frames`; knows no keys and no page.
 */

import { clampFrame } from '../core/clock.js';
import { watch } from '../core/watch.js';

export const RATES = [0.1, 0.25, 0.5, 1, 1.5, 2, 4, 8, 16];
/** Nobody can follow a short span that goes round faster. */
export const FASTEST_LOOP = 4;
const BACKWARD_RATES = [1, 2, 4, 8, 16];

export class Transport {
  /**
   * @param {{clock: Pick<import('../core/video_clock.js').VideoClock, 'frame'|'nFrames'|'fps'>,
   *          frames: () => Pick<import('./frames.js').Frames, 'play'|'pause'>|null,
   *          seek: (frame: number) => Promise<void>}} options
   */
  constructor({ clock, frames, seek }) {
    this.clock = clock;
    this.frames = frames;
    this.seek = seek;
    /** 1 forward, -1 backward, 0 stopped */
    this.direction = 0;
    this.rate = 1;
    /** @type {import('../timeline/geometry.js').Spanlike|null} */
    this.loop = null;
    /** speed of the last loop, kept for the next one */
    this.loopRate = 1;
    this.turn = 0;
    /** @type {{direction: number, rate: number}|null} how to play on once a jump has arrived */
    this.resume = null;
    watch(this, 'direction', 'rate', 'loop', 'resume');
  }

  get isPlaying() {
    return this.heading !== 0;
  }

  /** The direction, also while a jump is under way. */
  get heading() {
    return this.direction || (this.resume?.direction ?? 0);
  }

  /** @param {number} [rate] */
  async play(rate) {
    this.#halt();
    rate ??= this.rate;
    const turn = this.turn;
    if (this.clock.frame >= this.clock.nFrames - 1) await this.seek(this.loop?.start_frame ?? 0);
    if (turn !== this.turn) return;
    this.direction = 1;
    this.rate = rate;
    if (this.loop) this.loopRate = rate;
    if (!this.loop || this.loop.start_frame < this.loop.end_frame)
      this.frames()?.play(rate, () => this.loop?.end_frame ?? this.clock.nFrames - 1); // one frame stands still
  }

  stop() {
    this.#halt();
    this.loop = null;
  }

  toggle() {
    if (this.isPlaying) this.stop();
    else void this.play();
  }

  /** L: play at normal speed, then one step faster each time. */
  faster() {
    const fastest = this.loop ? FASTEST_LOOP : Infinity;
    if (this.heading <= 0) void this.play(1);
    else this.#playOn(RATES.find((rate) => rate > this.rate && rate <= fastest) ?? this.rate);
  }

  slower() {
    const slow = RATES.filter((rate) => rate < this.rate);
    if (this.heading <= 0) void this.play(0.5);
    else this.#playOn(slow.at(-1) ?? this.rate);
  }

  /** J: backward at normal speed, then faster each time. */
  backward() {
    const rate = this.heading < 0 ? (BACKWARD_RATES.find((one) => one > this.rate) ?? this.rate) : 1;
    this.#halt();
    this.loop = null;
    this.direction = -1;
    this.rate = rate;
    void this.#runBackward(this.turn);
  }

  /** @param {import('../timeline/geometry.js').Spanlike} span */
  async loopSpan(span) {
    this.#halt();
    const { turn } = this;
    const rate = Math.min(this.rate, Math.max(1, this.loopRate));
    this.loop = span;
    this.resume = { direction: 1, rate };
    await this.seek(span.start_frame);
    if (turn === this.turn) await this.play(this.resume?.rate ?? rate);
  }

  /**
   * The looped span is another now.
   * @param {import('../timeline/geometry.js').Spanlike} span
   * @param {number} [from] where to play on
   */
  moveLoop(span, from) {
    const { frame } = this.clock;
    const wasStill = this.loop?.start_frame === this.loop?.end_frame;
    this.loop = span;
    if (from !== undefined || wasStill || frame < span.start_frame || frame > span.end_frame)
      void this.jump(from ?? span.start_frame);
  }

  /** Keeps playing from another place. @param {number} frame */
  async jump(frame) {
    const resume = this.resume ?? { direction: this.direction, rate: this.rate };
    this.#halt();
    if (this.loop && (frame < this.loop.start_frame || frame > this.loop.end_frame)) this.loop = null;
    if (resume.direction) this.resume = resume;
    const { turn } = this;
    await this.seek(frame);
    if (turn !== this.turn || !resume.direction) return;
    if (resume.direction > 0) return this.play(resume.rate);
    this.resume = null;
    this.rate = resume.rate;
    this.direction = -1;
    void this.#runBackward(this.turn);
  }

  /** Told of each frame shown. @param {number} frame */
  onFrame(frame) {
    if (this.loop && this.direction > 0 && frame >= this.loop.end_frame) void this.jump(this.loop.start_frame);
  }

  /** The frames ran out. */
  onEnd() {
    if (this.loop) void this.jump(this.loop.start_frame);
    else {
      this.stop();
      void this.seek(this.clock.nFrames - 1); // at high speed the last frames may not have been shown
    }
  }

  /** Another speed, also while a jump is under way. @param {number} rate */
  #playOn(rate) {
    if (!this.resume) return void this.play(rate);
    this.resume = { ...this.resume, rate };
    this.rate = rate;
  }

  #halt() {
    this.turn += 1;
    this.resume = null;
    if (this.direction > 0) this.frames()?.pause();
    if (this.direction < 0) this.rate = 1;
    this.direction = 0;
  }

  /** @param {number} turn as long as nothing else is wanted */
  async #runBackward(turn) {
    const { clock } = this;
    const first = clock.frame;
    const begun = performance.now();
    while (turn === this.turn && clock.frame > 0) {
      await new Promise(requestAnimationFrame);
      const target = clampFrame(
        first - Math.floor(((performance.now() - begun) / 1000) * clock.fps * this.rate),
        clock.nFrames,
      );
      if (turn === this.turn && target < clock.frame) await this.seek(target);
    }
    if (turn === this.turn) this.stop();
  }
}
