/**
 * The player: loads one video, brings its parts onto the page, and ends them. What they are is parts.js, what each
 * does its own file; how a player comes onto the page is mount.js.
 */

import { loadLayout } from '../keys/key_match.js';
import { listenToKeys } from '../keys/keyboard.js';
import { Activity } from './activity.js';
import { Api } from './api.js';
import { h } from './dom.js';
import { Live } from './live.js';
import { describeError, Messages } from './messages.js';
import { Painter } from './painter.js';
import { buildParts } from './parts.js';
import { Preferences } from './preferences.js';
import { getOutbox, placeOf } from './session.js';

const CHANGED_MS = 1500;
const LEFTOVERS_MS = 4000;

/**
 * @typedef {import('./server.js').PlayerData} PlayerData
 * @typedef {import('./parts.js').Parts} Parts
 * @typedef {import('../labels/edits.js').Answer} Answer
 * @typedef {import('../labels/edits.js').Edit} Edit
 */

export class Player {
  /** @param {HTMLElement} root empty @param {PlayerData} data as mount_player sends it */
  constructor(root, data) {
    this.root = root;
    this.data = data;
    /** @type {import('./video_info.js').Ids} */
    this.ids = Object.freeze({
      projectId: data.project_id,
      videoId: data.video_id,
      videoPath: `/videos/${data.video_id}`,
      annotatorId: data.annotator_id,
      annotator: data.annotator,
    });
    this.api = new Api(data.api);
    this.edits = getOutbox(this.api, data.project_id, data.annotator_id);
    this.activity = new Activity();
    this.preferences = new Preferences(this.api);
    this.messages = new Messages();
    this.painter = new Painter();
    /** @type {Parts|null} others at every opening; null before the first */
    this.parts = null;
    /** @type {(parts: Parts) => void} told of them */
    this.onParts = () => {};
    /** @type {Live|null} */
    this.live = null;
    /** @type {(value: {video_id: number, revision: number}) => void} told a while after edits were saved */
    this.onChanged = () => {};
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.changedTimer = undefined;
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
      if (!this.disposed) this.#explain(error);
    }
  }

  /** The page was run again with other data for the same video. @param {PlayerData} data */
  update(data) {
    const { start_frame: frame } = data;
    const isElsewhere = frame !== null && frame !== this.data.start_frame;
    this.data = data;
    if (isElsewhere && this.parts?.picture.ready) void this.parts.transport.jump(frame);
  }

  dispose() {
    this.disposed = true;
    this.#close();
  }

  /** Looks at the video and its jobs again. */
  async reload() {
    const { parts } = this;
    /** @type {import('./server.js').Info} */
    const answer = await this.api.getJson(this.ids.videoPath);
    if (!parts || this.disposed || parts !== this.parts) return;
    const { info, clock, picture, traces, watcher } = parts;
    const hadFrames = info.video.n_frames;
    info.take(answer);
    picture.poses.update(answer.poses);
    traces.update(answer.poses);
    if (info.video.n_frames !== hadFrames) return this.open();
    if (picture.show.video && !picture.canShow(picture.show.video)) await picture.leavePicture();
    await picture.poses.want(clock.frame);
    picture.draw();
    watcher.schedule();
  }

  focus() {
    this.root.focus({ preventScroll: true });
  }

  async #start() {
    this.root.replaceChildren(h('div', { class: 'notice' }, h('div', { class: 'dim', text: 'Opening…' })));
    const answers = await this.#ask();
    if (this.disposed) return;
    const { root, data, ids, api, edits, activity, preferences, messages, painter } = this;
    const { state } = answers;
    edits.ledgerSeq = state.ledger_seq ?? edits.ledgerSeq;
    const parts = buildParts({
      ...{ root, ids, api, edits, activity, preferences, messages, painter, answers },
      version: data.version,
      focus: () => this.focus(),
      reload: () => this.reload(),
    });
    this.parts = parts;
    this.onParts(parts);
    parts.labels.load(state, edits.pendingOf(ids.videoId));
    this.#listen(parts);
    parts.findings.reload().catch(() => {});
    parts.picture.recallView();
    await parts.picture.open(data.start_frame ?? placeOf(ids.videoId));
    if (this.disposed) return;
    if (document.activeElement === document.body || document.activeElement === null) this.focus();
    parts.watcher.schedule();
    this.live = listenToOthers(parts, state);
    api.getBuffer(`${ids.videoPath}/times`).then(
      (buffer) => this.#setTimes(parts, buffer),
      () => {},
    );
  }

  /** @returns {Promise<import('./parts.js').Answers>} */
  async #ask() {
    const { api, ids, edits, preferences } = this;
    const [taxonomy, info, layout] = await Promise.all([
      api.getJson('/taxonomy'),
      api.getJson(ids.videoPath),
      loadLayout(/** @type {Navigator & {keyboard?: Parameters<typeof loadLayout>[0]}} */ (navigator).keyboard),
      preferences.load(),
      Promise.race([edits.replayLeftovers(), new Promise((next) => setTimeout(next, LEFTOVERS_MS))]),
    ]);
    return { taxonomy, info, layout, state: await api.getJson(`${ids.videoPath}/state`) };
  }

  /** @param {unknown} error */
  #explain(error) {
    const open = () => this.open();
    const again = h('button', { type: 'button', class: 'button primary', text: 'Try again', on: { click: open } });
    const title = h('div', { class: 'notice-title', text: 'This video cannot be opened' });
    const text = h('div', { class: 'dim', text: describeError(error) });
    this.root.replaceChildren(h('div', { class: 'notice' }, title, text, again));
  }

  #close() {
    if (this.parts) end(this.parts);
    this.live?.dispose();
    this.preferences.dispose();
    clearTimeout(this.changedTimer);
    this.painter.dispose();
    for (const dispose of this.disposers.splice(0)) dispose();
  }

  /** @param {Parts} parts */
  #listen(parts) {
    const { root, edits, activity, preferences, messages } = this;
    /** @param {Answer} answer @param {Edit[]} settled */
    const settle = (answer, settled) => this.#settle(parts, answer, settled);
    const touch = () => activity.touch();
    const leave = () => preferences.sendLast();
    window.addEventListener('pagehide', leave);
    edits.listeners.add(settle);
    for (const event of ['pointermove', 'wheel']) root.addEventListener(event, touch, { passive: true });
    const { act, picked, keys, labels, classKeys, help, picture, review } = parts;
    this.disposers.push(
      () => edits.listeners.delete(settle),
      () => window.removeEventListener('pagehide', leave),
      parts.unfollow,
      listenToKeys({
        ...{ root, picked, keys, labels, classKeys, help, picture, act, touch },
        say: messages.say,
        focus: () => this.focus(),
        hasJustEnded: () => review.hasJustEnded,
      }),
    );
  }

  /** @param {Parts} parts @param {Answer} answer @param {Edit[]} settled */
  #settle({ labels, watcher, findings }, answer, settled) {
    const isExplained = labels.settle(answer, settled);
    if (!isExplained) void watcher.reloadLabels();
    findings.settled(answer, settled);
    if (!settled.length) return;
    clearTimeout(this.changedTimer);
    const tell = () => this.onChanged({ video_id: this.ids.videoId, revision: labels.revision });
    this.changedTimer = setTimeout(tell, CHANGED_MS);
  }

  /** @param {Parts} parts @param {ArrayBuffer} buffer */
  #setTimes({ clock }, buffer) {
    const times = new Float64Array(buffer);
    if (times.length === clock.nFrames && !this.disposed) clock.times = times;
  }
}

/** @param {Parts} parts @param {import('./server.js').State} state where to start from */
function listenToOthers({ api, ids, labels, coverage, watcher, header }, state) {
  return new Live({
    ...{ api, ids, state },
    onAnswer: (answer) => {
      labels.merge(answer);
      coverage.load(answer);
      if (answer.reload) void watcher.reloadLabels();
    },
    onDamage: (damage) => header.tellDamage(damage),
  });
}

/** @param {Parts} parts whose video is left */
function end({
  transport,
  picture,
  timeline,
  watcher,
  coverage,
  findings,
  traces,
  panel,
  similar,
  codebook,
  classKeys,
}) {
  transport.stop();
  for (const part of [picture, timeline, watcher, coverage, findings, traces, panel, similar, codebook, classKeys])
    part.dispose();
}
