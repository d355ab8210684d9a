/**
 * Where frames come from, behind one interface: a video element that is drawn
 * into the canvas, or a clock when there are no pixels to show.
 *
 * A seek aims at the middle of a frame, (f + 0.5) / fps, and the frame shown is
 * read back from the picture's own timestamp: round(time * fps).
 *
 * @typedef {Object} Frames
 * @property {() => Promise<void>} load resolves when frames can be shown, rejects when they cannot be had
 * @property {(frame: number) => Promise<void>} seek resolves once that frame (or a later wish) was handed to `onFrame`
 * @property {(rate: number, last?: () => number) => void} play forward, 0.1 to 16; no frame after `last` is shown, the
 *   end comes there
 * @property {() => void} pause
 * @property {() => void} dispose
 *
 * @callback OnFrame
 * @param {number} frame 0-based
 * @param {CanvasImageSource|null} picture valid until the next call
 */

const LOST_CALLBACK_MS = 400;
const LATE_PICTURE_MS = 1000;
const LOOK_AGAIN_MS = 4;

/** @implements {Frames} */
export class ClockFrames {
  /** @param {{nFrames: number, fps: number, onFrame: OnFrame, onEnd: () => void}} options */
  constructor({ nFrames, fps, onFrame, onEnd }) {
    this.nFrames = nFrames;
    this.fps = fps;
    this.onFrame = onFrame;
    this.onEnd = onEnd;
    this.frame = 0;
    this.timer = 0;
  }

  async load() {}

  /** @param {number} frame */
  async seek(frame) {
    this.frame = frame;
    this.onFrame(frame, null);
  }

  /** @param {number} rate @param {() => number} [last] */
  play(rate, last = () => this.nFrames - 1) {
    this.pause();
    const first = this.frame;
    const begun = performance.now();
    /** @param {number} now milliseconds */
    const tick = (now) => {
      const frame = Math.min(last(), first + Math.floor(((now - begun) / 1000) * this.fps * rate));
      if (frame > this.frame) {
        this.frame = frame;
        this.onFrame(frame, null);
      }
      if (frame >= this.nFrames - 1) this.onEnd();
      else if (this.timer) this.timer = requestAnimationFrame(tick);
    };
    this.timer = requestAnimationFrame(tick);
  }

  pause() {
    cancelAnimationFrame(this.timer);
    this.timer = 0;
  }

  dispose() {
    this.pause();
  }
}

/** @implements {Frames} */
export class VideoFrames {
  /**
   * @param {{url: string, nFrames: number, fps: number, onFrame: OnFrame, onEnd: () => void,
   *          onError: (error: Error) => void}} options `onError`: frames that were there cannot be had any more
   */
  constructor({ url, nFrames, fps, onFrame, onEnd, onError }) {
    this.nFrames = nFrames;
    this.fps = fps;
    this.onFrame = onFrame;
    this.onEnd = onEnd;
    this.onError = onError;
    /** @type {VideoFrame|null} the picture on the canvas, kept for redraws while paused */
    this.picture = null;
    this.wanted = -1;
    /** @type {() => number} */
    this.last = () => nFrames - 1;
    /** @type {Promise<void>|null} */
    this.seeking = null;
    this.playing = false;
    this.callback = 0;
    this.isLoaded = false;
    this.isOver = false;
    /** ends a seek that waits for a picture */
    this.release = () => {};
    const video = document.createElement('video');
    Object.assign(video, { muted: true, playsInline: true, preload: 'auto', src: url });
    video.style.display = 'none';
    video.addEventListener('ended', () => this.onEnd());
    video.addEventListener('error', () => this.#fail());
    this.video = video;
  }

  /** Resolves when frames can be drawn. @returns {Promise<void>} rejects when the file cannot be played */
  load() {
    const { video } = this;
    return new Promise((resolve, reject) => {
      const done = () => {
        this.isLoaded = true;
        resolve();
      };
      if (video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) return done();
      video.addEventListener('loadeddata', done, { once: true });
      video.addEventListener('error', () => reject(this.#error()), { once: true });
    });
  }

  /** @param {number} frame @returns {Promise<void>} */
  seek(frame) {
    this.wanted = frame;
    this.seeking ??= this.#seekWanted().finally(() => {
      this.seeking = null;
    });
    return this.seeking;
  }

  /** @param {number} rate @param {() => number} [last] */
  play(rate, last = () => this.nFrames - 1) {
    this.playing = true;
    this.last = last;
    this.video.playbackRate = rate;
    // A pause that comes before playing began is no failure.
    this.video.play().catch((error) => error.name !== 'AbortError' && this.#fail());
    this.#follow();
  }

  pause() {
    this.playing = false;
    this.video.pause();
    if (this.callback) this.video.cancelVideoFrameCallback(this.callback);
    this.callback = 0;
  }

  dispose() {
    this.pause();
    this.#end();
    this.picture?.close();
    this.picture = null;
    this.video.removeAttribute('src');
    this.video.load();
    this.video.remove();
  }

  /** One seek at a time; wishes made meanwhile replace each other, the last one wins. */
  async #seekWanted() {
    while (this.wanted >= 0 && !this.isOver) {
      const frame = this.wanted;
      this.wanted = -1;
      if (this.#readFrame() !== frame) await this.#seekOnce(frame);
      if (this.wanted < 0 && !this.isOver) await this.#presentSought(frame);
    }
  }

  #fail() {
    if (this.isOver) return;
    this.#end();
    if (this.isLoaded) this.onError(this.#error());
  }

  #end() {
    this.isOver = true;
    this.wanted = -1;
    this.release();
  }

  #error() {
    return new Error(this.video.error?.message || 'the proxy cannot be played');
  }

  /**
   * Resolves when the element shows `frame`, as its own callback says.
   * @param {number} frame @returns {Promise<void>}
   */
  #seekOnce(frame) {
    const { video, fps } = this;
    return new Promise((resolve) => {
      /** @type {ReturnType<typeof setTimeout>|undefined} */
      let timer;
      let callback = 0;
      const done = () => {
        clearTimeout(timer);
        video.cancelVideoFrameCallback(callback);
        video.removeEventListener('seeked', onSeeked);
        resolve();
      };
      this.release = done;
      /** @type {VideoFrameRequestCallback} */
      const onShown = (_now, { mediaTime }) => {
        if (Math.round(mediaTime * fps) === frame) done();
        else callback = video.requestVideoFrameCallback(onShown);
      };
      // A hidden tab gets no callbacks; what the element holds after `seeked` is read back all the same.
      const onSeeked = () => {
        timer = setTimeout(done, LOST_CALLBACK_MS);
      };
      callback = video.requestVideoFrameCallback(onShown);
      video.addEventListener('seeked', onSeeked);
      video.currentTime = (frame + 0.5) / fps;
    });
  }

  /**
   * The callback can come a moment before the element hands out that very picture,
   * so look again until it does; an honest older frame after a second beats none.
   * @param {number} frame
   */
  async #presentSought(frame) {
    const deadline = performance.now() + LATE_PICTURE_MS;
    while (this.wanted < 0 && !this.isOver && this.#readFrame() !== frame && performance.now() < deadline) {
      await new Promise((next) => setTimeout(next, LOOK_AGAIN_MS));
    }
    if (this.wanted < 0) this.#present();
  }

  /** The number of the frame that the element holds now; -1 while it holds none. */
  #readFrame() {
    const picture = this.#takePicture();
    if (!picture) return -1;
    const frame = this.#frameOf(picture);
    picture.close();
    return frame;
  }

  /**
   * What the element shows now, null while it shows nothing: it can say that it has a picture a moment
   * before, or after, one can be taken.
   */
  #takePicture() {
    if (this.video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
    try {
      return new VideoFrame(this.video);
    } catch {
      return null;
    }
  }

  /** @param {VideoFrame} picture */
  #frameOf(picture) {
    return Math.min(this.nFrames - 1, Math.round((picture.timestamp * this.fps) / 1e6));
  }

  #follow() {
    this.callback = this.video.requestVideoFrameCallback(() => {
      if (!this.playing) return;
      if (this.last() < this.nFrames - 1 && this.#readFrame() > this.last()) return this.onEnd();
      this.#present();
      this.#follow();
    });
  }

  /** Hands over what the element shows now; the number comes from that very picture. */
  #present() {
    const picture = this.isOver ? null : this.#takePicture();
    if (!picture) return;
    const frame = this.#frameOf(picture);
    const last = this.picture;
    this.picture = picture;
    this.onFrame(frame, picture);
    last?.close();
  }
}

/** Whether this browser can show exact frames. */
export function canShowFrames() {
  return typeof VideoFrame === 'function' && 'requestVideoFrameCallback' in HTMLVideoElement.prototype;
}

/** Chrome and Edge are what the studio is tested with. */
export function isSupportedBrowser() {
  const { userAgentData } = /** @type {{userAgentData?: {brands?: {brand: string}[]}}} */ (navigator);
  return canShowFrames() && (userAgentData?.brands ?? []).some(({ brand }) => brand === 'Chromium');
}
