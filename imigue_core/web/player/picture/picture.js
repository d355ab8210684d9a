/**
 * The picture on the canvas: which frame, from which source, with what drawn over
 * it; the switch between the views and the choice of the person to follow.
 */

import { clampFrame } from '../core/clock.js';
import { ClockFrames, canShowFrames, VideoFrames } from './frames.js';
import { drawFrame, fitViewport } from './overlay.js';
import { askPersonBox } from './person_box.js';
import { Poses } from './poses.js';
import { chooseView, nextView, SAID } from './views.js';

const MOST_PIXELS = 2_600_000;
/** Names of the preferences. */
const VIEW = 'view';
const SETS = 'sets';

export class Picture {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** `video`: false for the skeleton alone, else which picture is under it: 'masked' or 'source' */
    this.show = { body: true, hands: true, face: true, video: false };
    /** the shown frame is on the canvas and nothing is being loaded */
    this.ready = false;
    /** @type {import('./frames.js').Frames|null} */
    this.frames = null;
    /** @type {CanvasImageSource|null} */
    this.image = null;
    /** @type {((frame: number) => void)|null} told after each drawing, for tests */
    this.onDrawn = null;
    this.askReveal = false;
    this.endPersonBox = null;
    this.nOpenings = 0;
    this.poses = new Poses({
      load: (n, revision) => player.api.getBuffer(`${player.videoPath}/chunks/${n}?v=${encodeURIComponent(revision)}`),
      onLoaded: () => this.ctx && this.draw(),
    });
  }

  /** @param {HTMLCanvasElement} canvas @param {HTMLElement} stage what the canvas fills */
  attach(canvas, stage) {
    this.canvas = canvas;
    this.stage = stage;
    this.ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(stage);
    this.#resize();
  }

  dispose() {
    this.disposed = true;
    this.frames?.dispose();
    this.observer?.disconnect();
    this.endPersonBox?.();
  }

  /** Size of the upright source picture, pixels. */
  get source() {
    const { width, height } = this.player.video;
    return { width: width || 1280, height: height || 720 };
  }

  get frame() {
    return this.player.clock.frame;
  }

  /** Where the play head is or is going. */
  get position() {
    return this.player.clock.position;
  }

  /** Source pixels to canvas pixels. @returns {import('./overlay.js').Viewport} */
  viewport() {
    return fitViewport(this.canvas, this.source);
  }

  /** Draws the shown frame anew. */
  draw() {
    drawFrame(this.ctx, this.source, this.viewport(), this.image, this.poses.at(this.frame), this.show);
    this.onDrawn?.(this.frame);
  }

  /**
   * @param {number} frame
   * @returns {Promise<void>} once it is on the canvas, with its skeleton when there is one
   */
  async seek(frame) {
    const target = clampFrame(frame, this.player.nFrames);
    const { clock } = this.player;
    clock.target = target;
    await this.frames?.seek(target);
    if (clock.target === target) clock.target = null;
    await this.poses.want(target);
  }

  /** Begins to show frames, from the source that `show` asks for. @param {number} frame */
  async open(frame) {
    this.player.transport.stop();
    this.ready = false;
    this.nOpenings += 1;
    const turn = this.nOpenings;
    let frames = this.#makeFrames();
    try {
      await frames.load();
    } catch (error) {
      frames.dispose();
      if (turn !== this.nOpenings) return;
      this.show.video = false;
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
    const { preferences, modes } = this.player;
    const sets = preferences.get(SETS, {});
    for (const name of ['body', 'hands', 'face']) if (typeof sets[name] === 'boolean') this.show[name] = sets[name];
    if (canShowFrames()) this.show.video = pictureOf(chooseView(preferences.get(VIEW, 'skeleton'), modes));
    this.player.updateShow();
  }

  /** Draws one of the point sets or not, and keeps that for the next video. @param {'body'|'hands'|'face'} name */
  async toggleSet(name) {
    await this.setShow({ [name]: !this.show[name] });
    const { body, hands, face } = this.show;
    this.player.preferences.set(SETS, { body, hands, face });
  }

  /**
   * @param {Partial<import('./overlay.js').Show>} changes
   * @returns {Promise<void>} once that is what the canvas shows
   */
  async setShow(changes) {
    const wasVideo = this.show.video;
    this.show = { ...this.show, ...changes };
    if (!this.canShow(this.show.video)) this.show.video = false;
    this.player.updateShow();
    if (this.show.video !== wasVideo) await this.open(this.position);
    this.draw();
    this.player.updateShow();
    this.player.watcher.schedule();
  }

  /** Back to the skeleton, because the picture is no longer to be had. @param {Error} [error] what stopped it */
  async leavePicture(error) {
    if (!this.show.video || this.disposed) return;
    const isShown = this.setShow({ video: false });
    if (error) await this.#explain(error);
    else this.player.say(SAID[this.player.mostRevealing]);
    await isShown;
  }

  /** Why there is no picture: the switch, or something else. */
  async #explain(error) {
    const { player } = this;
    await player.reloadInfo().catch(() => {});
    const isAllowed = player.mostRevealing === 'source';
    if (!this.disposed)
      player.say(isAllowed ? `The picture cannot be shown: ${error.message}` : SAID[player.mostRevealing]);
  }

  /** Whether a picture may be shown and is there. @param {false|'masked'|'source'} video */
  canShow(video) {
    return video !== false && this.player.modes.includes(video) && canShowFrames();
  }

  /** The next of the views that the project allows, else the question how much it should show. */
  async cycleView() {
    const { player } = this;
    if (!player.video.has_proxy) return player.say('This video has no picture to show.');
    if (!canShowFrames()) return player.say('This browser cannot show exact frames. Use Chrome or Edge.');
    if (player.modes.length > 1) return this.setView(nextView(this.show.video || 'skeleton', player.modes));
    if (player.mostRevealing !== 'skeleton') return player.say(SAID.unready);
    this.askReveal = true;
    player.refresh();
  }

  /** Shows a view and keeps it for the next video. @param {'skeleton'|'masked'|'source'} view */
  async setView(view) {
    this.player.preferences.set(VIEW, view);
    await this.setShow({ video: pictureOf(view) });
  }

  /** Sets how much the project shows, and shows that once it is there. @param {'masked'|'source'} view */
  async allowView(view) {
    const { player } = this;
    this.askReveal = false;
    await player.attempt(async () => {
      await player.api.postJson('/view', { most_revealing_view: view });
      await player.reloadInfo();
      if (player.modes.includes(view)) await this.setView(view);
      else player.say(SAID.unready);
    });
    player.focus();
  }

  closeReveal() {
    this.askReveal = false;
    this.player.refresh();
    this.player.focus();
  }

  get isChoosingPerson() {
    return this.endPersonBox !== null;
  }

  choosePerson() {
    const { player } = this;
    player.transport.stop();
    this.endPersonBox = askPersonBox(
      this.stage,
      this.canvas,
      () => this.viewport(),
      this.source,
      (box) => this.followPerson(box),
    );
    player.say(`Drag a box around the person to follow.${this.show.video ? '' : ' V shows the picture.'}`);
    player.refresh();
  }

  stopChoosing() {
    this.endPersonBox?.();
    this.endPersonBox = null;
    this.player.refresh();
  }

  /** @param {[number, number, number, number]|null} box source pixels, or null for the most prominent person */
  async followPerson(box) {
    const { player } = this;
    this.stopChoosing();
    await player.attempt(async () => {
      await player.api.postJson(`${player.videoPath}/person`, { box });
      await player.reloadInfo();
      player.say('The skeleton is being made again for that person.');
    });
    player.focus();
  }

  #makeFrames() {
    const { player } = this;
    const shared = {
      nFrames: player.nFrames,
      fps: player.fps,
      onFrame: (frame, image) => this.#onFrame(frame, image),
      onEnd: () => player.transport.onEnd(),
    };
    if (!this.show.video) return new ClockFrames(shared);
    const url = `${player.api.base}${player.videoPath}/${this.show.video === 'masked' ? 'masked' : 'proxy'}.mp4`;
    return new VideoFrames({ ...shared, url, onError: (error) => void this.leavePicture(error) });
  }

  #onFrame(frame, image) {
    this.player.clock.frame = frame;
    this.image = image;
    this.draw();
    const { transport } = this.player;
    void this.poses.want(frame, transport.direction * transport.rate);
    this.player.frameShown(frame);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.stage;
    if (!clientWidth || !clientHeight) return;
    const ratio = Math.min(devicePixelRatio, Math.sqrt(MOST_PIXELS / (clientWidth * clientHeight)));
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    this.draw();
  }
}

/** @param {string} view @returns {false|'masked'|'source'} */
const pictureOf = (view) => (view === 'masked' || view === 'source' ? view : false);
