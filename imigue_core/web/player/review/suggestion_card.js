/**
 * The suggestion in the panel: its five classes, what its keys do, the threshold, and the
 * state of the scan when there is nothing to decide. It shows; review.js does.
 */

import { describeLength, formatCount } from '../core/clock.js';
import { button, h, refill, setText } from '../core/dom.js';
import { describeJob, progressOf } from '../core/notices.js';
import { ORDER_NAMES, ORDERS, readOrder } from './review_order.js';
import { describeTraining, formatScore } from './suggestions.js';

const NUDGES = [
  { key: '[', edge: 'start', frames: -1, title: 'Start one frame earlier (Shift: later)' },
  { key: ']', edge: 'end', frames: 1, title: 'End one frame later (Shift: earlier)' },
];

export class SuggestionCard {
  /**
   * @param {{review: import('./review.js').Review, findings: import('./findings.js').Findings,
   *          picked: import('../labels/picked.js').Picked, classes: import('../core/classes.js').ClassList,
   *          clock: import('../core/video_clock.js').VideoClock, info: import('../core/video_info.js').VideoInfo,
   *          sight: {makeSign: (classId: number) => HTMLElement|null}, act: import('../keys/actions.js').Act,
   *          focus: () => void}} options
   */
  constructor({ review, findings, picked, classes, clock, info, sight, act, focus }) {
    this.review = review;
    this.findings = findings;
    this.picked = picked;
    this.classes = classes;
    this.clock = clock;
    this.info = info;
    this.sight = sight;
    this.act = act;
    this.leave = focus;
    this.count = h('span', { class: 'dim' });
    this.body = h('div', { class: 'stack' });
    this.scanState = h('div', { class: 'stack tight scan-state' });
    this.threshold = this.#makeThreshold();
    this.origin = h('div', { class: 'dim origin' });
    this.loop = button({
      text: 'loop',
      key: 'A',
      pressed: true,
      title: 'Play the suggestion again and again',
      onClick: () => act('toggleLoop'),
    });
    this.actions = this.#makeActions();
    this.ghostActions = h('div', { class: 'row' }, this.#action('lift the rejection', '↵', 'lift'));
    this.card = h(
      'div',
      { class: 'card stack suggestion-card' },
      this.body,
      this.actions,
      this.ghostActions,
      this.scanState,
      this.threshold.row,
      this.origin,
    );
    this.title = h('h2', { text: 'Suggestion' });
    this.order = this.#makeOrder();
    this.node = h(
      'section',
      { class: 'section', 'aria-label': 'Suggestion' },
      h('div', { class: 'section-head' }, this.title, this.order, this.count),
      this.card,
    );
  }

  draw() {
    const { findings, picked } = this;
    this.node.hidden = this.info.isLabelsOnly;
    if (this.node.hidden) return;
    const { scan } = findings;
    setText(this.title, picked.ghost ? 'Rejected suggestion' : 'Suggestion');
    setText(this.count, scan ? this.#describeCount() : '');
    this.#drawBody();
    this.actions.hidden = !picked.suggestion;
    this.ghostActions.hidden = !picked.ghost;
    this.#drawChoices();
    setText(this.origin, scan ? `${scan.model} · ${describeTraining(scan.trained_on)}` : '');
    this.origin.hidden = !scan;
    this.#drawScanState();
  }

  #describeCount() {
    const { queue } = this.review;
    const { suggestion } = this.picked;
    const at = suggestion ? queue.indexOf(suggestion) + 1 : 0;
    if (at) return `${formatCount(at)} of ${formatCount(queue.length)}`;
    const nSkipped = queue.length - this.findings.undecided.length;
    const skipped = nSkipped ? `, ${formatCount(nSkipped)} skipped` : '';
    return `${formatCount(queue.length - nSkipped)} to decide${skipped}`;
  }

  #drawChoices() {
    const { review, findings, threshold } = this;
    this.order.hidden = !findings.scan;
    if (this.order.value !== review.order) this.order.value = review.order;
    this.loop.setAttribute('aria-pressed', String(review.isLooping));
    threshold.row.hidden = !findings.scan;
    if (threshold.input.valueAsNumber !== findings.threshold) threshold.input.value = String(findings.threshold);
    setText(threshold.value, formatScore(findings.threshold));
  }

  #drawBody() {
    const { findings } = this;
    const { suggestion, ghost, span } = this.picked;
    this.body.hidden = !suggestion && !ghost && !(findings.scan && !findings.isBusy);
    if (suggestion) this.#drawOne(suggestion.top, span ?? suggestion, this.#describeState(suggestion), true);
    else if (ghost) this.#drawOne([[ghost.class_id, ghost.score]], ghost, '', false);
    else refill(this.body, this.#makeOverview());
  }

  /** @param {import('./suggestions.js').Suggestion} suggestion */
  #describeState(suggestion) {
    if (this.picked.nudged) return ' · nudged';
    return this.findings.isSkipped(suggestion) ? ' · skipped' : '';
  }

  /** While none is selected: how to begin, what was rejected. */
  #makeOverview() {
    const { above, ghosts } = this.findings;
    const rejected = ghosts.length ? `${formatCount(ghosts.length)} rejected: E walks through them.` : '';
    const text = above.length
      ? rejected || 'one by one, in a loop'
      : `Nothing above the threshold is left to decide. ${rejected}`;
    return h(
      'div',
      { class: 'row' },
      above.length > 0 && this.#action('review', 'N', 'nextSuggestion', 1),
      h('span', { class: 'dim', text }),
    );
  }

  /**
   * @param {[number, number][]} top classes and probabilities
   * @param {import('../timeline/geometry.js').Spanlike} span @param {string} state @param {boolean} isOpen to decide
   */
  #drawOne(top, span, state, isOpen) {
    const rows = top.map(([classId, probability], i) => this.#makeRow(classId, probability, i + 1, isOpen));
    const length = describeLength(span.end_frame - span.start_frame + 1, this.clock.durationOf(span));
    const frames = `${formatCount(span.start_frame)} – ${formatCount(span.end_frame)}`;
    refill(
      this.body,
      h('div', { class: 'top-classes', role: 'group', 'aria-label': 'Classes by probability' }, ...rows),
      h('div', { class: 'numbers dim', text: `${frames} · ${length}${state}` }),
    );
  }

  /** @param {number} classId @param {number} probability @param {number} rank from 1 @param {boolean} isOpen */
  #makeRow(classId, probability, rank, isOpen) {
    const { colour, name, short_name: short } = this.classes.of(classId);
    const filling = h('span', { class: 'bar-fill' });
    filling.style.width = `${Math.round(100 * probability)}%`;
    const parts = [
      h('kbd', { text: isOpen ? rank : '–' }),
      h('span', { class: 'top-name' }, h('span', { text: short }), this.sight.makeSign(classId)),
      h('span', { class: 'bar', 'aria-hidden': 'true' }, filling),
      h('span', { class: 'numbers dim', text: formatScore(probability) }),
    ];
    const title = `Accept as ${name} (${rank})`;
    const node = isOpen
      ? h(
          'button',
          {
            class: 'top-class',
            type: 'button',
            title,
            'aria-keyshortcuts': rank,
            on: { click: () => this.act('accept', rank) },
          },
          ...parts,
        )
      : h('div', { class: 'top-class' }, ...parts);
    node.style.setProperty('--group', colour);
    return node;
  }

  #makeActions() {
    const { act } = this;
    const nudges = NUDGES.map(({ key, edge, frames, title }) =>
      button({
        text: edge,
        key,
        title,
        onClick: (event) => act('nudge', { edge, frames: frames * (event.shiftKey ? -1 : 1) }),
      }),
    );
    return h(
      'div',
      { class: 'row review-actions' },
      this.#action('accept', '↵', 'accept', 1, 'button primary'),
      this.#action('reject', '⌫', 'reject'),
      this.#action('skip', 'S', 'skip'),
      this.#action('next', 'N', 'nextSuggestion', 1),
      ...nudges,
      this.loop,
      button({
        text: 'similar',
        key: '⇧A',
        title: 'Find stretches like this suggestion',
        onClick: () => act('findSimilar'),
      }),
    );
  }

  /**
   * @param {string} text @param {string} key @param {string} action @param {unknown} [value]
   * @param {string} [className]
   */
  #action(text, key, action, value, className = 'button') {
    return button({ text, key, class: className, onClick: () => this.act(action, value) });
  }

  /** As by Shift O; a choice by mouse gives the keys back, with the keyboard Enter or Escape does. */
  #makeOrder() {
    const { review, leave } = this;
    let isByKeys = false;
    const options = ORDERS.map((value) => h('option', { value, text: ORDER_NAMES[value] }));
    const attributes = {
      class: 'review-order dim',
      'aria-label': 'Order of review',
      'aria-keyshortcuts': 'Shift+O',
      title: 'In which order N and every decision go on (Shift O)',
    };
    const node = h('select', attributes, ...options);
    node.addEventListener('pointerdown', () => (isByKeys = false));
    node.addEventListener('keydown', () => (isByKeys = true));
    node.addEventListener('keyup', ({ key }) => ['Enter', 'Escape'].includes(key) && leave());
    node.addEventListener('change', () => {
      review.setOrder(readOrder(node.value));
      if (!isByKeys) leave();
    });
    return node;
  }

  #makeThreshold() {
    const { review, leave } = this;
    const input = h('input', {
      type: 'range',
      min: 0,
      max: 0.95,
      step: 0.01,
      class: 'threshold',
      'aria-label': 'Least score of the suggestions shown',
      title: 'Suggestions below this score are hidden (keys , and .)',
    });
    input.addEventListener('input', () => review.setThreshold(input.valueAsNumber));
    input.addEventListener('keydown', (event) => ['Enter', 'Escape'].includes(event.key) && leave());
    input.addEventListener('pointerup', () => leave());
    const value = h('span', { class: 'numbers' });
    const row = h('div', { class: 'row threshold-row' }, h('span', { class: 'dim', text: 'score from' }), input, value);
    return { input, value, row };
  }

  #drawScanState() {
    const { findings } = this;
    const { job, isBusy } = findings;
    const isFailed = job?.state === 'failed';
    this.scanState.hidden = !findings.isLoaded || (Boolean(findings.scan) && !isBusy && !isFailed);
    if (this.scanState.hidden) return;
    if (job && isBusy) {
      const words = describeJob(job);
      refill(
        this.scanState,
        h('div', { class: 'dim', role: 'status', text: words }),
        h('progress', { max: 1, value: progressOf(job), 'aria-label': words }),
      );
      return;
    }
    const isReady = this.info.poses.complete;
    const none = isReady
      ? 'No scan yet: a model has not looked at this video.'
      : 'No scan yet: it needs the whole skeleton.';
    const text = job && isFailed ? describeJob(job) : none;
    const scan = button({
      text: isFailed ? 'Scan again' : 'Scan',
      title: 'Let the active model suggest gestures',
      onClick: () => this.act('scan'),
    });
    refill(this.scanState, h('div', { class: 'row scan-line' }, h('span', { class: 'dim', text }), isReady && scan));
  }
}
