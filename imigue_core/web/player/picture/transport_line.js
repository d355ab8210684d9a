/** The transport line on the picture: playing or not, how fast, and the span that is played again and again. */

import { formatCount } from '../core/clock.js';
import { button, h } from '../core/dom.js';

export class TransportLine {
  /**
   * @param {{transport: import('./transport.js').Transport, lockedLoop: import('./locked_loop.js').LockedLoop,
   *          act: (action: string) => void}} options
   */
  constructor({ transport, lockedLoop, act }) {
    this.transport = transport;
    this.lockedLoop = lockedLoop;
    /** @param {string} text @param {string} title @param {string} action */
    const chip = (text, title, action) => button({ text, class: 'chip-button', title, onClick: () => act(action) });
    this.slower = chip('−', 'Slower (Shift L)', 'slower');
    this.slower.setAttribute('aria-label', 'Slower');
    this.play = chip('▶ 1×', 'Play or pause (Space)', 'togglePlay');
    this.faster = chip('+', 'Faster (L)', 'faster');
    this.faster.setAttribute('aria-label', 'Faster');
    this.loop = chip('loop', 'Stop the loop (Esc)', 'stop');
    this.loop.classList.add('loop');
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

  draw() {
    const { heading, rate, loop } = this.transport;
    writeChip(this.play, `${heading < 0 ? '◀' : heading ? '❚❚' : '▶'} ${rate}×`);
    this.loop.hidden = !loop;
    if (!loop) return;
    const span = `${formatCount(loop.start_frame)}–${formatCount(loop.end_frame)}`;
    writeChip(this.loop, `${this.lockedLoop.isActive ? 'locked' : 'loop'} ${span}`);
  }
}

/** @param {HTMLButtonElement} chip as `button` makes it @param {string} text */
export function writeChip(chip, text) {
  const span = chip.lastElementChild;
  if (span && span.textContent !== text) span.textContent = text;
}
