/**
 * One class's page of the codebook: its acted loop, where a span of it begins and ends, what it is
 * taken for, whether this view can show it, and real clips as skeletons. It is used beside the
 * palette and in the panel; which class it shows is theirs.
 */

import { formatCount } from '../core/clock.js';
import { button, fill, findFocused, h } from '../core/dom.js';
import { ClipView } from '../picture/clip_view.js';
import { sayDoubt } from '../picture/sight.js';

/** The wait before a page is asked for, so that walking through the list asks for few. */
const REST_MS = 120;

export class CodebookCard {
  /**
   * @param {import('../core/player.js').Player} player
   * @param {{onLeave?: () => void}} [options] `onLeave`: Escape was pressed in it
   */
  constructor(player, { onLeave = () => player.focus() } = {}) {
    Object.assign(this, { player, onLeave });
    this.node = h('div', {
      class: 'book',
      role: 'region',
      'aria-label': 'Codebook',
      tabindex: -1,
      on: {
        keydown: (event) => this.#key(event),
        mousedown: (event) => event.target.closest('button') && event.preventDefault(),
      },
    });
    /** @type {number|null} the class asked for */
    this.classId = null;
    /** @type {number|null} another class, looked at from its page */
    this.visiting = null;
    /** @type {any} page that is shown */
    this.page = null;
    /** @type {ClipView[]} */
    this.clips = [];
    this.timer = 0;
    this.drawn = '';
  }

  /** @param {number|null} classId null empties it */
  show(classId) {
    if (classId === this.classId) return this.update();
    this.classId = classId;
    this.visiting = null;
    this.#load(REST_MS);
  }

  /** What can be judged may have changed, or the real clips. */
  update() {
    if (!this.page) return;
    if (!this.timer && this.player.codebook.isStale(this.page)) this.#load(REST_MS);
    this.#warn();
  }

  dispose() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.#clear();
    this.page = null;
    this.drawn = '';
    this.classId = null;
    this.visiting = null;
  }

  get #shownId() {
    return this.visiting ?? this.classId;
  }

  #load(wait) {
    clearTimeout(this.timer);
    this.timer = 0;
    const classId = this.#shownId;
    if (classId === null) {
      this.#clear();
      this.page = null;
      return fill(
        this.node,
        h('p', { class: 'dim', text: 'Select a label or a suggestion: what its class is stands here.' }),
      );
    }
    const isAnother = this.page?.class_id !== classId;
    if (isAnother) this.node.setAttribute('aria-busy', 'true');
    this.timer = setTimeout(() => void this.#fetch(classId), this.page || wait === 0 ? wait : 0);
  }

  async #fetch(classId) {
    this.timer = 0;
    try {
      const page = await this.player.codebook.getPage(classId);
      if (this.#shownId === classId) this.#fill(page);
    } catch (error) {
      if (this.#shownId === classId)
        fill(
          this.node,
          h('p', { class: 'dim', role: 'status', text: `The codebook cannot be read now: ${error.message}` }),
        );
    }
  }

  #fill(page) {
    const { player } = this;
    const key = JSON.stringify([page.class_id, page.clips, this.visiting]);
    this.node.removeAttribute('aria-busy');
    const isSame = this.page?.class_id === page.class_id && key === this.drawn;
    this.page = page;
    if (isSame) return this.#warn();
    this.drawn = key;
    this.#clear();
    const hadFocus = this.node.contains(findFocused(this.node));
    if (hadFocus) this.node.focus({ preventScroll: true }); // what had it is about to go
    const { name, code, group, colour } = player.classOf(page.class_id);
    this.stage = h('div', { class: 'book-stage' }, this.#makeLoop());
    this.warning = h('p', { class: 'book-warning', hidden: true });
    const back =
      this.visiting === null
        ? null
        : button({
            text: 'back',
            class: 'button small',
            title: `Back to ${player.classOf(this.classId ?? -1).name}`,
            onClick: () => this.#visit(null),
          });
    const head = h(
      'div',
      { class: 'book-head' },
      h('span', { class: 'swatch' }),
      h('h3', { text: name }),
      h('span', { class: 'dim', text: `${code} · ${group}` }),
      h('span', { class: 'spring' }),
      back,
    );
    this.node.style.setProperty('--group', colour);
    fill(
      this.node,
      head,
      this.warning,
      h(
        'div',
        { class: 'book-top' },
        this.stage,
        h(
          'div',
          { class: 'book-words' },
          h('p', { text: page.definition }),
          rule('starts', page.start),
          rule('ends', page.end),
        ),
      ),
      this.#makeConfusions(),
      this.#makeClips(),
      this.#makeViews(),
    );
    this.node.scrollTop = 0;
    if (hadFocus) (back ?? this.node.querySelector('button'))?.focus({ preventScroll: true });
    this.#warn();
  }

  #warn() {
    const { sight } = this.player;
    const text = sayDoubt(this.player.classOf(this.page.class_id).name, sight.doubtOf(this.page.class_id));
    if (this.warning.textContent !== text) this.warning.textContent = text;
    this.warning.hidden = !text;
  }

  #makeLoop() {
    const { name } = this.player.classOf(this.page.class_id);
    return h('img', {
      class: 'book-loop',
      src: `${this.player.api.base}${this.page.loop}`,
      width: 200,
      height: 200,
      alt: `${name}, acted`,
    });
  }

  #makeConfusions() {
    const { confusions } = this.page;
    if (!confusions.length) return null;
    return h(
      'section',
      { class: 'book-part' },
      h('h4', { text: 'Taken for' }),
      h(
        'div',
        { class: 'book-others' },
        ...confusions.map(({ class_id: other, how }) => this.#makeConfusion(other, how)),
      ),
    );
  }

  #makeConfusion(classId, how) {
    const { player } = this;
    const { short_name: short, name, colour } = player.classOf(classId);
    const node = h(
      'div',
      { class: 'book-other' },
      h(
        'button',
        { type: 'button', class: 'link', title: `The page of ${name}`, on: { click: () => this.#visit(classId) } },
        h('span', { class: 'swatch' }),
        h('span', { text: short }),
      ),
      h('span', { class: 'dim', text: how }),
    );
    node.style.setProperty('--group', colour);
    return node;
  }

  #makeClips() {
    const { clips, n_labels: n } = this.page;
    if (!clips.length)
      return h(
        'section',
        { class: 'book-part' },
        h('h4', { text: 'Real clips' }),
        h('p', { class: 'dim', text: 'None yet: they come from labels of this class.' }),
      );
    this.plays = clips.map((clip, i) => this.#makeClip(clip, i));
    const more = n > clips.length ? ` · ${formatCount(clips.length)} of ${formatCount(n)}` : '';
    return h(
      'section',
      { class: 'book-part' },
      h('h4', { text: `Real clips${more}` }),
      h('div', { class: 'book-clips', role: 'group', 'aria-label': 'Real clips' }, ...this.plays),
    );
  }

  #makeClip(clip, i) {
    const view = this.#newView(clip);
    view.playUnasked();
    const whose = clip.is_own ? 'yours' : clip.annotator;
    const title = `${clip.name}, frames ${formatCount(clip.start_frame)} – ${formatCount(clip.end_frame)}, ${whose}`;
    const node = h(
      'button',
      {
        type: 'button',
        class: 'book-clip',
        'aria-pressed': 'false',
        'aria-label': `Play larger: ${title}`,
        title: `${title}. Click plays it larger.`,
        on: { click: () => this.#enlarge(i) },
      },
      view.node,
    );
    return node;
  }

  /** One clip in the place of the acted loop; once more, the loop again. */
  #enlarge(i) {
    const isOn = this.plays[i].getAttribute('aria-pressed') !== 'true';
    for (const [k, node] of this.plays.entries()) node.setAttribute('aria-pressed', String(isOn && k === i));
    if (this.large) {
      this.large.dispose();
      this.clips = this.clips.filter((one) => one !== this.large);
      this.large = null;
    }
    this.stage.classList.toggle('large', isOn);
    if (!isOn) return fill(this.stage, this.#makeLoop());
    const clip = this.page.clips[i];
    this.large = this.#newView(clip);
    this.large.play();
    const isHere = clip.video_id === this.player.data.video_id;
    const go =
      isHere &&
      button({
        text: 'go there',
        class: 'button small',
        title: 'Show it in the player',
        onClick: () => this.#go(clip),
      });
    const frames = h('span', {
      class: 'numbers dim',
      text: `${formatCount(clip.start_frame)} – ${formatCount(clip.end_frame)}`,
    });
    fill(
      this.stage,
      this.large.node,
      h(
        'div',
        { class: 'book-caption' },
        h('span', { class: 'dim', text: `${clip.name} · ${clip.is_own ? 'yours' : clip.annotator}` }),
        frames,
        h('span', { class: 'spring' }),
        go,
      ),
    );
    this.stage.scrollIntoView({ block: 'nearest' });
  }

  #go(clip) {
    const { player } = this;
    player.palette.close();
    player.timeline.reveal(clip);
    void player.transport.jump(clip.start_frame);
    player.focus();
  }

  #newView({ video_id: videoId, start_frame: startFrame, end_frame: endFrame, fps, n_frames: nFrames }) {
    const view = new ClipView(this.player.api, { videoId, startFrame, endFrame, fps, nFrames });
    this.clips.push(view);
    return view;
  }

  #makeViews() {
    const { sight } = this.page;
    const levels = ['source', 'masked', 'skeleton'].map((name) => `${name} ${sight[name]}`).join(' · ');
    return h(
      'section',
      { class: 'book-part' },
      h('h4', { text: 'Seen in the views' }),
      h('p', {}, h('span', { text: `${levels}. ` }), h('span', { class: 'dim', text: sight.note })),
    );
  }

  #visit(classId) {
    this.visiting = classId === this.classId ? null : classId;
    this.#load(0);
  }

  #clear() {
    for (const clip of this.clips.splice(0)) clip.dispose();
    this.large = null;
    this.plays = [];
  }

  /** Keys pressed on its buttons are its own: a class key would label behind it. */
  #key(event) {
    if (['F1', 'F6'].includes(event.key)) return;
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    if (this.visiting === null) this.onLeave();
    else this.#visit(null);
  }
}

const rule = (word, text) =>
  h('p', { class: 'book-rule' }, h('span', { class: 'dim', text: word }), h('span', { text }));
