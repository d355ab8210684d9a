/**
 * The drawer of similar stretches: ten of this video and ten of the others that are most like a
 * label, a suggestion or a marked span. Arrows walk through them, the selected one plays in place,
 * one key labels it. What is alike is the server's work, labelling is similar_labels.js.
 */

import { ApiError } from '../core/api.js';
import { formatCount } from '../core/clock.js';
import { button, fill, h, setText } from '../core/dom.js';
import { describeError } from '../core/messages.js';
import { watch } from '../core/watch.js';
import { findBinding } from '../keys/key_match.js';
import { ClipView } from '../picture/clip_view.js';
import { SimilarCard } from './similar_card.js';
import { describeCount, describeMissing, keyOf, makeQuery, moveTo, nextOpen } from './similar_items.js';

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

/**
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 * @typedef {import('./similar_items.js').Query} Query
 */

export class Similar {
  /**
   * @param {{api: import('../core/api.js').Api, ids: import('../core/video_info.js').Ids,
   *          clock: import('../core/video_clock.js').VideoClock, classes: import('../core/classes.js').ClassList,
   *          picked: import('../labels/picked.js').Picked, info: import('../core/video_info.js').VideoInfo,
   *          classKeys: import('../keys/class_keys.js').ClassKeys, keys: import('../keys/key_table.js').KeyTable,
   *          activity: {touch: () => void}, host: HTMLElement, say: (text: string) => void,
   *          act: import('../keys/actions.js').Act, focus: () => void, jump: (frame: number) => void,
   *          stop: () => void, reveal: (span: Spanlike) => void,
   *          makeLabels: (onChange: () => void) => import('./similar_labels.js').SimilarLabels}} options
   *   `host`: where the drawer goes; `jump` and `stop` move the player itself, `reveal` the timeline
   */
  constructor(options) {
    this.api = options.api;
    this.ids = options.ids;
    this.clock = options.clock;
    this.classes = options.classes;
    this.picked = options.picked;
    this.info = options.info;
    this.classKeys = options.classKeys;
    this.keys = options.keys;
    this.activity = options.activity;
    this.host = options.host;
    this.say = options.say;
    this.act = options.act;
    this.leave = options.focus;
    this.jump = options.jump;
    this.stop = options.stop;
    this.reveal = options.reveal;
    this.labels = options.makeLabels(() => this.draw());
    /** @type {HTMLElement|null} while it is open */
    this.node = null;
    /** @type {SimilarCard[]} of this video, then of the others */
    this.cards = [];
    /** @type {number|null} what Enter labels with */
    this.classId = null;
    watch(this, 'node', 'cards', 'classId');
    /** @type {Query|null} what was looked for last */
    this.query = null;
    /** @type {ClipView|null} */
    this.clip = null;
    this.at = 0;
    this.nOpenings = 0;
    this.head = h('div', { class: 'similar-name-line' });
    this.hint = h('div', { class: 'dim', role: 'status' });
    this.body = h('div', { class: 'similar-body' });
    this.undoing = button({
      text: 'undo',
      key: 'Ctrl Z',
      title: 'Take back what was labelled here last',
      onClick: () => this.#undo(),
    });
  }

  get isOpen() {
    return this.node !== null;
  }

  /** Looks for what is like the selected suggestion, the marked span or the current label. */
  open() {
    const { picked } = this;
    const { position, nFrames } = this.clock;
    const query = makeQuery({
      suggestion: picked.suggestion,
      nudged: picked.nudged,
      marks: [picked.markIn, picked.markOut],
      position,
      label: picked.label,
      ghost: picked.ghost,
    });
    if (!query) return this.say('Select a label or a suggestion, or mark a span: then what is like it can be found.');
    const span = {
      start_frame: Math.max(0, query.span.start_frame),
      end_frame: Math.min(nFrames - 1, query.span.end_frame),
    };
    if (span.start_frame > span.end_frame) return this.say('This span lies outside the video.');
    this.query = { ...query, span };
    this.classId = query.classId;
    this.stop();
    this.#show(this.query);
    void this.#look(span);
  }

  /** Gives the focus back. @returns {boolean} whether it was open */
  close() {
    if (!this.node) return false;
    this.nOpenings += 1;
    this.#clear();
    this.clip?.dispose();
    this.node.remove();
    this.node = null;
    this.classKeys.leaveBank();
    this.leave();
    return true;
  }

  dispose() {
    this.labels.dispose();
    this.#clear();
    this.clip?.dispose();
    this.node = null;
  }

  /** Labels may have changed. */
  draw() {
    if (!this.node) return;
    const { classKeys, keys, classId } = this;
    for (const card of this.cards) card.draw(this.labels, classId);
    this.undoing.style.visibility = this.labels.steps.length ? '' : 'hidden';
    const bank = classKeys.bank ? `${keys.capOf('bank', classKeys.bank)} …: ` : '';
    const hint =
      classId === null
        ? 'A class key labels the selected stretch.'
        : `Enter labels with ${this.classes.of(classId).name}, a class key with another class.`;
    setText(this.hint, `${bank}${hint}`);
    this.head.style.setProperty('--group', classId === null ? 'transparent' : this.classes.of(classId).colour);
  }

  /** @param {Query} query */
  #show(query) {
    this.#clear();
    this.clip?.dispose();
    this.node?.remove();
    const { start_frame: startFrame, end_frame: endFrame } = query.span;
    const { fps, nFrames } = this.clock;
    const stretch = { videoId: this.ids.videoId, startFrame, endFrame, fps, nFrames };
    this.clip = new ClipView({ api: this.api, stretch });
    this.clip.play();
    const name = query.classId === null ? 'no class yet' : this.classes.of(query.classId).name;
    fill(this.head, h('span', { class: 'swatch' }), h('strong', { text: name }));
    fill(this.body, h('p', { class: 'dim', text: 'Looking…' }));
    this.body.setAttribute('aria-busy', 'true');
    this.node = h(
      'section',
      {
        class: 'similar',
        role: 'region',
        'aria-label': 'Similar stretches',
        tabindex: -1,
        on: { keydown: (event) => this.#key(event) },
      },
      this.#makeHead(query, this.clip),
      this.body,
      h('div', { class: 'similar-foot' }, this.hint),
    );
    this.host.append(this.node);
    this.draw();
    this.node.focus({ preventScroll: true });
  }

  /** @param {Query} query @param {ClipView} clip of what was asked about */
  #makeHead({ title, span }, clip) {
    const shut = h('button', {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Close (Esc)',
      text: '×',
      on: { click: () => this.close() },
    });
    const frames = `${formatCount(span.start_frame)} – ${formatCount(span.end_frame)}`;
    const words = h(
      'div',
      { class: 'stack tight grow' },
      h('h2', { text: `Like ${title}` }),
      this.head,
      h('div', { class: 'numbers dim', text: frames }),
    );
    return h('div', { class: 'similar-head' }, clip.node, words, this.undoing, shut);
  }

  /** @param {Spanlike} span */
  async #look({ start_frame: start, end_frame: end }) {
    this.nOpenings += 1;
    const opening = this.nOpenings;
    let answer;
    try {
      answer = await this.api.getJson(`${this.ids.videoPath}/similar?start=${start}&end=${end}`);
    } catch (error) {
      if (opening === this.nOpenings) this.#explain(error);
      return;
    }
    if (opening === this.nOpenings) this.#fill(answer);
  }

  /** @param {import('../core/server.js').SimilarAnswer} answer */
  #fill(answer) {
    const found = [...answer.this_video, ...answer.project];
    this.labels.adopt(found);
    this.cards = found.map((one) => this.#makeCard(one));
    const nHere = answer.this_video.length;
    const missing = describeMissing(answer.n_not_scanned, answer.n_videos);
    const others = answer.n_videos > 1 ? 'Nothing in the other videos.' : 'There is no other video.';
    this.body.removeAttribute('aria-busy');
    fill(
      this.body,
      makeList('In this video', this.cards.slice(0, nHere), 'Nothing else in this video.'),
      makeList('In the project', this.cards.slice(nHere), others),
      missing && h('p', { class: 'dim', text: missing }),
    );
    this.draw();
    const first = this.cards.findIndex((card) => !card.isLabelled);
    if (this.cards.length) this.#select(Math.max(0, first), true);
  }

  /** @param {import('./similar_items.js').Found} found */
  #makeCard(found) {
    const { api, ids, classes } = this;
    return new SimilarCard({
      api,
      ids,
      classes,
      found,
      hooks: {
        onSelect: (card) => this.#select(this.cards.indexOf(card)),
        onLabel: (card) => this.#label(this.cards.indexOf(card), this.classId),
        onGo: found.video_id === ids.videoId ? (card) => this.#go(card) : null,
      },
    });
  }

  /** Why there is nothing, and what to do about it. @param {unknown} error */
  #explain(error) {
    const again = button({ text: 'Look again', onClick: () => this.open() });
    const isNotScanned = error instanceof ApiError && error.code === 'NOT_SCANNED';
    const scan =
      isNotScanned &&
      this.info.poses.complete &&
      button({
        text: 'Scan',
        class: 'button primary',
        title: 'Let the active model look at this video',
        onClick: () => this.act('scan'),
      });
    this.body.removeAttribute('aria-busy');
    const text = isNotScanned
      ? 'This video has not been scanned since its skeleton was made. A scan leaves behind what is searched.'
      : describeError(error);
    fill(this.body, h('p', { class: 'dim', role: 'alert', text }), h('div', { class: 'row' }, scan, again));
  }

  #clear() {
    for (const card of this.cards) card.dispose();
    this.cards = [];
    this.at = 0;
  }

  /** @param {number} at @param {boolean} [isFocusing] */
  #select(at, isFocusing = false) {
    this.at = at;
    for (const [i, card] of this.cards.entries()) card.select(i === at);
    const { node } = this.cards[at];
    if (isFocusing) node.focus({ preventScroll: true });
    node.scrollIntoView({ block: 'nearest' });
  }

  /** @param {number} at @param {number|null} classId */
  #label(at, classId) {
    const card = this.cards[at];
    if (!card) return;
    if (classId === null) return this.say('Which class? Press a class key.');
    const { name } = this.classes.of(classId);
    const where = card.found.video_id === this.ids.videoId ? '' : ` in ${card.found.name}`;
    const isNew = this.labels.label(card.found, classId);
    this.say(isNew ? `${name}${where}. Ctrl Z takes it back.` : `It is labelled ${name} already.`);
    this.classId ??= classId;
    this.draw();
    const isLabelled = this.cards.map((one) => one.isLabelled);
    this.#select(nextOpen(isLabelled, at), true);
  }

  #undo() {
    const key = this.labels.undo();
    if (key === null) return this.say('Nothing was labelled here.');
    this.say('Taken back.');
    const at = this.cards.findIndex(({ found }) => keyOf(found) === key);
    if (at >= 0) this.#select(at, true);
  }

  /** The stretch in the player itself. @param {SimilarCard} card */
  #go({ found }) {
    this.close();
    this.reveal(found);
    this.jump(found.start_frame);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    event.stopPropagation();
    this.activity.touch();
    const isButton = /** @type {HTMLElement} */ (event.target).matches('button');
    if (isButton && ['Enter', 'NumpadEnter', 'Space'].includes(event.code)) return;
    if (event.key === 'Tab') return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const binding = findBinding(event, null, this.keys.bindings);
    if (isPlain && ARROWS.includes(event.key)) this.#walk(event.key);
    else if (isPlain && event.key === 'Enter') {
      if (!event.repeat) this.#label(this.at, this.classId);
    } else if (!binding || !this.#do(binding)) return;
    event.preventDefault();
  }

  /** @param {string} key such as ArrowDown */
  #walk(key) {
    if (!this.cards.length) return;
    const boxes = this.cards.map(({ node }) => node.getBoundingClientRect());
    this.#select(moveTo(boxes, this.at, key), true);
  }

  /**
   * Keys that mean here what they mean elsewhere.
   * @param {import('../keys/keymap.js').Binding} binding @returns {boolean} whether it is one of them
   */
  #do({ action, value }) {
    const { classKeys } = this;
    const card = this.cards[this.at];
    if (action === 'labelByKey') {
      const one = classKeys.inBank(classKeys.bank)[Number(value)];
      classKeys.leaveBank();
      if (one) this.#label(this.at, one.class_id);
    } else if (action === 'bank') classKeys.chooseBank(/** @type {0|1|2} */ (value));
    else if (action === 'undo') this.#undo();
    else if (action === 'findSimilar') this.close();
    else if (action === 'escape') {
      if (!classKeys.leaveBank()) this.close();
    } else if (action === 'goTo' && card?.hooks.onGo) card.hooks.onGo(card);
    else return false;
    this.draw();
    return true;
  }
}

/** @param {string} title @param {SimilarCard[]} cards @param {string} nothing what stands there while there are none */
function makeList(title, cards, nothing) {
  const list = cards.length
    ? h('div', { class: 'similar-list', role: 'list', 'aria-label': title }, ...cards.map((card) => card.node))
    : h('p', { class: 'dim', text: nothing });
  return h(
    'section',
    { class: 'similar-part' },
    h(
      'div',
      { class: 'section-head' },
      h('h2', { text: title }),
      h('span', { class: 'dim', text: describeCount(cards.map(({ found }) => found)) }),
    ),
    list,
  );
}
