/**
 * Keypoints around the play head: fetches pose chunks, keeps the recent ones and
 * answers "the pose of exactly this frame" or nothing. Drawing is overlay.js.
 */

import { watch } from '../core/watch.js';
import { CHUNK_FRAMES, decodeChunk, poseAt } from './chunks.js';

const KEPT_CHUNKS = 48;
const RETRY_MS = 3000;
const DONE = Promise.resolve();

/**
 * @typedef {Object} PoseInfo
 * @property {number} n_ready frames whose keypoints are finished, counted from frame 0
 * @property {number|null} n_frames
 * @property {boolean} complete
 * @property {number|string} revision changes when the keypoints do
 */

export class Poses {
  /**
   * @param {{load: (n: number, revision: number|string) => Promise<ArrayBuffer>, onLoaded: (n: number) => void}}
   * options
   */
  constructor({ load, onLoaded }) {
    this.load = load;
    this.onLoaded = onLoaded;
    /** @type {PoseInfo} */
    this.info = { n_ready: 0, n_frames: 0, complete: false, revision: 0 };
    /** @type {Map<number, import('./chunks.js').Chunk>} oldest use first */
    this.chunks = new Map();
    /** Grows whenever other chunks are here. */
    this.changeCount = 0;
    watch(this, 'info', 'changeCount');
    /** @type {Map<number, Promise<void>>} */
    this.loading = new Map();
    /** @type {Map<number, number>} chunk -> earliest next try, ms */
    this.failed = new Map();
  }

  /** @param {PoseInfo} info */
  update(info) {
    const isOther = info.revision !== this.info.revision;
    const grew = info.n_ready !== this.info.n_ready;
    this.info = info;
    this.failed.clear();
    if (isOther || info.n_ready === 0) this.chunks.clear();
    else if (grew) for (const [n, chunk] of this.chunks) if (!this.#isWhole(n, chunk)) this.chunks.delete(n);
    this.changeCount += 1;
  }

  /** @param {number} frame @returns {import('./chunks.js').Pose|null} null when absent or not loaded yet */
  at(frame) {
    void this.changeCount;
    const chunk = this.chunks.get(Math.floor(frame / CHUNK_FRAMES));
    return chunk ? poseAt(chunk, frame) : null;
  }

  /** Keypoints of this frame exist, loaded or not. @param {number} frame */
  hasFrame(frame) {
    return frame < this.info.n_ready;
  }

  /**
   * Fetches the chunk of `frame`, then those about to be needed.
   * @param {number} frame @param {number} [rate] pace and direction of playing
   * @returns {Promise<void>} resolves when the chunk of `frame` is here, or cannot be had now
   */
  want(frame, rate = 0) {
    const n = Math.floor(frame / CHUNK_FRAMES);
    const ahead = Math.max(1, Math.min(4, Math.ceil(Math.abs(rate) / 2)));
    const direction = rate < 0 ? -1 : 1;
    const first = this.#fetch(n);
    this.#use(n);
    for (let i = 1; i <= ahead; i += 1) void this.#fetch(n + direction * i);
    void this.#fetch(n - direction);
    return first;
  }

  /** The chunk of the play head is the last to be dropped. @param {number} n */
  #use(n) {
    const chunk = this.chunks.get(n);
    if (!chunk) return;
    this.chunks.delete(n);
    this.chunks.set(n, chunk);
  }

  /** @param {number} n @returns {Promise<void>} */
  #fetch(n) {
    const isThere = n >= 0 && n * CHUNK_FRAMES < this.info.n_ready;
    if (!isThere || this.chunks.has(n) || (this.failed.get(n) ?? 0) > performance.now()) return DONE;
    let promise = this.loading.get(n);
    if (!promise) {
      promise = this.#load(n).finally(() => this.loading.delete(n));
      this.loading.set(n, promise);
    }
    return promise;
  }

  /** @param {number} n */
  async #load(n) {
    const { revision } = this.info;
    try {
      const chunk = decodeChunk(await this.load(n, revision));
      if (revision !== this.info.revision) return;
      this.chunks.set(n, chunk);
      while (this.chunks.size > KEPT_CHUNKS)
        this.chunks.delete(/** @type {number} */ (this.chunks.keys().next().value));
      this.changeCount += 1;
    } catch {
      this.failed.set(n, performance.now() + RETRY_MS);
      setTimeout(() => this.onLoaded(n), RETRY_MS + 50);
      return;
    }
    this.onLoaded(n);
  }

  /** @param {number} n @param {import('./chunks.js').Chunk} chunk */
  #isWhole(n, chunk) {
    return chunk.nFrames >= Math.min(CHUNK_FRAMES, (this.info.n_frames ?? 0) - n * CHUNK_FRAMES);
  }
}
