/** The transport line on the picture: playing or not, how fast, and the span that is played again and again. */

import { formatCount } from '../core/clock.js';
import { button, h } from '../core/dom.js';

export class TransportLine {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    const chip = (text, title, action) =>
      button({ text, class: 'chip-button', title, onClick: () => player.act(action) });
    this.slower = chip('−', 'Slower (Shift L)', 'slower');
    this.slower.setAttribute('aria-label', 'Slower');
    this.play = chip('▶ 1×', 'Play or pause (Space)', 'togglePlay');
    this.faster = chip('+', 'Faster (L)', 'faster');
    this.faster.setAttribute('aria-label', 'Faster');
    this.loop = button({
      text: 'loop',
      class: 'chip-button loop',
      title: 'Stop the loop (Esc)',
      onClick: () => player.act('stop'),
    });
    this.loop.hidden = true;
    this.node = h(
      'span',
      { class: 'transport-line', role: 'group', 'aria-label': 'Playing' },
      this.slower,
      this.play,
      this.faster,
      this.loop,
    );
  }

  update() {
    const { transport, lockedLoop } = this.player;
    const { heading, rate, loop } = transport;
    write(this.play, `${heading < 0 ? '◀' : heading ? '❚❚' : '▶'} ${rate}×`);
    this.loop.hidden = !loop;
    if (loop)
      write(
        this.loop,
        `${lockedLoop.isActive ? 'locked' : 'loop'} ${formatCount(loop.start_frame)}–${formatCount(loop.end_frame)}`,
      );
  }
}

function write(node, text) {
  const span = /** @type {HTMLElement} */ (node.lastElementChild);
  if (span.textContent !== text) span.textContent = text;
}
