/**
 * A small looping skeleton of any stretch of any video of the project. It is drawn from pose
 * chunks, never from pixels, and zoomed to where the person is in that stretch. Chunks and what
 * is known of a video are shared by all clips of a page.
 *
 * @typedef {{videoId: number, startFrame: number, endFrame: number, fps: number, nFrames: number}} Stretch
 */

import { h } from '../core/dom.js';
import { CHUNK_FRAMES, decodeChunk, poseAt } from './chunks.js';
import { fitPerson, frameOfClip, MOST_SECONDS } from './clip_geometry.js';
import { drawSkeleton } from './overlay.js';

const KEPT_CHUNKS = 40;
/** More pixels than it takes on the page, so that fingers stay apart. */
const WIDTH = 400;
const HEIGHT = 250;
const BACKGROUND = '#0d1116';
const SHOW = { body: true, hands: true, face: true, video: /** @type {false} */ (false) };

/** @type {WeakMap<import('../core/api.js').Api, Store>} */
const stores = new WeakMap();

export class ClipView {
  /** @param {{api: import('../core/api.js').Api, stretch: Stretch}} options */
  constructor({ api, stretch }) {
    this.stretch = {
      ...stretch,
      endFrame: Math.min(
        stretch.endFrame,
        stretch.startFrame + Math.ceil(MOST_SECONDS * stretch.fps) - 1,
        stretch.nFrames - 1,
      ),
    };
    const { startFrame, endFrame } = stretch;
    this.node = /** @type {HTMLCanvasElement} */ (
      h('canvas', {
        class: 'clip',
        width: WIDTH,
        height: HEIGHT,
        role: 'img',
        'aria-label': `Skeleton of frames ${startFrame} to ${endFrame}`,
      })
    );
    this.ctx = /** @type {CanvasRenderingContext2D} */ (this.node.getContext('2d', { alpha: false }));
    this.ctx.fillStyle = BACKGROUND;
    this.ctx.fillRect(0, 0, WIDTH, HEIGHT);
    /** @type {(import('./chunks.js').Pose|null)[]} of the stretch, once loaded */
    this.poses = [];
    /** @type {{width: number, height: number, revision: number|string}|null} once loaded */
    this.video = null;
    /** @type {import('./overlay.js').Viewport|null} */
    this.viewport = null;
    this.isPlaying = false;
    this.isVisible = true;
    this.isDisposed = false;
    this.at = 0;
    this.startedAt = 0;
    this.sizes = new ResizeObserver(() => this.#fit());
    this.sizes.observe(this.node);
    this.places = new IntersectionObserver(([entry]) => this.#see(entry.isIntersecting));
    this.places.observe(this.node);
    this.request = 0;
    let store = stores.get(api);
    if (!store) {
      store = new Store(api);
      stores.set(api, store);
    }
    /** resolves once the still picture is drawn, whether there are poses or not */
    this.loaded = this.#load(store).catch(() => {});
  }

  /** Loops unless the person wants things to keep still; for clips that nobody asked to play. */
  playUnasked() {
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) this.play();
  }

  /** Loops from the stretch's start on. */
  play() {
    if (this.isPlaying || this.isDisposed) return;
    this.isPlaying = true;
    this.startedAt = performance.now();
    this.node.dataset.playing = '';
    this.#next();
  }

  /** Stops and shows the middle of the stretch. */
  stop() {
    this.isPlaying = false;
    delete this.node.dataset.playing;
    cancelAnimationFrame(this.request);
    this.#draw(Math.floor(this.poses.length / 2));
  }

  dispose() {
    this.isDisposed = true;
    this.isPlaying = false;
    this.sizes.disconnect();
    this.places.disconnect();
    cancelAnimationFrame(this.request);
    this.poses = [];
  }

  /** @param {Store} store */
  async #load(store) {
    const { videoId, startFrame, endFrame } = this.stretch;
    const video = await store.getVideo(videoId);
    const first = Math.floor(startFrame / CHUNK_FRAMES);
    const numbers = Array.from({ length: Math.floor(endFrame / CHUNK_FRAMES) - first + 1 }, (_, i) => first + i);
    const chunks = await Promise.all(numbers.map((n) => store.getChunk(videoId, n, video.revision)));
    if (this.isDisposed) return;
    const frames = Array.from({ length: endFrame - startFrame + 1 }, (_, i) => startFrame + i);
    this.poses = frames.map((frame) => poseAt(chunks[Math.floor(frame / CHUNK_FRAMES) - first], frame));
    this.video = video;
    this.#fit();
    if (!this.isPlaying) this.stop();
  }

  /** As sharp as the screen, however large the page shows it. */
  #fit() {
    const ratio = Math.max(1, devicePixelRatio || 1);
    const [width, height] = [
      Math.round(this.node.clientWidth * ratio) || WIDTH,
      Math.round(this.node.clientHeight * ratio) || HEIGHT,
    ];
    if (this.node.width !== width) this.node.width = width;
    if (this.node.height !== height) this.node.height = height;
    if (this.video) this.viewport = fitPerson(this.poses, this.video, { width, height });
    this.#draw(this.at);
  }

  /** What is scrolled away is not drawn; a hidden tab asks for no frames by itself. @param {boolean} isVisible */
  #see(isVisible) {
    this.isVisible = isVisible;
    cancelAnimationFrame(this.request);
    if (isVisible && this.isPlaying) this.#next();
  }

  #next() {
    if (!this.isVisible) return;
    this.request = requestAnimationFrame((now) => {
      if (!this.isPlaying) return;
      this.#draw(frameOfClip(now - this.startedAt, this.stretch.fps, this.poses.length));
      this.#next();
    });
  }

  /** @param {number} i of the poses */
  #draw(i) {
    if (this.isDisposed) return;
    this.at = i;
    this.ctx.globalAlpha = 1;
    this.ctx.fillStyle = BACKGROUND;
    this.ctx.fillRect(0, 0, this.node.width, this.node.height);
    const pose = this.poses[i];
    if (pose && this.viewport && this.video) drawSkeleton(this.ctx, pose, this.viewport, this.video.height, SHOW);
  }
}

/** What clips have fetched; the chunks used last are kept. */
class Store {
  /** @param {import('../core/api.js').Api} api */
  constructor(api) {
    this.api = api;
    /** @type {Map<number, Promise<{width: number, height: number, revision: number|string}>>} */
    this.videos = new Map();
    /** @type {Map<string, Promise<import('./chunks.js').Chunk>>} oldest use first */
    this.chunks = new Map();
  }

  /** @param {number} videoId */
  getVideo(videoId) {
    return remember(this.videos, videoId, async () => {
      const { video, poses } = await this.api.getJson(`/videos/${videoId}`);
      return { width: video.width || 1280, height: video.height || 720, revision: poses.revision };
    });
  }

  /** @param {number} videoId @param {number} n @param {number|string} revision */
  getChunk(videoId, n, revision) {
    const key = `${videoId}/${revision}/${n}`;
    const found = remember(this.chunks, key, async () =>
      decodeChunk(await this.api.getBuffer(`/videos/${videoId}/chunks/${n}?v=${encodeURIComponent(revision)}`)),
    );
    this.chunks.delete(key);
    this.chunks.set(key, found);
    if (this.chunks.size > KEPT_CHUNKS) this.chunks.delete(this.chunks.keys().next().value ?? '');
    return found;
  }
}

/**
 * What was asked for before; what failed is asked for again.
 * @template K, V
 * @param {Map<K, Promise<V>>} map
 * @param {K} key
 * @param {() => Promise<V>} make
 */
function remember(map, key, make) {
  const known = map.get(key);
  if (known) return known;
  const made = make();
  map.set(key, made);
  made.catch(() => map.get(key) === made && map.delete(key));
  return made;
}
