/** How far this person is with the video: what was watched and reviewed, and whether it is done. */

import { button, fill, h, setText } from '../core/dom.js';
import { measureCoverage } from '../core/stretches.js';
import { makeSection } from './section.js';

const STATE_NAMES = { new: 'new', in_progress: 'in progress', done: 'done' };
const WITHHELD = 'Blind mode: labels of others show once you mark this video done.';

export class CoverageCard {
  /**
   * @param {{coverage: Pick<import('../core/coverage.js').Coverage, 'watched'|'progress'|'othersWithheld'>,
   *          info: import('../core/video_info.js').VideoInfo, act: import('../keys/actions.js').Act}} options
   */
  constructor({ coverage, info, act }) {
    this.coverage = coverage;
    this.info = info;
    this.head = h('span', { class: 'dim' });
    this.body = h('div', { class: 'stack tight' });
    this.done = button({
      text: 'done',
      key: 'Ctrl ↵',
      pressed: false,
      title: 'You are done with this video; press again to take it back',
      onClick: () => act('toggleDone'),
    });
    const reviewed = button({
      text: 'reviewed',
      key: 'W',
      title: 'Everything in the marked span, else in the watched stretch here, is labelled',
      onClick: () => act('markReviewed', true),
    });
    const undo = button({
      text: 'not reviewed',
      key: '⇧W',
      title: 'Take the mark back',
      onClick: () => act('markReviewed', false),
    });
    const card = h(
      'div',
      { class: 'card stack tight' },
      this.body,
      h('div', { class: 'row' }, this.done, reviewed, undo),
    );
    this.node = makeSection('Progress', this.head, card);
  }

  draw() {
    const { watched, progress, othersWithheld } = this.coverage;
    const { seen, reviewed } = measureCoverage(watched, this.info.video.n_frames ?? 0);
    setText(this.head, STATE_NAMES[progress]);
    const shares = h('div', { text: `${percent(seen)} watched, ${percent(reviewed)} reviewed` });
    fill(this.body, shares, othersWithheld && h('div', { class: 'dim', text: WITHHELD }));
    this.done.setAttribute('aria-pressed', String(progress === 'done'));
  }
}

/** @param {number} share */
const percent = (share) => `${share > 0 && share < 0.01 ? '< 1' : Math.floor(share * 100 + 1e-9)} %`;
