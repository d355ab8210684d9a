/**
 * What the emotion model makes of the video, by gesture and by span: shown only once the
 * annotator has rated it, and folded away while the model learned from invented rates. The rating
 * is rating_card.js, the list of spans emotion_spans.js.
 */

import { fill, h } from '../core/dom.js';
import { describeTraining } from '../review/suggestions.js';
import { EmotionSpans } from './emotion_spans.js';

const REFRESH_MS = 800;
const SHOWN = 3;
/** The server leaves out no more spans at once. */
const MOST_OFF = 500;

/**
 * Where the score and its interval lie on a bar from -1 to 1, in percent from the left.
 * @param {number} value @param {[number, number]} interval
 */
export function placeOnBar(value, [low, high]) {
  const percent = (one) => Math.round((Math.max(-1, Math.min(1, one)) + 1) * 5000) / 100;
  return { at: percent(value), from: percent(low), to: percent(high) };
}

/** "−.31", "+.06" @param {number} value */
export function formatSigned(value) {
  const text = Math.abs(value).toFixed(2).replace(/^0/, '');
  return Number(value.toFixed(2)) === 0 ? '.00' : `${value < 0 ? '−' : '+'}${text}`;
}

/** Contributions by weight, none of nothing. @template {{logit: number}} C @param {C[]} contributions @returns {C[]} */
export function sortContributions(contributions) {
  return contributions
    .filter((one) => Math.abs(one.logit) >= 0.005)
    .sort((a, b) => Math.abs(b.logit) - Math.abs(a.logit));
}

export class EmotionCard {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** @type {any} the last answer */
    this.score = null;
    this.failure = '';
    this.seen = '';
    this.timer = 0;
    this.asked = 0;
    this.isAllOpen = false;
    this.spans = new EmotionSpans(player, { format: formatSigned, onSwitch: () => this.#refreshSoon(0) });
    this.title = h('span', { class: 'dim' });
    this.body = h('div', { class: 'stack tight' });
    this.summary = h('div', { class: 'stack tight' });
    this.origin = h('div', { class: 'dim origin' });
    this.details = /** @type {HTMLDetailsElement} */ (
      h('details', { class: 'emotion-score' }, h('summary', {}, this.title), this.body)
    );
    this.gate = h('div', { class: 'dim', text: 'The score shows once you have rated.' });
    this.node = h(
      'div',
      { class: 'stack tight', 'aria-label': 'Emotion score', role: 'group' },
      this.gate,
      this.details,
    );
    this.details.addEventListener('toggle', () => this.details.open && this.#refreshSoon(0));
  }

  dispose() {
    clearTimeout(this.timer);
  }

  /** Looks whether something changed that the score depends on. */
  draw() {
    const isRated = this.#isRated();
    const isScored = isRated && this.player.video.kind !== 'labels';
    this.details.hidden = !isScored || !(this.score || this.failure);
    this.gate.hidden = !this.details.hidden || this.player.video.kind === 'labels'; // one line stands there at any time
    this.gate.textContent = isRated ? 'The score is on its way.' : 'The score shows once you have rated.';
    if (!isScored) return;
    const key = `${this.player.labels.changeCount} ${this.player.findings.scan?.scan_id}`;
    const isFirst = !this.score && !this.failure;
    if (this.seen === key || !(isFirst || this.details.open)) return;
    this.seen = key;
    this.#refreshSoon(isFirst ? 0 : REFRESH_MS);
  }

  /** The server must have the rating before it tells. */
  #isRated() {
    const { rating, pending } = this.player.labels;
    return Boolean(rating.emotion) && !pending.some((edit) => edit.kind === 'rate' && this.score === null);
  }

  #refreshSoon(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#load(), ms);
  }

  async #load() {
    const { player } = this;
    const wasEmpty = !this.score;
    this.asked += 1;
    const turn = this.asked;
    const without = [...this.spans.off].slice(0, MOST_OFF).join(',');
    try {
      const score = await player.api.getJson(`${player.videoPath}/emotion${without && `?without=${without}`}`);
      if (turn !== this.asked) return; // something else was switched meanwhile
      this.score = score;
      this.failure = '';
    } catch (error) {
      if (turn !== this.asked) return;
      this.score = null;
      this.failure = error.code === 'RATING_FIRST' ? '' : error.message;
    }
    if (player.disposed) return;
    if (wasEmpty && this.score) this.details.open = this.score.trained_on !== 'synthetic';
    this.#show();
    player.refresh({ timeline: false });
  }

  #show() {
    const { score } = this;
    if (!score) {
      this.title.textContent = 'no score';
      return fill(this.body, h('div', { class: 'dim', text: this.failure }));
    }
    const isDemo = score.trained_on === 'synthetic';
    this.title.textContent = isDemo ? 'demonstration weights, invented rates' : 'score of the model';
    const sorted = sortContributions(score.contributions);
    const all = h(
      'div',
      { class: 'contributions', id: 'contributions', hidden: !this.isAllOpen },
      ...sorted.slice(SHOWN).map((one) => this.#line(one)),
    );
    const more = sorted.length > SHOWN && this.#makeMore(all, sorted.length - SHOWN);
    this.spans.show(score.spans);
    if (!this.body.contains(this.spans.node)) fill(this.body, this.summary, this.spans.node, this.origin);
    this.spans.node.hidden = !score.spans.length;
    fill(
      this.summary,
      this.#makeBar(score),
      h('div', { class: 'dim score-by', text: 'by gesture' }),
      h('div', { class: 'contributions' }, ...sorted.slice(0, SHOWN).map((one) => this.#line(one))),
      !sorted.length && h('div', { class: 'dim', text: 'No gesture counts yet.' }),
      all,
      more,
    );
    this.origin.textContent = `${score.model} · ${describeTraining(score.trained_on)}. ${score.note}`;
  }

  #makeMore(all, n) {
    const more = h('button', { type: 'button', class: 'button', 'aria-controls': 'contributions' });
    const show = () => {
      all.hidden = !this.isAllOpen;
      more.setAttribute('aria-expanded', String(this.isAllOpen));
      more.textContent = this.isAllOpen ? 'fewer' : `${n} more`;
    };
    more.addEventListener('click', () => {
      this.isAllOpen = !this.isAllOpen;
      show();
    });
    show();
    return h('div', { class: 'row' }, more);
  }

  /** With spans switched off, where the score was with all of them stays marked. */
  #makeBar({ value, interval, full, spans }) {
    const { at, from, to } = placeOnBar(value, interval);
    const range = h('span', { class: 'score-range' });
    range.style.left = `${from}%`;
    range.style.width = `${to - from}%`;
    const needle = h('span', { class: 'score-needle' });
    needle.style.left = `${at}%`;
    const isWhole = spans.every((one) => one.is_on);
    const before = h('span', { class: 'score-needle before', hidden: isWhole });
    before.style.left = `${placeOnBar(full.value, interval).at}%`;
    const whole = isWhole ? '' : `; ${formatSigned(full.value)} with all spans`;
    const words = `${formatSigned(value)}, 90 % between ${formatSigned(interval[0])} and ${formatSigned(interval[1])}${whole}`;
    return h(
      'div',
      {},
      h(
        'div',
        { class: 'score-head' },
        h('span', { text: 'negative' }),
        h(
          'strong',
          { class: 'numbers', text: formatSigned(value) },
          !isWhole && h('span', { class: 'dim score-full', text: ` was ${formatSigned(full.value)}` }),
        ),
        h('span', { text: 'positive' }),
      ),
      h(
        'div',
        { class: 'score-bar', role: 'img', 'aria-label': `Score ${words}`, title: words },
        range,
        before,
        needle,
      ),
    );
  }

  #line({ class_id: classId, logit, unseen, n }) {
    const { short_name: name, colour } = this.player.classOf(classId);
    const node = h(
      'div',
      { class: 'contribution', title: `${n} counted; never seen here it would add ${formatSigned(unseen)}` },
      h('span', { class: 'swatch' }),
      h('span', { class: 'top-name', text: name }),
      h('span', { class: 'dim numbers', text: `× ${n}` }),
      h('span', { class: 'numbers', text: formatSigned(logit) }),
    );
    node.style.setProperty('--group', colour);
    return node;
  }
}
