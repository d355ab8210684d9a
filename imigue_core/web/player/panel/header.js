/** The strip on top: which video, how it is seen, and whether work is safe. */

import { formatCount, formatLength, secondsOf } from '../core/clock.js';
import { h } from '../core/dom.js';
import { VIEW_NAMES } from '../picture/views.js';

export class Header {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.title = h('strong', { class: 'title' });
    this.facts = h('span', { class: 'dim facts' });
    this.mode = h('span', { class: 'chip' });
    this.notice = h('span', { class: 'chip warn', hidden: true });
    this.saved = h('span', { class: 'saved', role: 'status', 'aria-live': 'polite', 'data-testid': 'saved' });
    this.help = h('button', {
      type: 'button',
      class: 'icon-button',
      title: 'All keys (?)',
      'aria-label': 'All keys',
      text: '?',
      on: { click: () => player.act('help') },
    });
    this.node = h(
      'header',
      { class: 'header' },
      this.title,
      this.facts,
      this.mode,
      this.notice,
      h('span', { class: 'spring' }),
      this.saved,
      this.help,
    );
  }

  /** Facts of the video, and what of it is shown. */
  update() {
    const { video, nFrames, fps, times, show } = this.player;
    this.title.textContent = video.name;
    const parts = [];
    if (video.subject_id) parts.push(`subject ${video.subject_id}`);
    if (nFrames && video.kind !== 'labels') parts.push(formatLength(secondsOf(times, fps, nFrames - 1) + 1 / fps));
    if (video.fps_num) parts.push(`${formatRate(video.fps_num, video.fps_den)} fps`);
    if (video.n_frames) parts.push(`${formatCount(video.n_frames)} frames`);
    this.facts.textContent = parts.join(' · ');
    this.mode.textContent = video.kind === 'labels' ? 'labels only' : VIEW_NAMES[show.video || 'skeleton'];
    this.mode.classList.toggle('alert', show.video === 'source');
  }

  updateSaved() {
    const { state, text } = this.player.edits.status;
    this.saved.dataset.state = state;
    this.saved.textContent = text;
    this.saved.title =
      this.player.edits.detail || 'Every edit is saved at once; this shows the last one the studio has on disk.';
  }

  /** @param {string} text */
  warn(text) {
    this.notice.hidden = !text;
    this.notice.textContent = text;
  }
}

/** 359/12 -> "29.92", 25/1 -> "25" */
function formatRate(numerator, denominator) {
  return String(Math.round((numerator / denominator) * 100) / 100);
}
