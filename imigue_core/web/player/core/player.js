/**
 * The player: loads one video and wires its parts. How things are drawn, kept or
 * sent is the parts' own work; how it comes onto the page is mount.js.
 */

import { ACTIONS } from '../keys/actions.js';
import { loadLayout } from '../keys/key_match.js';
import { listenToKeys } from '../keys/keyboard.js';
import { Picture } from '../picture/picture.js';
import { Activity } from './activity.js';
import { Api } from './api.js';
import { LABEL_FPS, parseFrame } from './clock.js';
import { h } from './dom.js';
import { Live } from './live.js';
import { describeNotice } from './notices.js';
import { buildParts } from './parts.js';
import { Preferences } from './preferences.js';
import { getOutbox, keepPlace, placeOf } from './session.js';

const CHANGED_MS = 1500;
const LEFTOVERS_MS = 4000;
const UNKNOWN_CLASS = {
  class_id: -1,
  name: 'unknown class',
  short_name: 'unknown',
  group: '',
  colour: '#7f8894',
  code: '?',
  published_count: 0,
};

export class Player {
  /** @param {HTMLElement} root empty @param {any} data as mount_player sends it */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    this.api = new Api(data.api);
    this.annotatorId = data.annotator_id;
    this.edits = getOutbox(this.api, data.project_id, data.annotator_id);
    this.activity = new Activity();
    this.preferences = new Preferences(this.api);
    this.nFrames = 0;
    this.fps = LABEL_FPS;
    /** @type {Float64Array|null} presentation seconds, once loaded */
    this.times = null;
    /** @param {any} _value told a while after edits were saved */
    this.onChanged = (_value) => {};
    /** @type {(() => void)[]} */
    this.disposers = [];
    this.refreshing = 0;
    /** @type {boolean|'frame'} */
    this.timelineWaits = false;
    this.disposed = false;
  }

  /** Loads and shows the video, or says why not. */
  async open() {
    this.#close();
    try {
      await this.#start();
    } catch (error) {
      if (this.disposed) return;
      const again = h('button', {
        type: 'button',
        class: 'button primary',
        text: 'Try again',
        on: { click: () => this.open() },
      });
      const text = `${error.message ?? error}${error.hint ? ` ${error.hint}` : ''}`;
      this.root.replaceChildren(
        h(
          'div',
          { class: 'notice' },
          h('div', { class: 'notice-title', text: 'This video cannot be opened' }),
          h('div', { class: 'dim', text }),
          again,
        ),
      );
    }
  }

  async #start() {
    this.root.replaceChildren(h('div', { class: 'notice' }, h('div', { class: 'dim', text: 'Opening…' })));
    const [taxonomy, info, layout] = await Promise.all([
      this.api.getJson('/taxonomy'),
      this.api.getJson(this.videoPath),
      loadLayout(/** @type {any} */ (navigator).keyboard),
      this.preferences.load(),
      Promise.race([this.edits.replayLeftovers(), new Promise((next) => setTimeout(next, LEFTOVERS_MS))]),
    ]);
    const state = await this.api.getJson(`${this.videoPath}/state`);
    if (this.disposed) return;
    this.classes = taxonomy.classes;
    this.classById = new Map(this.classes.map((one) => [one.class_id, one]));
    this.layout = layout;
    this.picture = new Picture(this);
    this.#readInfo(info);
    this.#measure(state);
    this.edits.ledgerSeq = state.ledger_seq ?? this.edits.ledgerSeq;
    this.overlapRule = state.overlap_rule;
    buildParts(this, state);
    this.labels.load(state, this.edits.pendingOf(this.data.video_id));
    this.#listen();
    this.findings.reload().catch(() => {});
    this.picture.recallView();
    await this.picture.open(this.data.start_frame ?? placeOf(this.data.video_id));
    if (this.disposed) return;
    if (document.activeElement === document.body || document.activeElement === null) this.focus();
    this.refresh();
    this.watcher.schedule();
    this.live = new Live(this, state);
    this.api.getBuffer(`${this.videoPath}/times`).then(
      (buffer) => this.#setTimes(buffer),
      () => {},
    );
  }

  /** The page was run again with other data for the same video. @param {any} data */
  update(data) {
    const isElsewhere = data.start_frame !== null && data.start_frame !== this.data.start_frame;
    this.data = data;
    if (isElsewhere && this.ready) void this.transport.jump(data.start_frame);
  }

  dispose() {
    this.disposed = true;
    this.#close();
  }

  #close() {
    this.transport?.stop();
    this.picture?.dispose();
    this.timeline?.dispose();
    this.watcher?.dispose();
    this.live?.dispose();
    this.coverage?.dispose();
    this.findings?.dispose();
    this.traces?.dispose();
    this.panel?.dispose();
    this.similar?.dispose();
    this.codebook?.dispose();
    this.classKeys?.dispose();
    this.preferences.dispose();
    clearTimeout(this.changedTimer);
    cancelAnimationFrame(this.refreshing);
    this.refreshing = 0;
    for (const dispose of this.disposers.splice(0)) dispose();
  }

  get videoPath() {
    return `/videos/${this.data.video_id}`;
  }

  /** The shown frame. */
  get frame() {
    return this.picture.frame;
  }

  /** Where the play head is or is going; what marks and labels use. */
  get position() {
    return this.picture.position;
  }

  get ready() {
    return this.picture?.ready ?? false;
  }

  get show() {
    return this.picture.show;
  }

  get frames() {
    return this.picture.frames;
  }

  get canvas() {
    return this.picture.canvas;
  }

  /** Size of the upright source picture, pixels. */
  get width() {
    return this.picture.source.width;
  }

  get height() {
    return this.picture.source.height;
  }

  /** What the canvas shows now. @returns {import('../picture/views.js').View} */
  get mode() {
    return (this.ready && this.show.video) || 'skeleton';
  }

  /** Whether the skeleton of the shown frame is on the canvas. */
  get hasOverlay() {
    return this.picture.poses.at(this.frame) !== null;
  }

  get savedText() {
    return this.edits.status.text;
  }

  get onDrawn() {
    return this.picture.onDrawn;
  }

  set onDrawn(callback) {
    this.picture.onDrawn = callback;
  }

  /** @returns {Map<string, import('../labels/labels.js').Label>} */
  get annotations() {
    return this.labels.annotations;
  }

  viewport() {
    return this.picture.viewport();
  }

  /** @param {number} frame */
  seek(frame) {
    return this.picture.seek(frame);
  }

  play() {
    return this.transport.play();
  }

  pause() {
    this.transport.stop();
  }

  /** @param {Partial<import('../picture/overlay.js').Show>} changes */
  setShow(changes) {
    return this.picture.setShow(changes);
  }

  /** @param {number} classId @returns {import('../panel/palette.js').GestureClass} */
  classOf(classId) {
    return this.classById.get(classId) ?? UNKNOWN_CLASS;
  }

  /** @param {string} action see actions.js @param {any} [value] */
  act(action, value) {
    ACTIONS[action](this, value);
  }

  /** @param {string} text */
  say(text) {
    this.stage.say(text);
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  /** Runs something that may be refused, and says so when it is. @param {() => Promise<void>} run */
  async attempt(run) {
    try {
      await run();
    } catch (error) {
      this.say(`${error.message}${error.hint ? ` ${error.hint}` : ''}`);
    }
  }

  escape() {
    const { picture, timeline, transport, desk } = this;
    if (this.similar.close()) return;
    if (picture.isChoosingPerson) picture.stopChoosing();
    else if (picture.askReveal) picture.closeReveal();
    else if (this.classKeys.leaveBank() || timeline.cancelDrag() || this.review.leave()) return;
    else if (transport.loop) transport.stop();
    else desk.clear();
  }

  /** @param {string} text a frame number, or minutes:seconds @returns {number|null} */
  parseFrame(text) {
    return parseFrame(text, this.times, this.fps, this.nFrames);
  }

  /** What the canvas has to say instead of a picture. */
  describeNotice() {
    const { video, jobs, poseInfo, picture, mostRevealing } = this;
    const hasSkeletonHere = picture.poses.hasFrame(picture.frame);
    return describeNotice({
      video,
      jobs,
      poses: poseInfo,
      show: picture.show,
      hasSkeletonHere,
      mostRevealing,
      askReveal: picture.askReveal,
    });
  }

  /** Told by the picture of each frame shown. @param {number} frame */
  frameShown(frame) {
    keepPlace(this.data.video_id, frame);
    if (this.transport.isPlaying) this.activity.touch();
    this.transport.onFrame(frame);
    this.coverage.frameShown(frame);
    this.timeline.followFrame();
    this.refresh({ timeline: 'frame' });
  }

  updateShow() {
    this.stage.updateToggles();
    this.header.update();
    this.refresh();
  }

  /**
   * Everything but the picture is brought up to date before the next screen refresh.
   * @param {{timeline?: boolean|'frame'}} [options] `timeline`: false when nothing of it changed, 'frame' when only the
   * play head moved
   */
  refresh({ timeline = true } = {}) {
    this.timelineWaits = timeline === true || this.timelineWaits || timeline;
    this.refreshing ||= requestAnimationFrame(() => {
      this.refreshing = 0;
      this.stage.updateFrame();
      this.panel.update();
      this.similar.update();
      if (this.timelineWaits) this.timeline.drawNow({ all: this.timelineWaits === true });
      this.timelineWaits = false;
    });
  }

  /** Looks at the video and its jobs again. */
  async reloadInfo() {
    const hadFrames = this.video.n_frames;
    this.#readInfo(await this.api.getJson(this.videoPath));
    if (this.disposed) return;
    if (this.video.n_frames !== hadFrames) return this.open();
    if (this.show.video && !this.picture.canShow(this.show.video)) await this.picture.leavePicture();
    this.findings.jobsChanged();
    this.updateShow();
    await this.picture.poses.want(this.frame);
    this.picture.draw();
    this.watcher.schedule();
  }

  #readInfo(info) {
    this.video = info.video;
    this.jobs = info.jobs ?? [];
    this.poseInfo = info.poses;
    this.mostRevealing = info.most_revealing_view;
    this.modes = info.modes;
    this.picture.poses.update(info.poses);
    this.traces?.update(info.poses);
  }

  /** Length and rate; a video without media is as long as its labels and ten seconds more. */
  #measure(state) {
    const { n_frames: nFrames, fps_num: fpsNum, fps_den: fpsDen } = this.video;
    if (fpsNum && fpsDen) this.fps = fpsNum / fpsDen;
    const last = state.annotations.reduce((most, label) => Math.max(most, label.end_frame), 0);
    this.nFrames = nFrames || last + Math.round(10 * this.fps);
  }

  #listen() {
    const settle = (answer, settled) => this.#settle(answer, settled);
    const announce = () => this.header.updateSaved();
    const touch = () => this.activity.touch();
    const leave = () => this.preferences.sendLast();
    window.addEventListener('pagehide', leave);
    this.edits.listeners.add(settle);
    this.edits.statusListeners.add(announce);
    for (const event of ['pointermove', 'wheel']) this.root.addEventListener(event, touch, { passive: true });
    this.disposers.push(
      () => this.edits.listeners.delete(settle),
      () => this.edits.statusListeners.delete(announce),
      listenToKeys(this),
      () => window.removeEventListener('pagehide', leave),
    );
  }

  /** What is written beside every edit, so that it can be judged later. */
  provenance() {
    return {
      view_mode: this.mode,
      active_ms: this.activity.take(),
      player_version: this.data.version,
      suggestion: null,
    };
  }

  #settle(answer, settled) {
    const isExplained = this.labels.settle(answer, settled);
    if (!isExplained) void this.watcher.reloadLabels();
    this.findings.settled(answer, settled);
    this.panel.settled();
    if (!settled.length) return;
    clearTimeout(this.changedTimer);
    this.changedTimer = setTimeout(
      () => this.onChanged({ video_id: this.data.video_id, revision: this.labels.revision }),
      CHANGED_MS,
    );
  }

  #setTimes(buffer) {
    const times = new Float64Array(buffer);
    if (times.length !== this.nFrames || this.disposed) return;
    this.times = times;
    this.updateShow();
  }
}
