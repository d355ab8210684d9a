/**
 * The suggestion in the panel: its five classes, what its keys do, the threshold, and the
 * state of the scan when there is nothing to decide. It shows; review.js does.
 */

import { durationOf, formatCount } from '../core/clock.js';
import { button, fill, h } from '../core/dom.js';
import { describeJob, progressOf } from '../core/notices.js';
import { ORDER_NAMES, ORDERS } from './review_order.js';
import { describeTraining, formatScore } from './suggestions.js';

export class SuggestionCard {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.count = h('span', { class: 'dim' });
    this.body = h('div', { class: 'stack' });
    this.scanState = h('div', { class: 'stack tight scan-state' });
    this.threshold = this.#makeThreshold();
    this.origin = h('div', { class: 'dim origin' });
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
    this.key = '';
  }

  draw() {
    const { review, findings, labels, video, times } = this.player;
    this.node.hidden = video.kind === 'labels';
    const { job } = findings;
    const key = `${findings.changeCount} ${review.selectedId} ${review.ghostId} ${review.order} ${review.isLooping} ${job?.state} ${job?.progress_done} ${labels.changeCount} ${this.player.poseInfo.complete} ${times !== null} ${this.player.sight.key}`;
    if (key === this.key || this.node.hidden) return;
    this.key = key;
    const { selected, ghost } = review;
    const { queue } = review;
    const at = selected ? queue.indexOf(selected) + 1 : 0;
    this.title.textContent = ghost ? 'Rejected suggestion' : 'Suggestion';
    const nSkipped = queue.length - findings.undecided.length;
    const all = `${formatCount(queue.length - nSkipped)} to decide${nSkipped ? `, ${formatCount(nSkipped)} skipped` : ''}`;
    this.count.textContent = !findings.scan ? '' : at ? `${formatCount(at)} of ${formatCount(queue.length)}` : all;
    this.order.hidden = !findings.scan;
    if (this.order.value !== review.order) this.order.value = review.order;
    this.#fillBody(selected, ghost);
    this.actions.hidden = !selected;
    this.ghostActions.hidden = !ghost;
    this.loop.setAttribute('aria-pressed', String(review.isLooping));
    this.threshold.row.hidden = !findings.scan;
    if (this.threshold.input.valueAsNumber !== findings.threshold)
      this.threshold.input.value = String(findings.threshold);
    this.threshold.value.textContent = formatScore(findings.threshold);
    this.origin.textContent = findings.scan
      ? `${findings.scan.model} · ${describeTraining(findings.scan.trained_on)}`
      : '';
    this.origin.hidden = !findings.scan;
    this.#fillScanState();
  }

  #fillBody(selected, ghost) {
    const { player } = this;
    const { review, findings } = player;
    const one = selected ?? ghost;
    this.body.hidden = !one && !(findings.scan && !findings.isBusy);
    if (!one) {
      const { above, ghosts } = findings;
      const rejected = ghosts.length ? `${formatCount(ghosts.length)} rejected: E walks through them.` : '';
      const text = above.length
        ? rejected || 'one by one, in a loop'
        : `Nothing above the threshold is left to decide. ${rejected}`;
      return fill(
        this.body,
        h(
          'div',
          { class: 'row' },
          above.length > 0 && this.#action('review', 'N', 'nextSuggestion', 1),
          h('span', { class: 'dim', text }),
        ),
      );
    }
    const top = selected ? selected.top : [[ghost.class_id, ghost.score]];
    const rows = top.map(([classId, probability], i) => this.#makeRow(classId, probability, i + 1, Boolean(selected)));
    const span = selected ? review.span : ghost;
    const length = span.end_frame - span.start_frame + 1;
    const seconds = durationOf(player.times, player.fps, span.start_frame, span.end_frame).toFixed(2);
    const state = review.nudged ? ' · nudged' : selected && findings.isSkipped(selected) ? ' · skipped' : '';
    const numbers = `${formatCount(span.start_frame)} – ${formatCount(span.end_frame)} · ${formatCount(length)} ${length === 1 ? 'frame' : 'frames'} · ${seconds} s${state}`;
    fill(
      this.body,
      h('div', { class: 'top-classes', role: 'group', 'aria-label': 'Classes by probability' }, ...rows),
      h('div', { class: 'numbers dim', text: numbers }),
    );
  }

  #makeRow(classId, probability, rank, isOpen) {
    const { colour, name, short_name: short } = this.player.classOf(classId);
    const bar = h('span', { class: 'bar', 'aria-hidden': 'true' }, h('span', { class: 'bar-fill' }));
    /** @type {HTMLElement} */ (bar.firstElementChild).style.width = `${Math.round(100 * probability)}%`;
    const node = h(
      isOpen ? 'button' : 'div',
      {
        class: 'top-class',
        ...(isOpen ? { type: 'button', title: `Accept as ${name} (${rank})`, 'aria-keyshortcuts': rank } : {}),
        on: isOpen ? { click: () => this.player.act('accept', rank) } : {},
      },
      h('kbd', { text: isOpen ? rank : '–' }),
      h('span', { class: 'top-name' }, h('span', { text: short }), this.player.sight.makeSign(classId)),
      bar,
      h('span', { class: 'numbers dim', text: formatScore(probability) }),
    );
    node.style.setProperty('--group', colour);
    return node;
  }

  #makeActions() {
    const { player } = this;
    this.loop = button({
      text: 'loop',
      key: 'A',
      pressed: true,
      title: 'Play the suggestion again and again',
      onClick: () => player.act('toggleLoop'),
    });
    const nudges = [
      ['[', 'start', -1, 'Start one frame earlier (Shift: later)'],
      [']', 'end', 1, 'End one frame later (Shift: earlier)'],
    ].map(([key, edge, frames, title]) =>
      button({
        text: /** @type {string} */ (edge),
        key: /** @type {string} */ (key),
        title: /** @type {string} */ (title),
        onClick: (event) =>
          player.act('nudge', { edge, frames: /** @type {number} */ (frames) * (event.shiftKey ? -1 : 1) }),
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
        onClick: () => player.act('findSimilar'),
      }),
    );
  }

  #action(text, key, action, value, className = 'button') {
    return button({ text, key, class: className, onClick: () => this.player.act(action, value) });
  }

  /** As by Shift O; a choice by mouse gives the keys back, with the keyboard Enter or Escape does. */
  #makeOrder() {
    const { player } = this;
    let isByKeys = false;
    const options = ORDERS.map((value) => h('option', { value, text: ORDER_NAMES[value] }));
    const node = /** @type {HTMLSelectElement} */ (
      h(
        'select',
        {
          class: 'review-order dim',
          'aria-label': 'Order of review',
          'aria-keyshortcuts': 'Shift+O',
          title: 'In which order N and every decision go on (Shift O)',
        },
        ...options,
      )
    );
    node.addEventListener('pointerdown', () => (isByKeys = false));
    node.addEventListener('keydown', () => (isByKeys = true));
    node.addEventListener('keyup', ({ key }) => ['Enter', 'Escape'].includes(key) && player.focus());
    node.addEventListener('change', () => {
      player.review.setOrder(/** @type {any} */ (node.value));
      if (!isByKeys) player.focus();
    });
    return node;
  }

  #makeThreshold() {
    const { player } = this;
    const input = /** @type {HTMLInputElement} */ (
      h('input', {
        type: 'range',
        min: 0,
        max: 0.95,
        step: 0.01,
        class: 'threshold',
        'aria-label': 'Least score of the suggestions shown',
        title: 'Suggestions below this score are hidden (keys , and .)',
      })
    );
    input.addEventListener('input', () => player.review.setThreshold(input.valueAsNumber));
    input.addEventListener('keydown', (event) => ['Enter', 'Escape'].includes(event.key) && player.focus());
    input.addEventListener('pointerup', () => player.focus());
    const value = h('span', { class: 'numbers' });
    return {
      input,
      value,
      row: h('div', { class: 'row threshold-row' }, h('span', { class: 'dim', text: 'score from' }), input, value),
    };
  }

  #fillScanState() {
    const { player } = this;
    const { findings } = player;
    const { job, isBusy } = findings;
    const isFailed = job?.state === 'failed';
    this.scanState.hidden = !findings.isLoaded || (Boolean(findings.scan) && !isBusy && !isFailed);
    if (this.scanState.hidden) return;
    if (isBusy) {
      fill(
        this.scanState,
        h('div', { class: 'dim', role: 'status', text: describeJob(job) }),
        h('progress', { max: 1, value: progressOf(job), 'aria-label': describeJob(job) }),
      );
      return;
    }
    const isReady = player.poseInfo.complete;
    const text = isFailed
      ? describeJob(job)
      : isReady
        ? 'No scan yet: a model has not looked at this video.'
        : 'No scan yet: it needs the whole skeleton.';
    const scan = button({
      text: isFailed ? 'Scan again' : 'Scan',
      title: 'Let the active model suggest gestures',
      onClick: () => player.act('scan'),
    });
    fill(this.scanState, h('div', { class: 'row scan-line' }, h('span', { class: 'dim', text }), isReady && scan));
  }
}
