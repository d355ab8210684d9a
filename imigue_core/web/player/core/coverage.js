/**
 * Coverage: what of the video this person has watched and reviewed, and how far the person is with it.
 * Records what plays and sends it now and then; how it looks is panel/coverage_card.js.
 */

import { findSeen, growRuns } from './stretches.js';
import { watch } from './watch.js';

const SEND_MS = 4000;
const LEAST_FRAMES = 5;
const FASTEST = 4;
const MAX_STRETCHES = 400;

/** @typedef {import('./server.js').Progress} Progress */

export class Coverage {
  /**
   * @param {{api: import('./api.js').Api, ids: import('./video_info.js').Ids,
   *          info: import('./video_info.js').VideoInfo, clock: {position: number},
   *          picked: Pick<import('../labels/picked.js').Picked, 'marked'>,
   *          transport: {direction: number, rate: number}, say: (text: string) => void,
   *          attempt: (run: () => Promise<void>) => Promise<void>, reloadLabels: () => Promise<void>,
   *          state: Pick<import('./server.js').State, 'watched'|'progress'|'others_withheld'>}} options
   */
  constructor({ api, ids, info, clock, picked, transport, say, attempt, reloadLabels, state }) {
    this.api = api;
    this.ids = ids;
    this.info = info;
    this.clock = clock;
    this.picked = picked;
    this.transport = transport;
    this.say = say;
    this.attempt = attempt;
    this.reloadLabels = reloadLabels;
    /** as the server has them */
    this.watched = state.watched;
    /** @type {Progress} */
    this.progress = state.progress;
    /** Blind mode: labels of others show once the video is done. */
    this.othersWithheld = state.others_withheld;
    watch(this, 'watched', 'progress', 'othersWithheld');
    /** @type {[number, number][]} not sent yet */
    this.runs = [];
    this.isSending = false;
    this.timer = setInterval(() => void this.send(), SEND_MS);
    this.onHide = () => document.hidden && void this.send({ keepalive: true });
    document.addEventListener('visibilitychange', this.onHide);
  }

  dispose() {
    clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.onHide);
    void this.send({ keepalive: true });
  }

  /** @param {{watched?: import('./stretches.js').Stretch[], progress: Progress}} state */
  load({ watched, progress }) {
    if (!watched) return;
    if (JSON.stringify(watched) !== JSON.stringify(this.watched)) this.watched = watched;
    this.progress = progress;
  }

  /** Told of each frame shown. Backwards or faster than 4x nobody watches. @param {number} frame */
  frameShown(frame) {
    const { transport, info } = this;
    if (transport.direction > 0 && transport.rate <= FASTEST && info.video.n_frames) growRuns(this.runs, frame);
  }

  /** @param {{keepalive?: boolean}} [options] */
  async send(options) {
    const runs = this.runs.filter(([start, end]) => end - start + 1 >= LEAST_FRAMES).slice(0, MAX_STRETCHES);
    if (!runs.length || this.isSending) return;
    const growing = this.runs.at(-1);
    this.runs = growing && this.transport.direction > 0 ? [[growing[1], growing[1]]] : [];
    await this.#post('watched', { stretches: runs, reviewed: false }, options).catch(() => this.runs.unshift(...runs));
  }

  /** Of the marked span, else of the watched stretch here. @param {boolean} isReviewed to mark or to take it back */
  async markReviewed(isReviewed) {
    const marked = this.picked.marked();
    await this.send();
    const span = marked ? [marked.start_frame, marked.end_frame] : findSeen(this.watched, this.clock.position);
    if (!span) return this.say('Nothing is watched here yet: play it, or mark a span with I and O.');
    const text = `${span[0]}–${span[1]}.`;
    await this.attempt(async () => {
      await this.#post('watched', { stretches: [span], reviewed: isReviewed, remove: !isReviewed });
      this.say(isReviewed ? `Reviewed ${text} Shift W takes it back.` : `No longer reviewed: ${text}`);
    });
  }

  async toggleDone() {
    await this.attempt(async () => {
      await this.#post('progress', { state: this.progress === 'done' ? 'in_progress' : 'done' });
      this.say(this.progress === 'done' ? 'Marked done. Ctrl Enter takes it back.' : 'In progress again.');
      if (this.progress === 'done' && this.othersWithheld) await this.reloadLabels();
    });
  }

  /** @param {'watched'|'progress'} what @param {unknown} body @param {{keepalive?: boolean}} [options] */
  async #post(what, body, options) {
    this.isSending = true;
    try {
      const answer = await this.api.postJson(`${this.ids.videoPath}/${what}`, body, options);
      const progress = answer.progress ?? (this.progress === 'new' ? 'in_progress' : this.progress);
      this.load({ watched: answer.watched ?? this.watched, progress });
    } finally {
      this.isSending = false;
    }
  }
}
