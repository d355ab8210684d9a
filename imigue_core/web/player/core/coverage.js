/**
 * Coverage: what of the video this person has watched and reviewed, and how far the person
 * is with it. Records what plays, sends it now and then, and shows it in the panel.
 */

import { button, fill, h } from './dom.js';
import { findSeen, growRuns, measureCoverage } from './stretches.js';

const SEND_MS = 4000;
const LEAST_FRAMES = 5;
const FASTEST = 4;
const MAX_STRETCHES = 400;
const STATE_NAMES = { new: 'new', in_progress: 'in progress', done: 'done' };

export class Coverage {
  /** @param {import('./player.js').Player} player @param {any} state as GET /state answers */
  constructor(player, state) {
    this.player = player;
    /** @type {import('./stretches.js').Stretch[]} as the server has them */
    this.watched = [];
    this.progress = 'new';
    this.othersWithheld = state.others_withheld;
    /** @type {[number, number][]} not sent yet */
    this.runs = [];
    this.version = 0;
    this.shownKey = '';
    this.isSending = false;
    this.head = h('span', { class: 'dim' });
    this.body = h('div', { class: 'stack tight' });
    this.reviewButton = button({
      text: 'reviewed',
      key: 'W',
      title: 'Everything in the marked span, else in the watched stretch here, is labelled',
      onClick: () => player.act('markReviewed', true),
    });
    this.undoButton = button({
      text: 'not reviewed',
      key: '⇧W',
      title: 'Take the mark back',
      onClick: () => player.act('markReviewed', false),
    });
    this.doneButton = button({
      text: 'done',
      key: 'Ctrl ↵',
      pressed: false,
      title: 'You are done with this video; press again to take it back',
      onClick: () => player.act('toggleDone'),
    });
    this.node = h(
      'section',
      { class: 'section' },
      h('div', { class: 'section-head' }, h('h2', { text: 'Progress' }), this.head),
      h(
        'div',
        { class: 'card stack tight' },
        this.body,
        h('div', { class: 'row' }, this.doneButton, this.reviewButton, this.undoButton),
      ),
    );
    this.timer = setInterval(() => void this.send(), SEND_MS);
    this.onHide = () => document.hidden && void this.send({ keepalive: true });
    document.addEventListener('visibilitychange', this.onHide);
    this.load(state);
  }

  dispose() {
    clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.onHide);
    void this.send({ keepalive: true });
  }

  /** @param {{watched: import('./stretches.js').Stretch[], progress: string}} state */
  load({ watched, progress }) {
    if (!watched || (JSON.stringify(watched) === JSON.stringify(this.watched) && progress === this.progress)) return;
    this.watched = watched;
    this.progress = progress;
    this.#changed();
  }

  /** Told of each frame shown. Backwards or faster than 4x nobody watches. @param {number} frame */
  frameShown(frame) {
    const { transport, video } = this.player;
    if (transport.direction > 0 && transport.rate <= FASTEST && video.n_frames) growRuns(this.runs, frame);
  }

  /** @param {{keepalive?: boolean}} [options] */
  async send(options) {
    const runs = this.runs.filter(([start, end]) => end - start + 1 >= LEAST_FRAMES).slice(0, MAX_STRETCHES);
    if (!runs.length || this.isSending) return;
    const growing = this.runs.at(-1);
    this.runs = growing && this.player.transport.direction > 0 ? [[growing[1], growing[1]]] : [];
    await this.#post('watched', { stretches: runs, reviewed: false }, options).catch(() => this.runs.unshift(...runs));
  }

  /** @param {boolean} isReviewed whether to mark or to take the mark back */
  async markReviewed(isReviewed) {
    const { player } = this;
    const { markIn, markOut } = player.desk;
    await this.send();
    const at = player.position;
    const span =
      markIn === null && markOut === null
        ? findSeen(this.watched, at)
        : [Math.min(markIn ?? at, markOut ?? at), Math.max(markIn ?? at, markOut ?? at)];
    if (!span) {
      player.say('Nothing is watched here yet: play it, or mark a span with I and O.');
      return;
    }
    await player.attempt(async () => {
      await this.#post('watched', { stretches: [span], reviewed: isReviewed, remove: !isReviewed });
      player.say(
        isReviewed
          ? `Reviewed ${span[0]}–${span[1]}. Shift W takes it back.`
          : `No longer reviewed: ${span[0]}–${span[1]}.`,
      );
    });
  }

  async toggleDone() {
    const { player } = this;
    await player.attempt(async () => {
      await this.#post('progress', { state: this.progress === 'done' ? 'in_progress' : 'done' });
      player.say(this.progress === 'done' ? 'Marked done. Ctrl Enter takes it back.' : 'In progress again.');
      if (this.progress === 'done' && this.othersWithheld) await player.watcher.reloadLabels();
    });
  }

  update() {
    const key = `${this.version} ${this.player.nFrames} ${this.othersWithheld}`;
    if (key === this.shownKey) return;
    this.shownKey = key;
    const { seen, reviewed } = measureCoverage(this.watched, this.player.video.n_frames ?? 0);
    this.head.textContent = STATE_NAMES[this.progress];
    const note =
      this.othersWithheld &&
      h('div', { class: 'dim', text: 'Blind mode: labels of others show once you mark this video done.' });
    fill(this.body, h('div', { text: `${percent(seen)} watched, ${percent(reviewed)} reviewed` }), note);
    this.doneButton.setAttribute('aria-pressed', String(this.progress === 'done'));
  }

  async #post(what, body, options) {
    this.isSending = true;
    try {
      const answer = await this.player.api.postJson(`${this.player.videoPath}/${what}`, body, options);
      const progress = answer.progress ?? (this.progress === 'new' ? 'in_progress' : this.progress);
      this.load({ watched: answer.watched ?? this.watched, progress });
    } finally {
      this.isSending = false;
    }
  }

  #changed() {
    this.version += 1;
    this.player.refresh();
  }
}

const percent = (share) => `${share > 0 && share < 0.01 ? '< 1' : Math.floor(share * 100 + 1e-9)} %`;
