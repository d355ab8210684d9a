/**
 * What the emotion model makes of the video, by gesture and by span: shown only once the
 * annotator has rated it, and folded away while the model learned from invented rates. The rating
 * is rating_card.js, the list of spans emotion_spans.js.
 *
 * @typedef {import('../core/server.js').EmotionScore} EmotionScore
 */

import { ApiError } from '../core/api.js';
import { fill, h, setText } from '../core/dom.js';
import { describeError } from '../core/messages.js';
import { watch } from '../core/watch.js';
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
  /** @param {number} one */
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
  /**
   * @param {{api: import('../core/api.js').Api, ids: import('../core/video_info.js').Ids,
   *          labels: import('../labels/labels.js').Labels, findings: import('../review/findings.js').Findings,
   *          info: import('../core/video_info.js').VideoInfo, classes: import('../core/classes.js').ClassList,
   *          clock: import('../core/video_clock.js').VideoClock,
   *          goTo: (span: import('../core/server.js').CountedSpan) => void, focus: () => void}} options
   */
  constructor({ api, ids, labels, findings, info, classes, clock, goTo, focus }) {
    this.api = api;
    this.ids = ids;
    this.labels = labels;
    this.findings = findings;
    this.info = info;
    this.classes = classes;
    /** @type {EmotionScore|null} the last answer */
    this.score = null;
    this.failure = '';
    watch(this, 'score', 'failure');
    /** @type {{changeCount: number, scanId: number|undefined}|null} what the last answer was asked for */
    this.seen = null;
    this.isDisposed = false;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.asked = 0;
    this.isAllOpen = false;
    const onSwitch = () => this.#refreshSoon(0);
    this.spans = new EmotionSpans({ classes, clock, goTo, focus, format: formatSigned, onSwitch });
    this.title = h('span', { class: 'dim' });
    this.body = h('div', { class: 'stack tight' });
    this.summary = h('div', { class: 'stack tight' });
    this.origin = h('div', { class: 'dim origin' });
    this.details = h('details', { class: 'emotion-score' }, h('summary', {}, this.title), this.body);
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
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  /** Looks whether something changed that the score depends on. */
  draw() {
    const isRated = this.#isRated();
    const isScored = isRated && !this.info.isLabelsOnly;
    const isFirst = !this.score && !this.failure;
    this.details.hidden = !isScored || isFirst;
    this.gate.hidden = !this.details.hidden || this.info.isLabelsOnly; // one line stands there at any time
    setText(this.gate, isRated ? 'The score is on its way.' : 'The score shows once you have rated.');
    const { changeCount } = this.labels;
    const scanId = this.findings.scan?.scan_id;
    if (!isScored || (this.seen?.changeCount === changeCount && this.seen.scanId === scanId)) return;
    if (!isFirst && !this.details.open) return;
    this.seen = { changeCount, scanId };
    this.#refreshSoon(isFirst ? 0 : REFRESH_MS);
  }

  /** The server must have the rating before it tells. */
  #isRated() {
    const { rating, pending } = this.labels;
    return Boolean(rating.emotion) && !pending.some((edit) => edit.kind === 'rate' && this.score === null);
  }

  /** @param {number} ms */
  #refreshSoon(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.#load(), ms);
  }

  async #load() {
    const wasEmpty = !this.score;
    this.asked += 1;
    const turn = this.asked;
    const without = [...this.spans.off].slice(0, MOST_OFF).join(',');
    try {
      const score = await this.api.getJson(`${this.ids.videoPath}/emotion${without && `?without=${without}`}`);
      if (turn !== this.asked || this.isDisposed) return; // something else was switched meanwhile
      this.score = score;
      this.failure = '';
    } catch (error) {
      if (turn !== this.asked || this.isDisposed) return;
      this.score = null;
      this.failure = error instanceof ApiError && error.code === 'RATING_FIRST' ? '' : describeError(error);
    }
    if (wasEmpty && this.score) this.details.open = this.score.trained_on !== 'synthetic';
    this.#show();
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

  /** @param {HTMLElement} all @param {number} n more of them */
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

  /** With spans switched off, where the score was with all of them stays marked. @param {EmotionScore} score */
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
    const [low, high] = interval.map(formatSigned);
    const words = `${formatSigned(value)}, 90 % between ${low} and ${high}${whole}`;
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

  /** @param {import('../core/server.js').Contribution} contribution */
  #line({ class_id: classId, logit, unseen, n }) {
    const { short_name: name, colour } = this.classes.of(classId);
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
