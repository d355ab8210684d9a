/** The strip on top: which video, how it is seen, and whether work is safe. */

import { formatCount, formatLength } from '../core/clock.js';
import { h, setText } from '../core/dom.js';
import { VIEW_NAMES } from '../picture/views.js';

export class Header {
  /**
   * @param {{info: import('../core/video_info.js').VideoInfo, clock: import('../core/video_clock.js').VideoClock,
   *          picture: {show: import('../picture/overlay.js').Show},
   *          edits: import('../labels/outbox.js').Outbox, act: import('../keys/actions.js').Act}} options
   */
  constructor({ info, clock, picture, edits, act }) {
    this.info = info;
    this.clock = clock;
    this.picture = picture;
    this.edits = edits;
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
      on: { click: () => act('help') },
    });
    this.damage = h('div', { class: 'damage', role: 'alert', hidden: true, 'data-testid': 'damage' });
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
  draw() {
    const { video } = this.info;
    const { nFrames, fps } = this.clock;
    const { show } = this.picture;
    setText(this.title, video.name);
    const parts = [];
    if (video.subject_id) parts.push(`subject ${video.subject_id}`);
    if (nFrames && video.kind !== 'labels') parts.push(formatLength(this.clock.secondsOf(nFrames - 1) + 1 / fps));
    if (video.fps_num && video.fps_den) parts.push(`${formatRate(video.fps_num, video.fps_den)} fps`);
    if (video.n_frames) parts.push(`${formatCount(video.n_frames)} frames`);
    setText(this.facts, parts.join(' · '));
    setText(this.mode, this.info.isLabelsOnly ? 'labels only' : VIEW_NAMES[show.video || 'skeleton']);
    this.mode.classList.toggle('alert', show.video === 'source');
  }

  /** Whether work is safe. */
  drawSaved() {
    const { state, text } = this.edits.status;
    this.saved.dataset.state = state;
    setText(this.saved, text);
    this.saved.title =
      this.edits.detail || 'Every edit is saved at once; this shows the last one the studio has on disk.';
  }

  /**
   * Says under the strip what is wrong with the database, and what to do.
   * @param {import('../core/server.js').Damage|null} damage
   */
  tellDamage(damage) {
    this.damage.hidden = !damage;
    setText(this.damage, damage ? `${damage.code}: ${damage.message} ${damage.hint}` : '');
  }

  /** @param {string} text */
  warn(text) {
    this.notice.hidden = !text;
    this.notice.textContent = text;
  }
}

/** 359/12 -> "29.92", 25/1 -> "25" @param {number} numerator @param {number} denominator */
function formatRate(numerator, denominator) {
  return String(Math.round((numerator / denominator) * 100) / 100);
}
