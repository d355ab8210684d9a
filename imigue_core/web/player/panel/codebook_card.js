/**
 * One class's page of the codebook: its acted loop, where a span of it begins and ends, what it is
 * taken for, whether this view can show it, and real clips as skeletons. It is used beside the
 * palette and in the panel; which class it shows is theirs.
 *
 * @typedef {import('../core/server.js').CodebookPage} CodebookPage
 * @typedef {import('../core/server.js').Clip} Clip
 */

import { formatCount } from '../core/clock.js';
import { button, fill, findFocused, h, setText } from '../core/dom.js';
import { describeError } from '../core/messages.js';
import { watch } from '../core/watch.js';
import { ClipView } from '../picture/clip_view.js';
import { sayDoubt } from '../picture/sight.js';
import { VIEWS } from '../picture/views.js';

/** The wait before a page is asked for, so that walking through the list asks for few. */
const REST_MS = 120;

export class CodebookCard {
  /**
   * @param {{api: import('../core/api.js').Api, ids: import('../core/video_info.js').Ids,
   *          pages: import('./codebook_pages.js').CodebookPages, classes: import('../core/classes.js').ClassList,
   *          sight: {doubtOf: (classId: number) => string}, goTo: (clip: Clip) => void, onLeave: () => void}} options
   *   `goTo`: shows a clip of this video in the player; `onLeave`: Escape was pressed in it
   */
  constructor({ api, ids, pages, classes, sight, goTo, onLeave }) {
    this.api = api;
    this.ids = ids;
    this.pages = pages;
    this.classes = classes;
    this.sight = sight;
    this.goTo = goTo;
    this.onLeave = onLeave;
    this.node = h('div', {
      class: 'book',
      role: 'region',
      'aria-label': 'Codebook',
      tabindex: -1,
      on: {
        keydown: (event) => this.#key(event),
        mousedown: (event) => /** @type {Element} */ (event.target).closest('button') && event.preventDefault(),
      },
    });
    /** @type {number|null} the class asked for */
    this.classId = null;
    /** @type {number|null} another class, looked at from its page */
    this.visiting = null;
    /** @type {CodebookPage|null} page that is shown */
    this.page = null;
    watch(this, 'page');
    /** @type {number|null} what was looked at when the page was filled in */
    this.filledVisiting = null;
    /** @type {ClipView[]} */
    this.clips = [];
    /** @type {ClipView|null} the one that plays in the place of the acted loop */
    this.large = null;
    /** @type {HTMLButtonElement[]} of the clips */
    this.plays = [];
    this.stage = h('div', { class: 'book-stage' });
    this.warning = h('p', { class: 'book-warning', hidden: true });
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
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
    if (this.pages.isStale(this.page) && !this.timer) this.#load(REST_MS);
    this.#warn(this.page);
  }

  dispose() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.#clear();
    this.page = null;
    this.classId = null;
    this.visiting = null;
  }

  get #shownId() {
    return this.visiting ?? this.classId;
  }

  /** @param {number} wait ms */
  #load(wait) {
    clearTimeout(this.timer);
    this.timer = undefined;
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

  /** @param {number} classId */
  async #fetch(classId) {
    this.timer = undefined;
    try {
      const page = await this.pages.get(classId);
      if (this.#shownId === classId) this.#fill(page);
    } catch (error) {
      if (this.#shownId === classId)
        fill(
          this.node,
          h('p', { class: 'dim', role: 'status', text: `The codebook cannot be read now: ${describeError(error)}` }),
        );
    }
  }

  /** @param {CodebookPage} page */
  #fill(page) {
    const before = this.page;
    const isSame = before !== null && isSamePage(before, page) && this.filledVisiting === this.visiting;
    this.node.removeAttribute('aria-busy');
    this.page = page;
    if (isSame) return this.#warn(page);
    this.filledVisiting = this.visiting;
    this.#clear();
    const hadFocus = this.node.contains(findFocused(this.node));
    if (hadFocus) this.node.focus({ preventScroll: true }); // what had it is about to go
    this.stage = h('div', { class: 'book-stage' }, this.#makeLoop(page));
    this.warning = h('p', { class: 'book-warning', hidden: true });
    const back = this.visiting === null ? null : this.#makeBack();
    this.node.style.setProperty('--group', this.classes.of(page.class_id).colour);
    const words = h(
      'div',
      { class: 'book-words' },
      h('p', { text: page.definition }),
      makeRule('starts', page.start),
      makeRule('ends', page.end),
    );
    fill(
      this.node,
      this.#makeHead(page, back),
      this.warning,
      h('div', { class: 'book-top' }, this.stage, words),
      this.#makeConfusions(page),
      this.#makeClips(page),
      makeViews(page),
    );
    this.node.scrollTop = 0;
    if (hadFocus) (back ?? this.node.querySelector('button'))?.focus({ preventScroll: true });
    this.#warn(page);
  }

  /** @param {CodebookPage} page @param {Element|null} back */
  #makeHead(page, back) {
    const { name, code, group } = this.classes.of(page.class_id);
    return h(
      'div',
      { class: 'book-head' },
      h('span', { class: 'swatch' }),
      h('h3', { text: name }),
      h('span', { class: 'dim', text: `${code} · ${group}` }),
      h('span', { class: 'spring' }),
      back,
    );
  }

  #makeBack() {
    return button({
      text: 'back',
      class: 'button small',
      title: `Back to ${this.classes.of(this.classId ?? -1).name}`,
      onClick: () => this.#visit(null),
    });
  }

  /** @param {CodebookPage} page */
  #warn(page) {
    const text = sayDoubt(this.classes.of(page.class_id).name, this.sight.doubtOf(page.class_id));
    setText(this.warning, text);
    this.warning.hidden = !text;
  }

  /** @param {CodebookPage} page */
  #makeLoop(page) {
    const { name } = this.classes.of(page.class_id);
    return h('img', {
      class: 'book-loop',
      src: `${this.api.base}${page.loop}`,
      width: 200,
      height: 200,
      alt: `${name}, acted`,
    });
  }

  /** @param {CodebookPage} page */
  #makeConfusions({ confusions }) {
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

  /** @param {number} classId @param {string} how they differ */
  #makeConfusion(classId, how) {
    const { short_name: short, name, colour } = this.classes.of(classId);
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

  /** @param {CodebookPage} page */
  #makeClips(page) {
    const { clips, n_labels: n } = page;
    if (!clips.length)
      return h(
        'section',
        { class: 'book-part' },
        h('h4', { text: 'Real clips' }),
        h('p', { class: 'dim', text: 'None yet: they come from labels of this class.' }),
      );
    this.plays = clips.map((clip, i) => this.#makeClip(page, clip, i));
    const more = n > clips.length ? ` · ${formatCount(clips.length)} of ${formatCount(n)}` : '';
    return h(
      'section',
      { class: 'book-part' },
      h('h4', { text: `Real clips${more}` }),
      h('div', { class: 'book-clips', role: 'group', 'aria-label': 'Real clips' }, ...this.plays),
    );
  }

  /** @param {CodebookPage} page @param {Clip} clip @param {number} i its place */
  #makeClip(page, clip, i) {
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
        on: { click: () => this.#enlarge(page, i) },
      },
      view.node,
    );
    return node;
  }

  /**
   * One clip in the place of the acted loop; once more, the loop again.
   * @param {CodebookPage} page @param {number} i
   */
  #enlarge(page, i) {
    const isOn = this.plays[i].getAttribute('aria-pressed') !== 'true';
    for (const [k, node] of this.plays.entries()) node.setAttribute('aria-pressed', String(isOn && k === i));
    if (this.large) {
      this.large.dispose();
      this.clips = this.clips.filter((one) => one !== this.large);
      this.large = null;
    }
    this.stage.classList.toggle('large', isOn);
    if (!isOn) return fill(this.stage, this.#makeLoop(page));
    const clip = page.clips[i];
    this.large = this.#newView(clip);
    this.large.play();
    const go =
      clip.video_id === this.ids.videoId &&
      button({
        text: 'go there',
        class: 'button small',
        title: 'Show it in the player',
        onClick: () => this.goTo(clip),
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

  /** @param {Clip} clip */
  #newView({ video_id: videoId, start_frame: startFrame, end_frame: endFrame, fps, n_frames: nFrames }) {
    const stretch = { videoId, startFrame, endFrame, fps, nFrames };
    const view = new ClipView({ api: this.api, stretch });
    this.clips.push(view);
    return view;
  }

  /** @param {number|null} classId null: back to the class asked for */
  #visit(classId) {
    this.visiting = classId === this.classId ? null : classId;
    this.#load(0);
  }

  #clear() {
    for (const clip of this.clips.splice(0)) clip.dispose();
    this.large = null;
    this.plays = [];
  }

  /** Keys pressed on its buttons are its own: a class key would label behind it. @param {KeyboardEvent} event */
  #key(event) {
    if (['F1', 'F6'].includes(event.key)) return;
    event.stopPropagation();
    if (event.key !== 'Escape') return;
    event.preventDefault();
    if (this.visiting === null) this.onLeave();
    else this.#visit(null);
  }
}

/** Whether two answers look alike on the page. @param {CodebookPage} a @param {CodebookPage} b */
const isSamePage = (a, b) => a.class_id === b.class_id && JSON.stringify(a.clips) === JSON.stringify(b.clips);

/** @param {string} word @param {string} text */
const makeRule = (word, text) =>
  h('p', { class: 'book-rule' }, h('span', { class: 'dim', text: word }), h('span', { text }));

/** @param {CodebookPage} page */
function makeViews({ sight }) {
  const levels = VIEWS.toReversed().map((name) => `${name} ${sight[name]}`);
  return h(
    'section',
    { class: 'book-part' },
    h('h4', { text: 'Seen in the views' }),
    h('p', {}, h('span', { text: `${levels.join(' · ')}. ` }), h('span', { class: 'dim', text: sight.note })),
  );
}
