/**
 * The picture on the canvas: which frame, from which source, with what drawn over
 * it; the switch between the views and the choice of the person to follow.
 */

import { h } from '../core/dom.js';
import { watch } from '../core/watch.js';
import { ClockFrames, canShowFrames, VideoFrames } from './frames.js';
import { drawFrame, fitViewport } from './overlay.js';
import { askPersonBox } from './person_box.js';
import { Poses } from './poses.js';
import { chooseView, nextView, SAID } from './views.js';

const MOST_PIXELS = 2_600_000;
/** Names of the preferences. */
const VIEW = 'view';
const SETS = 'sets';
const SET_NAMES = /** @type {const} */ (['body', 'hands', 'face']);

/**
 * @typedef {import('./overlay.js').Show} Show
 * @typedef {import('./views.js').View} View
 *
 * @typedef {Object} PictureParts
 * @property {import('../core/api.js').Api} api @property {import('../core/video_info.js').Ids} ids
 * @property {import('../core/video_info.js').VideoInfo} info
 * @property {import('../core/video_clock.js').VideoClock} clock told by the picture where the play head is
 * @property {import('../core/preferences.js').Preferences} preferences
 * @property {(text: string) => void} say @property {(run: () => Promise<void>) => Promise<void>} attempt
 * @property {() => void} focus gives the keys back to the studio
 * @property {() => Promise<void>} reload looks at the video and its jobs again
 * @property {(frame: number) => void} onFrame told of each frame shown
 * @property {() => void} onEnd the frames ran out @property {() => void} stop stops playing
 * @property {() => number} pace of playing: its rate, below 0 backward, 0 when it stands still
 */

export class Picture {
  /** @param {PictureParts} parts */
  constructor({ api, ids, info, clock, preferences, say, attempt, focus, reload, onFrame, onEnd, stop, pace }) {
    this.api = api;
    this.ids = ids;
    this.info = info;
    this.clock = clock;
    this.preferences = preferences;
    this.say = say;
    this.attempt = attempt;
    this.focus = focus;
    this.reload = reload;
    this.onFrame = onFrame;
    this.onEnd = onEnd;
    this.stop = stop;
    this.pace = pace;
    /** @type {Show} `video`: false for the skeleton alone, else which picture is under it */
    this.show = { body: true, hands: true, face: true, video: false };
    /** The shown frame is on the canvas and nothing is being loaded. */
    this.ready = false;
    /** Whether the question stands how much the project should show. */
    this.askReveal = false;
    /** Whether a box around the person to follow is asked for. */
    this.isChoosingPerson = false;
    watch(this, 'show', 'ready', 'askReveal', 'isChoosingPerson');
    /** @type {import('./frames.js').Frames|null} */
    this.frames = null;
    /** @type {CanvasImageSource|null} */
    this.image = null;
    /** @type {((frame: number) => void)|null} told after each drawing, for tests */
    this.onDrawn = null;
    this.disposed = false;
    this.endPersonBox = () => {};
    this.nOpenings = 0;
    this.canvas = /** @type {HTMLCanvasElement} */ (
      h('canvas', { class: 'picture', role: 'img', 'aria-label': 'Picture and skeleton of the current frame' })
    );
    this.ctx = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d', { alpha: false }));
    this.observer = new ResizeObserver(() => this.#resize());
    this.poses = new Poses({
      load: (n, revision) => api.getBuffer(`${ids.videoPath}/chunks/${n}?v=${encodeURIComponent(revision)}`),
      onLoaded: () => this.draw(),
    });
  }

  /** The canvas fills what it lies in from now on. */
  attach() {
    this.observer.observe(this.#stage());
    this.#resize();
  }

  dispose() {
    this.disposed = true;
    this.frames?.dispose();
    this.observer.disconnect();
    this.endPersonBox();
  }

  /** Size of the upright source picture, pixels. */
  get source() {
    const { width, height } = this.info.video;
    return { width: width || 1280, height: height || 720 };
  }

  get frame() {
    return this.clock.frame;
  }

  /** Where the play head is or is going. */
  get position() {
    return this.clock.position;
  }

  /** What the canvas shows now. @returns {View} */
  get mode() {
    return (this.ready && this.show.video) || 'skeleton';
  }

  /** Source pixels to canvas pixels. @returns {import('./overlay.js').Viewport} */
  viewport() {
    return fitViewport(this.canvas, this.source);
  }

  /** Draws the shown frame anew. */
  draw() {
    const { frame } = this.clock;
    drawFrame(this.ctx, this.source, this.viewport(), this.image, this.poses.at(frame), this.show);
    this.onDrawn?.(frame);
  }

  /**
   * @param {number} frame
   * @returns {Promise<void>} once it is on the canvas, with its skeleton when there is one
   */
  async seek(frame) {
    const target = this.clock.clamp(frame);
    this.clock.target = target;
    await this.frames?.seek(target);
    if (this.clock.target === target) this.clock.target = null;
    await this.poses.want(target);
  }

  /** Begins to show frames, from the source that `show` asks for. @param {number} frame */
  async open(frame) {
    this.stop();
    this.ready = false;
    this.nOpenings += 1;
    const turn = this.nOpenings;
    let frames = this.#makeFrames();
    try {
      await frames.load();
    } catch (error) {
      frames.dispose();
      if (turn !== this.nOpenings) return;
      this.show = { ...this.show, video: false };
      frames = this.#makeFrames();
      void this.#explain(error);
    }
    if (this.disposed || turn !== this.nOpenings) return frames.dispose();
    this.frames?.dispose();
    this.frames = frames;
    this.image = null;
    await this.seek(frame);
    this.ready = true;
  }

  /** The view that this person chose last, as far as it is to be had. Call before the first `open`. */
  recallView() {
    const sets = this.preferences.get(SETS, /** @type {Record<string, unknown>} */ ({}));
    const show = { ...this.show };
    for (const name of SET_NAMES) show[name] = typeof sets[name] === 'boolean' ? sets[name] : show[name];
    const chosen = chooseView(this.preferences.get(VIEW, 'skeleton'), this.info.modes);
    if (canShowFrames()) show.video = pictureOf(chosen);
    this.show = show;
  }

  /** Draws one of the point sets or not, and keeps that for the next video. @param {'body'|'hands'|'face'} name */
  async toggleSet(name) {
    await this.setShow({ [name]: !this.show[name] });
    const { body, hands, face } = this.show;
    this.preferences.set(SETS, { body, hands, face });
  }

  /**
   * @param {Partial<Show>} changes
   * @returns {Promise<void>} once that is what the canvas shows
   */
  async setShow(changes) {
    const wasVideo = this.show.video;
    const show = { ...this.show, ...changes };
    this.show = this.canShow(show.video) ? show : { ...show, video: false };
    if (this.show.video !== wasVideo) await this.open(this.clock.position);
    this.draw();
  }

  /** Back to the skeleton, because the picture is no longer to be had. @param {Error} [error] what stopped it */
  async leavePicture(error) {
    if (!this.show.video || this.disposed) return;
    const isShown = this.setShow({ video: false });
    if (error) await this.#explain(error);
    else this.say(SAID[this.info.mostRevealing]);
    await isShown;
  }

  /** Why there is no picture: the switch, or something else. @param {unknown} error */
  async #explain(error) {
    await this.reload().catch(() => {});
    const { mostRevealing } = this.info;
    const reason = error instanceof Error ? error.message : String(error);
    if (!this.disposed)
      this.say(mostRevealing === 'source' ? `The picture cannot be shown: ${reason}` : SAID[mostRevealing]);
  }

  /** Whether a picture may be shown and is there. @param {Show['video']} video */
  canShow(video) {
    return video !== false && this.info.modes.includes(video) && canShowFrames();
  }

  /** The next of the views that the project allows, else the question how much it should show. */
  async cycleView() {
    const { video, modes, mostRevealing } = this.info;
    if (!video.has_proxy) return this.say('This video has no picture to show.');
    if (!canShowFrames()) return this.say('This browser cannot show exact frames. Use Chrome or Edge.');
    if (modes.length > 1) return this.setView(nextView(this.show.video || 'skeleton', modes));
    if (mostRevealing !== 'skeleton') return this.say(SAID.unready);
    this.askReveal = true;
  }

  /** Shows a view and keeps it for the next video. @param {View} view */
  async setView(view) {
    this.preferences.set(VIEW, view);
    await this.setShow({ video: pictureOf(view) });
  }

  /** Sets how much the project shows, and shows that once it is there. @param {'masked'|'source'} view */
  async allowView(view) {
    this.askReveal = false;
    await this.attempt(async () => {
      await this.api.postJson('/view', { most_revealing_view: view });
      await this.reload();
      if (this.info.modes.includes(view)) await this.setView(view);
      else this.say(SAID.unready);
    });
    this.focus();
  }

  closeReveal() {
    this.askReveal = false;
    this.focus();
  }

  choosePerson() {
    this.stop();
    this.endPersonBox = askPersonBox({
      host: this.#stage(),
      canvas: this.canvas,
      viewport: () => this.viewport(),
      source: this.source,
      onBox: (box) => void this.followPerson(box),
    });
    this.isChoosingPerson = true;
    this.say(`Drag a box around the person to follow.${this.show.video ? '' : ' V shows the picture.'}`);
  }

  stopChoosing() {
    this.endPersonBox();
    this.isChoosingPerson = false;
  }

  /** @param {[number, number, number, number]|null} box source pixels, or null for the most prominent person */
  async followPerson(box) {
    this.stopChoosing();
    await this.attempt(async () => {
      await this.api.postJson(`${this.ids.videoPath}/person`, { box });
      await this.reload();
      this.say('The skeleton is being made again for that person.');
    });
    this.focus();
  }

  /** @returns {import('./frames.js').Frames} */
  #makeFrames() {
    const shared = {
      nFrames: this.clock.nFrames,
      fps: this.clock.fps,
      onFrame: /** @type {import('./frames.js').OnFrame} */ ((frame, image) => this.#onFrame(frame, image)),
      onEnd: this.onEnd,
    };
    if (!this.show.video) return new ClockFrames(shared);
    const file = this.show.video === 'masked' ? 'masked' : 'proxy';
    const url = `${this.api.base}${this.ids.videoPath}/${file}.mp4`;
    return new VideoFrames({ ...shared, url, onError: (error) => void this.leavePicture(error) });
  }

  /** @param {number} frame @param {CanvasImageSource|null} image */
  #onFrame(frame, image) {
    this.clock.frame = frame;
    this.image = image;
    this.draw();
    void this.poses.want(frame, this.pace());
    this.onFrame(frame);
  }

  #stage() {
    return /** @type {HTMLElement} */ (this.canvas.parentElement);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#stage();
    if (!clientWidth || !clientHeight) return;
    const ratio = Math.min(devicePixelRatio, Math.sqrt(MOST_PIXELS / (clientWidth * clientHeight)));
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.draw();
  }
}

/** @param {View} view @returns {Show['video']} */
const pictureOf = (view) => (view === 'skeleton' ? false : view);
