/**
 * The player: loads one video and wires its parts. How things are drawn, kept or
 * sent is the parts' own work; how it comes onto the page is mount.js.
 */

import { loadLayout } from '../keys/key_match.js';
import { listenToKeys } from '../keys/keyboard.js';
import { Activity } from './activity.js';
import { Api } from './api.js';
import { ClassList } from './classes.js';
import { LABEL_FPS } from './clock.js';
import { h } from './dom.js';
import { Live } from './live.js';
import { describeError, Messages } from './messages.js';
import { Painter } from './painter.js';
import { buildParts, makeIntents, makePicture } from './parts.js';
import { Preferences } from './preferences.js';
import { getOutbox, keepPlace, placeOf } from './session.js';
import { VideoClock } from './video_clock.js';
import { VideoInfo } from './video_info.js';

const CHANGED_MS = 1500;
const LEFTOVERS_MS = 4000;

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
    /** @type {import('./video_info.js').Ids} */
    this.ids = Object.freeze({
      projectId: data.project_id,
      videoId: data.video_id,
      videoPath: `/videos/${data.video_id}`,
      annotatorId: data.annotator_id,
      annotator: data.annotator,
    });
    this.messages = new Messages();
    this.say = this.messages.say;
    this.attempt = this.messages.attempt;
    this.painter = new Painter();
    /** @param {any} _value told a while after edits were saved */
    this.onChanged = (_value) => {};
    /** @type {(() => void)[]} */
    this.disposers = [];
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
      const text = describeError(error);
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
    this.classList = new ClassList(taxonomy.classes);
    this.layout = layout;
    this.info = new VideoInfo(info);
    this.info.overlapRule = state.overlap_rule;
    this.clock = new VideoClock(measure(info.video, state));
    this.picture = makePicture(this);
    this.#readInfo(info);
    this.edits.ledgerSeq = state.ledger_seq ?? this.edits.ledgerSeq;
    buildParts(this, state);
    this.intents = makeIntents(this);
    this.labels.load(state, this.edits.pendingOf(this.data.video_id));
    this.#listen();
    this.findings.reload().catch(() => {});
    this.picture.recallView();
    await this.picture.open(this.data.start_frame ?? placeOf(this.data.video_id));
    if (this.disposed) return;
    if (document.activeElement === document.body || document.activeElement === null) this.focus();
    this.refresh();
    this.watcher.schedule();
    this.live = new Live({
      api: this.api,
      ids: this.ids,
      state,
      onAnswer: (answer) => {
        this.labels.merge(answer);
        this.coverage.load(answer);
        if (answer.reload) void this.watcher.reloadLabels();
      },
      onDamage: (damage) => this.header.tellDamage(damage),
    });
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
    this.painter.dispose();
    for (const dispose of this.disposers.splice(0)) dispose();
  }

  get videoPath() {
    return this.ids.videoPath;
  }

  get nFrames() {
    return this.clock.nFrames;
  }

  get fps() {
    return this.clock.fps;
  }

  get times() {
    return this.clock.times;
  }

  /** The shown frame. */
  get frame() {
    return this.clock.frame;
  }

  /** Where the play head is or is going; what marks and labels use. */
  get position() {
    return this.clock.position;
  }

  get video() {
    return this.info.video;
  }

  get jobs() {
    return this.info.jobs;
  }

  get poseInfo() {
    return this.info.poses;
  }

  get modes() {
    return this.info.modes;
  }

  get mostRevealing() {
    return this.info.mostRevealing;
  }

  get overlapRule() {
    return this.info.overlapRule;
  }

  get classes() {
    return this.classList.list;
  }

  get classById() {
    return this.classList.byId;
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
    return this.picture?.mode ?? 'skeleton';
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
    return this.classList.of(classId);
  }

  /** @param {string} action see actions.js @param {any} [value] */
  act(action, value) {
    this.intents[action](value);
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  /** @param {string} text a frame number, or minutes:seconds @returns {number|null} */
  parseFrame(text) {
    return this.clock.parse(text);
  }

  /** Told by the picture of each frame shown. @param {number} frame */
  frameShown(frame) {
    keepPlace(this.data.video_id, frame);
    if (this.transport.isPlaying) this.activity.touch();
    this.transport.onFrame(frame);
    this.coverage.frameShown(frame);
    this.timeline.followFrame();
  }

  updateShow() {
    this.refresh();
  }

  /** Draws everything but the picture anew; parts whose state is watched need not ask for it. */
  refresh() {
    this.painter.refresh();
  }

  /** Looks at the video and its jobs again. */
  async reloadInfo() {
    const hadFrames = this.video.n_frames;
    this.#readInfo(await this.api.getJson(this.videoPath));
    if (this.disposed) return;
    if (this.video.n_frames !== hadFrames) return this.open();
    if (this.show.video && !this.picture.canShow(this.show.video)) await this.picture.leavePicture();
    this.updateShow();
    await this.picture.poses.want(this.frame);
    this.picture.draw();
    this.watcher.schedule();
  }

  #readInfo(info) {
    this.info.take(info);
    this.picture.poses.update(info.poses);
    this.traces?.update(info.poses);
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
      listenToKeys({
        root: this.root,
        picked: this.picked,
        keys: this.keys,
        labels: this.labels,
        classKeys: this.classKeys,
        help: this.help,
        picture: this.picture,
        act: (action, value) => this.act(action, value),
        focus: () => this.focus(),
        say: this.say,
        touch,
        hasJustEnded: () => this.review.hasJustEnded,
      }),
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
    this.clock.times = times;
    this.updateShow();
  }
}

/**
 * Length and rate; a video without media is as long as its labels and ten seconds more.
 * @param {import('./server.js').Video} video @param {import('./server.js').State} state
 * @returns {{nFrames: number, fps: number}}
 */
function measure({ n_frames: nFrames, fps_num: fpsNum, fps_den: fpsDen }, { annotations }) {
  const fps = fpsNum && fpsDen ? fpsNum / fpsDen : LABEL_FPS;
  const last = annotations.reduce((most, label) => Math.max(most, label.end_frame), 0);
  return { nFrames: nFrames || last + Math.round(10 * fps), fps };
}
