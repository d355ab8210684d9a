/**
 * The picture and what lies over it: the canvas, the toggles, where the play head
 * is, what the next class key will do, and a notice when there is nothing to see.
 */

import { formatClock, formatCount, secondsOf } from '../core/clock.js';
import { button, fill, findFocused, h } from '../core/dom.js';
import { TransportLine } from './transport_line.js';

const HINT_MS = 4200;

export class Stage {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.canvas = /** @type {HTMLCanvasElement} */ (
      h('canvas', { class: 'picture', role: 'img', 'aria-label': 'Picture and skeleton of the current frame' })
    );
    const toggle = (name, key, action, value) =>
      button({
        text: name,
        key,
        class: 'toggle',
        pressed: false,
        title: `${name} (${key})`,
        onClick: () => player.act(action, value),
      });
    this.toggles = {
      body: toggle('body', 'B', 'toggleSet', 'body'),
      hands: toggle('hands', 'H', 'toggleSet', 'hands'),
      face: toggle('face', 'F', 'toggleSet', 'face'),
      video: toggle('picture', 'V', 'cycleView'),
    };
    this.transportLine = new TransportLine(player);
    this.frameChip = button({
      text: '',
      class: 'chip-button',
      title: 'Go to a frame (G)',
      onClick: () => player.act('goTo'),
    });
    this.marksChip = h('span', { class: 'chip marks', hidden: true });
    this.nextChip = h('span', { class: 'chip next' });
    this.hint = h('div', { class: 'hint', role: 'status', 'aria-live': 'polite', hidden: true });
    this.notice = h('div', { class: 'notice', role: 'status', hidden: true });
    this.dialogs = h('div', { class: 'dialogs' });
    this.node = h(
      'section',
      { class: 'stage', 'aria-label': 'Picture' },
      this.canvas,
      h('div', { class: 'toolbar' }, ...Object.values(this.toggles)),
      h('div', { class: 'chips' }, this.transportLine.node, this.frameChip, this.marksChip, this.nextChip),
      this.notice,
      this.hint,
      this.dialogs,
    );
    this.hintTimer = 0;
    this.noticeKey = '';
  }

  /** Chips that follow the play head. */
  updateFrame() {
    const { player } = this;
    const { frame, fps, times } = player;
    const { markIn, markOut } = player.desk;
    const clock = formatClock(secondsOf(times, fps, frame));
    label(this.frameChip, `frame ${formatCount(frame)} · ${clock}`);
    this.transportLine.update();
    this.marksChip.hidden = markIn === null && markOut === null;
    this.marksChip.textContent = `in ${markIn === null ? '–' : formatCount(markIn)}  out ${markOut === null ? '–' : formatCount(markOut)}`;
    this.nextChip.textContent = `class key: ${player.desk.describeNextLabel()}`;
    this.#updateNotice();
  }

  updateToggles() {
    const { show } = this.player;
    for (const [name, node] of Object.entries(this.toggles))
      node.setAttribute('aria-pressed', String(Boolean(show[name])));
    this.toggles.video.hidden = this.player.video.kind !== 'video';
  }

  /** @param {string} text a sentence that fades by itself */
  say(text) {
    this.hint.textContent = text;
    this.hint.hidden = false;
    clearTimeout(this.hintTimer);
    this.hintTimer = setTimeout(() => {
      this.hint.hidden = true;
    }, HINT_MS);
  }

  /** @param {(frame: number) => void} onGo */
  askFrame(onGo) {
    const { player } = this;
    const input = /** @type {HTMLInputElement} */ (
      h('input', {
        type: 'text',
        inputmode: 'numeric',
        class: 'goto',
        'aria-label': 'Go to frame',
        placeholder: `frame 0–${player.nFrames - 1}, or mm:ss`,
      })
    );
    let isOpen = true;
    const close = () => {
      if (!isOpen) return;
      isOpen = false; // removing it takes the focus away, which asks to close again
      input.remove();
      player.focus();
    };
    input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) {
        const frame = player.parseFrame(input.value);
        if (frame === null) {
          player.say(`Expected a frame from 0 to ${player.nFrames - 1}, or minutes:seconds; got “${input.value}”.`);
          return;
        }
        close();
        onGo(frame);
      } else if (event.key === 'Escape') close();
    });
    input.addEventListener('blur', close);
    this.dialogs.append(input);
    input.focus();
  }

  #updateNotice() {
    const notice = this.player.describeNotice();
    const key = JSON.stringify(notice ?? '');
    if (key === this.noticeKey) return;
    this.noticeKey = key;
    const hadFocus = this.notice.contains(findFocused(this.notice));
    this.notice.hidden = !notice;
    if (hadFocus) this.player.focus();
    if (!notice) return;
    const progress =
      notice.progress === undefined
        ? null
        : h('progress', { max: 1, value: notice.progress, 'aria-label': notice.title });
    const buttons = (notice.actions ?? []).map(({ text, key: cap, action, value }) =>
      button({
        text,
        key: cap,
        class: action === 'closeReveal' ? 'button' : 'button primary',
        onClick: () => this.player.act(action, value),
      }),
    );
    fill(
      this.notice,
      h('div', { class: 'notice-title', text: notice.title }),
      notice.text && h('div', { class: 'dim', text: notice.text }),
      progress,
      buttons.length > 0 && h('div', { class: 'row centre' }, ...buttons),
    );
    // A question is answered without the mouse: on the answer that changes nothing, Tab and Shift Tab reach the others.
    if (this.player.picture.askReveal) buttons.at(-1)?.focus();
  }
}

function label(node, text) {
  const span = /** @type {HTMLElement} */ (node.lastElementChild);
  if (span.textContent !== text) span.textContent = text;
}
