/**
 * The drawer of similar stretches: ten of this video and ten of the others that are most like a
 * label, a suggestion or a marked span. Arrows walk through them, the selected one plays in place,
 * one key labels it. What is alike is the server's work, labelling is similar_labels.js.
 */

import { formatCount } from '../core/clock.js';
import { button, fill, h } from '../core/dom.js';
import { findBinding } from '../keys/key_match.js';
import { ClipView } from '../picture/clip_view.js';
import { SimilarCard } from './similar_card.js';
import { describeCount, describeMissing, makeQuery, moveTo, nextOpen } from './similar_items.js';
import { SimilarLabels } from './similar_labels.js';

const ARROWS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

export class Similar {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.labels = new SimilarLabels(player, () => this.update());
    this.node = /** @type {HTMLElement|null} */ (null);
    /** @type {SimilarCard[]} of this video, then of the others */
    this.cards = [];
    this.at = 0;
    this.nOpenings = 0;
  }

  get isOpen() {
    return this.node !== null;
  }

  /** Looks for what is like the selected suggestion, the marked span or the current label. */
  open() {
    const { review, desk, position, nFrames } = this.player;
    const query = makeQuery({
      suggestion: review.selected,
      nudged: review.nudged,
      marks: [desk.markIn, desk.markOut],
      position,
      label: desk.current,
      ghost: review.ghost,
    });
    if (!query)
      return this.player.say('Select a label or a suggestion, or mark a span: then what is like it can be found.');
    const span = {
      start_frame: Math.max(0, query.span.start_frame),
      end_frame: Math.min(nFrames - 1, query.span.end_frame),
    };
    if (span.start_frame > span.end_frame) return this.player.say('This span lies outside the video.');
    this.query = { ...query, span };
    this.classId = query.classId;
    this.player.transport.stop();
    this.#show();
    void this.#look();
  }

  /** Gives the focus back. @returns {boolean} whether it was open */
  close() {
    if (!this.node) return false;
    this.nOpenings += 1;
    this.#clear();
    this.clip?.dispose();
    this.node.remove();
    this.node = null;
    this.player.classKeys.leaveBank();
    this.player.focus();
    return true;
  }

  dispose() {
    this.labels.dispose();
    this.#clear();
    this.clip?.dispose();
    this.node = null;
  }

  /** Labels may have changed. */
  update() {
    if (!this.node) return;
    for (const card of this.cards) card.update(this.labels, this.classId);
    const { classKeys, keys } = this.player;
    this.undoing.style.visibility = this.labels.steps.length ? '' : 'hidden';
    const name = this.classId === null ? '' : this.player.classOf(this.classId).name;
    const bank = classKeys.bank ? `${keys.capOf('bank', classKeys.bank)} …: ` : '';
    this.hint.textContent = `${bank}${name ? `Enter labels with ${name}, a class key with another class.` : 'A class key labels the selected stretch.'}`;
    this.head.style.setProperty(
      '--group',
      this.classId === null ? 'transparent' : this.player.classOf(this.classId).colour,
    );
  }

  #show() {
    const { player, query } = this;
    this.#clear();
    this.clip?.dispose();
    this.node?.remove();
    const { start_frame: startFrame, end_frame: endFrame } = query.span;
    this.clip = new ClipView(player.api, {
      videoId: player.data.video_id,
      startFrame,
      endFrame,
      fps: player.fps,
      nFrames: player.nFrames,
    });
    this.clip.play();
    const name = query.classId === null ? '' : player.classOf(query.classId).name;
    this.head = h(
      'div',
      { class: 'similar-name-line' },
      h('span', { class: 'swatch' }),
      h('strong', { text: name || 'no class yet' }),
    );
    this.undoing = button({
      text: 'undo',
      key: 'Ctrl Z',
      title: 'Take back what was labelled here last',
      onClick: () => this.#undo(),
    });
    this.shut = h('button', {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Close (Esc)',
      text: '×',
      on: { click: () => this.close() },
    });
    this.hint = h('div', { class: 'dim', role: 'status' });
    this.body = h('div', { class: 'similar-body', 'aria-busy': 'true' }, h('p', { class: 'dim', text: 'Looking…' }));
    this.node = h(
      'section',
      {
        class: 'similar',
        role: 'region',
        'aria-label': 'Similar stretches',
        tabindex: -1,
        on: { keydown: (event) => this.#key(event) },
      },
      h(
        'div',
        { class: 'similar-head' },
        this.clip.node,
        h(
          'div',
          { class: 'stack tight grow' },
          h('h2', { text: `Like ${query.title}` }),
          this.head,
          h('div', { class: 'numbers dim', text: `${formatCount(startFrame)} – ${formatCount(endFrame)}` }),
        ),
        this.undoing,
        this.shut,
      ),
      this.body,
      h('div', { class: 'similar-foot' }, this.hint),
    );
    /** @type {HTMLElement} */ (player.stage.node.parentElement).append(this.node);
    this.update();
    this.node.focus({ preventScroll: true });
  }

  async #look() {
    this.nOpenings += 1;
    const opening = this.nOpenings;
    const { start_frame: start, end_frame: end } = this.query.span;
    let answer;
    try {
      answer = await this.player.api.getJson(`${this.player.videoPath}/similar?start=${start}&end=${end}`);
    } catch (error) {
      if (opening === this.nOpenings) this.#explain(error);
      return;
    }
    if (opening === this.nOpenings) this.#fill(answer);
  }

  #fill(answer) {
    const found = [...answer.this_video, ...answer.project];
    this.labels.adopt(found);
    this.cards = found.map(
      (one) =>
        new SimilarCard(this.player, one, {
          onSelect: (card) => this.#select(this.cards.indexOf(card)),
          onLabel: (card) => this.#label(this.cards.indexOf(card), this.classId),
          onGo: one.video_id === this.player.data.video_id ? (card) => this.#go(card) : null,
        }),
    );
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
    this.update();
    const first = this.cards.findIndex((card) => !card.isLabelled);
    if (this.cards.length) this.#select(Math.max(0, first), true);
  }

  /** Why there is nothing, and what to do about it. */
  #explain(error) {
    const again = button({ text: 'Look again', onClick: () => this.open() });
    const canScan = error.code === 'NOT_SCANNED' && this.player.poseInfo.complete;
    const scan =
      canScan &&
      button({
        text: 'Scan',
        class: 'button primary',
        title: 'Let the active model look at this video',
        onClick: () => this.player.act('scan'),
      });
    this.body.removeAttribute('aria-busy');
    const text =
      error.code === 'NOT_SCANNED'
        ? 'This video has not been scanned since its skeleton was made. A scan leaves behind what is searched.'
        : `${error.message}${error.hint ? ` ${error.hint}` : ''}`;
    fill(this.body, h('p', { class: 'dim', role: 'alert', text }), h('div', { class: 'row' }, scan, again));
  }

  #clear() {
    for (const card of this.cards) card.dispose();
    this.cards = [];
    this.at = 0;
  }

  #select(at, isFocusing = false) {
    this.at = at;
    for (const [i, card] of this.cards.entries()) card.select(i === at);
    const { node } = this.cards[at];
    if (isFocusing) node.focus({ preventScroll: true });
    node.scrollIntoView({ block: 'nearest' });
  }

  #label(at, classId) {
    const card = this.cards[at];
    if (!card) return;
    if (classId === null) return this.player.say('Which class? Press a class key.');
    const { name } = this.player.classOf(classId);
    if (!this.labels.label(card.found, classId)) this.player.say(`It is labelled ${name} already.`);
    else
      this.player.say(
        `${name}${card.found.video_id === this.player.data.video_id ? '' : ` in ${card.found.name}`}. Ctrl Z takes it back.`,
      );
    this.classId ??= classId;
    this.update();
    this.#select(
      nextOpen(
        this.cards.map((one) => Boolean(one.isLabelled)),
        at,
      ),
      true,
    );
  }

  #undo() {
    const key = this.labels.undo();
    if (key === null) return this.player.say('Nothing was labelled here.');
    this.player.say('Taken back.');
    const at = this.cards.findIndex(({ found }) => `${found.video_id}:${found.start_frame}:${found.end_frame}` === key);
    if (at >= 0) this.#select(at, true);
  }

  /** The stretch in the player itself. */
  #go({ found }) {
    this.close();
    this.player.timeline.reveal(found);
    void this.player.transport.jump(found.start_frame);
  }

  #key(event) {
    event.stopPropagation();
    this.player.activity.touch();
    const isButton = /** @type {HTMLElement} */ (event.target).matches('button');
    if (isButton && ['Enter', 'NumpadEnter', 'Space'].includes(event.code)) return;
    if (event.key === 'Tab') return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    const binding = findBinding(event, null, this.player.keys.bindings);
    if (isPlain && ARROWS.includes(event.key)) this.#walk(event.key);
    else if (isPlain && event.key === 'Enter') event.repeat || this.#label(this.at, this.classId);
    else if (!binding || !this.#act(binding)) return;
    event.preventDefault();
  }

  #walk(key) {
    if (!this.cards.length) return;
    this.#select(
      moveTo(
        this.cards.map(({ node }) => node.getBoundingClientRect()),
        this.at,
        key,
      ),
      true,
    );
  }

  /** Keys that mean here what they mean elsewhere. @returns {boolean} whether it is one of them */
  #act({ action, value }) {
    const { classKeys } = this.player;
    const card = this.cards[this.at];
    if (action === 'labelByKey') {
      const one = classKeys.inBank(classKeys.bank)[value];
      classKeys.leaveBank();
      if (one) this.#label(this.at, one.class_id);
    } else if (action === 'bank') classKeys.chooseBank(value);
    else if (action === 'undo') this.#undo();
    else if (action === 'findSimilar') this.close();
    else if (action === 'escape') classKeys.leaveBank() || this.close();
    else if (action === 'goTo' && card?.hooks.onGo) card.hooks.onGo(card);
    else return false;
    this.update();
    return true;
  }
}

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
