/**
 * The picture and what lies over it: the canvas, the toggles, where the play head
 * is, what the next class key will do, and a notice when there is nothing to see.
 */

import { formatClock, formatCount } from '../core/clock.js';
import { button, fill, findFocused, h } from '../core/dom.js';
import { describeNotice } from '../core/notices.js';
import { computed } from '../core/watch.js';
import { TransportLine, writeChip } from './transport_line.js';

const HINT_MS = 4200;

/**
 * @typedef {Object} StageParts
 * @property {import('./picture.js').Picture} picture
 * @property {import('./transport.js').Transport} transport
 * @property {import('./locked_loop.js').LockedLoop} lockedLoop
 * @property {import('../core/video_clock.js').VideoClock} clock
 * @property {import('../labels/picked.js').Picked} picked
 * @property {import('../core/video_info.js').VideoInfo} info
 * @property {import('../core/messages.js').Messages} messages
 * @property {() => string} describeNext what the next class key will do, in words
 * @property {(action: string, value?: unknown) => void} act
 * @property {() => void} focus gives the keys back to the studio
 */

export class Stage {
  /** @param {StageParts} parts */
  constructor({ picture, transport, lockedLoop, clock, picked, info, messages, describeNext, act, focus }) {
    this.picture = picture;
    this.clock = clock;
    this.picked = picked;
    this.info = info;
    this.messages = messages;
    this.describeNext = describeNext;
    this.act = act;
    this.focus = focus;
    this.toggles = {
      body: this.#makeToggle('body', 'B', 'toggleSet', 'body'),
      hands: this.#makeToggle('hands', 'H', 'toggleSet', 'hands'),
      face: this.#makeToggle('face', 'F', 'toggleSet', 'face'),
      video: this.#makeToggle('picture', 'V', 'cycleView'),
    };
    this.transportLine = new TransportLine({ transport, lockedLoop, act });
    this.frameChip = button({ text: '', class: 'chip-button', title: 'Go to a frame (G)', onClick: () => act('goTo') });
    this.marksChip = h('span', { class: 'chip marks', hidden: true });
    this.nextChip = h('span', { class: 'chip next' });
    this.hint = h('div', { class: 'hint', role: 'status', 'aria-live': 'polite', hidden: true });
    this.notice = h('div', { class: 'notice', role: 'status', hidden: true });
    this.dialogs = h('div', { class: 'dialogs' });
    this.node = h(
      'section',
      { class: 'stage', 'aria-label': 'Picture' },
      picture.canvas,
      h('div', { class: 'toolbar' }, ...Object.values(this.toggles)),
      h('div', { class: 'chips' }, this.transportLine.node, this.frameChip, this.marksChip, this.nextChip),
      this.notice,
      this.hint,
      this.dialogs,
    );
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.hintTimer = undefined;
    /** As JSON: what stands there does not change for every look at the jobs. */
    this.noticeShown = 'null';
    this.hasSkeletonHere = computed(() => picture.poses.hasFrame(clock.frame));
  }

  drawFrameChip() {
    const { frame } = this.clock;
    writeChip(this.frameChip, `frame ${formatCount(frame)} · ${formatClock(this.clock.secondsOf(frame))}`);
  }

  drawChips() {
    const { markIn, markOut, isMarked } = this.picked;
    this.marksChip.hidden = !isMarked;
    write(this.marksChip, `in ${describeMark(markIn)}  out ${describeMark(markOut)}`);
    write(this.nextChip, `class key: ${this.describeNext()}`);
  }

  drawToggles() {
    for (const [name, isOn] of Object.entries(this.picture.show))
      this.toggles[/** @type {keyof Stage['toggles']} */ (name)].setAttribute('aria-pressed', String(Boolean(isOn)));
    this.toggles.video.hidden = this.info.video.kind !== 'video';
  }

  /** What the canvas has to say instead of a picture. */
  drawNotice() {
    const { picture, info } = this;
    const { video, jobs, poses, mostRevealing } = info;
    const { show, askReveal } = picture;
    const hasSkeletonHere = this.hasSkeletonHere.value;
    const notice = describeNotice({ video, jobs, poses, show, hasSkeletonHere, mostRevealing, askReveal });
    const words = JSON.stringify(notice);
    if (words === this.noticeShown) return; // a button in it keeps the focus
    this.noticeShown = words;
    const hadFocus = this.notice.contains(findFocused(this.notice));
    this.notice.hidden = !notice;
    if (hadFocus) this.focus();
    fill(this.notice, ...(notice ? this.#makeNotice(notice) : []));
    // A question is answered without the mouse: on the answer that changes nothing, Tab and Shift Tab reach the others.
    if (askReveal) /** @type {HTMLElement|null} */ (this.notice.querySelector('button:last-of-type'))?.focus();
  }

  /** The sentence that was said last fades by itself. */
  drawMessage() {
    const { last } = this.messages;
    if (!last) return;
    this.hint.textContent = last.text;
    this.hint.hidden = false;
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => {
      this.hint.hidden = true;
    }, HINT_MS);
  }

  /** @param {(frame: number) => void} onGo */
  askFrame(onGo) {
    const { clock } = this;
    const last = clock.nFrames - 1;
    const input = /** @type {HTMLInputElement} */ (
      h('input', {
        type: 'text',
        inputmode: 'numeric',
        class: 'goto',
        'aria-label': 'Go to frame',
        placeholder: `frame 0–${last}, or mm:ss`,
      })
    );
    let isOpen = true;
    const close = () => {
      if (!isOpen) return;
      isOpen = false; // removing it takes the focus away, which asks to close again
      input.remove();
      this.focus();
    };
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) {
        const frame = clock.parse(input.value);
        if (frame === null)
          return this.messages.say(`Expected a frame from 0 to ${last}, or minutes:seconds; got “${input.value}”.`);
        close();
        onGo(frame);
      } else if (event.key === 'Escape') close();
    });
    input.addEventListener('blur', close);
    this.dialogs.append(input);
    input.focus();
  }

  /** @param {import('../core/notices.js').Notice} notice @returns {(Node|null)[]} */
  #makeNotice({ title, text, progress, actions = [] }) {
    const buttons = actions.map(({ text: name, key, action, value }) =>
      button({
        text: name,
        key,
        class: action === 'closeReveal' ? 'button' : 'button primary',
        onClick: () => this.act(action, value),
      }),
    );
    return [
      h('div', { class: 'notice-title', text: title }),
      text ? h('div', { class: 'dim', text }) : null,
      progress === undefined ? null : h('progress', { max: 1, value: progress, 'aria-label': title }),
      buttons.length ? h('div', { class: 'row centre' }, ...buttons) : null,
    ];
  }

  /** @param {string} text @param {string} key @param {string} action @param {string} [value] */
  #makeToggle(text, key, action, value) {
    const onClick = () => this.act(action, value);
    return button({ text, key, class: 'toggle', pressed: false, title: `${text} (${key})`, onClick });
  }
}

/** @param {Element} node @param {string} text */
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {number|null} mark */
const describeMark = (mark) => (mark === null ? '–' : formatCount(mark));
