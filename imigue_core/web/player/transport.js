/**
 * Playing: forward at a rate, backward by seeks, round and round in one span.
 * Works on any `Frames`; knows no keys and no page.
 */

import { clampFrame } from './clock.js';

export const RATES = [0.25, 0.5, 1, 1.5, 2, 4, 8, 16];
const BACKWARD_RATES = [1, 2, 4, 8, 16];

export class Transport {
  /**
   * @param {{player: {frames: import('./frames.js').Frames, frame: number, nFrames: number, fps: number,
   *          seek: (frame: number) => Promise<void>}, onChange: () => void}} options
   */
  constructor({ player, onChange }) {
    this.player = player;
    this.onChange = onChange;
    /** 1 forward, -1 backward, 0 stopped */
    this.direction = 0;
    this.rate = 1;
    /** @type {import('./geometry.js').Spanlike|null} */
    this.loop = null;
    this.turn = 0;
  }

  get isPlaying() {
    return this.direction !== 0;
  }

  /** @param {number} [rate] */
  async play(rate) {
    this.#halt();
    rate ??= this.rate;
    const turn = this.turn;
    if (this.player.frame >= this.player.nFrames - 1) await this.player.seek(this.loop?.start_frame ?? 0);
    if (turn !== this.turn) return;
    this.direction = 1;
    this.rate = rate;
    this.player.frames.play(rate);
    this.onChange();
  }

  stop() {
    const was = this.isPlaying;
    this.#halt();
    this.loop = null;
    if (was) this.onChange();
  }

  toggle() {
    if (this.isPlaying) this.stop();
    else void this.play();
  }

  /** L: play at normal speed, then one step faster each time. */
  faster() {
    if (this.direction <= 0) void this.play(1);
    else void this.play(RATES.find((rate) => rate > this.rate) ?? this.rate);
  }

  slower() {
    const slow = RATES.filter((rate) => rate < this.rate);
    if (this.direction <= 0) void this.play(0.5);
    else void this.play(slow.at(-1) ?? this.rate);
  }

  /** J: backward at normal speed, then faster each time. */
  backward() {
    const rate = this.direction < 0 ? (BACKWARD_RATES.find((one) => one > this.rate) ?? this.rate) : 1;
    this.#halt();
    this.loop = null;
    this.direction = -1;
    this.rate = rate;
    void this.#runBackward(this.turn);
    this.onChange();
  }

  /** @param {import('./geometry.js').Spanlike} span */
  async loopSpan(span) {
    this.#halt();
    const turn = this.turn;
    await this.player.seek(span.start_frame);
    if (turn !== this.turn) return;
    await this.play(Math.min(this.rate, 1));
    this.loop = span;
    this.onChange();
  }

  /** Keeps playing from another place. @param {number} frame */
  async jump(frame) {
    const { direction, rate, loop } = this;
    this.#halt();
    const turn = this.turn;
    await this.player.seek(frame);
    if (turn !== this.turn || !direction) return;
    if (direction > 0) await this.play(rate);
    else {
      this.rate = rate;
      this.direction = -1;
      void this.#runBackward(this.turn);
    }
    this.loop = loop && frame >= loop.start_frame && frame <= loop.end_frame ? loop : null;
    this.onChange();
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
      void this.player.seek(this.player.nFrames - 1); // at high speed the last frames may not have been shown
    }
  }

  #halt() {
    this.turn += 1;
    if (this.direction > 0) this.player.frames.pause();
    if (this.direction < 0) this.rate = 1;
    this.direction = 0;
  }

  async #runBackward(turn) {
    const { player } = this;
    const first = player.frame;
    const begun = performance.now();
    while (turn === this.turn && player.frame > 0) {
      await new Promise(requestAnimationFrame);
      const target = clampFrame(first - Math.floor(((performance.now() - begun) / 1000) * player.fps * this.rate), player.nFrames);
      if (turn === this.turn && target < player.frame) await player.seek(target);
    }
    if (turn === this.turn) this.stop();
  }
}
