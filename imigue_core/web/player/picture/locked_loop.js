/**
 * A loop that is locked to a span: it plays the current label, the marked span, the labels
 * selected together or the selected suggestion again and again, at 0.1x to 4x, and stays with it
 * while its edges move. Playing itself is transport.js.
 *
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 * @typedef {{suggestion: (Spanlike & {suggestion_id: number})|null, suggestionId: number|null, ghost: Spanlike|null,
 *            span: Spanlike|null, markIn: number|null, markOut: number|null, labels: Spanlike[],
 *            labelId: string|null}} Locking what of the selection a loop can be locked to
 * @typedef {() => Spanlike|null} Find the locked span as it is now; null when it is gone
 */

import { untracked } from '../core/watch.js';

/** After an end was nudged, playing goes on this long before it. */
const BEFORE_END_S = 0.5;

export class LockedLoop {
  /**
   * @param {{picked: Readonly<Locking>, labels: {find: (id: string) => Spanlike|null}, clock: {fps: number},
   *          transport: import('./transport.js').Transport, seek: (frame: number) => Promise<void>,
   *          say: (text: string) => void}} options
   */
  constructor({ picked, labels, clock, transport, seek, say }) {
    this.picked = picked;
    this.labels = labels;
    this.clock = clock;
    this.transport = transport;
    this.seek = seek;
    this.say = say;
    /** @type {Find|null} */
    this.find = null;
    /** @type {Spanlike|null} as the transport has it */
    this.span = null;
    /** @type {Find|null} what was locked when a drag began */
    this.held = null;
  }

  /** Whether the transport is in this loop, and not in another or in none. */
  get isActive() {
    return this.transport.loop !== null && this.transport.loop === this.span;
  }

  /** P: locks what is selected, from its beginning. */
  start() {
    const find = this.#pick();
    const span = find?.();
    if (find && span) this.#lock(find, span);
    else this.say('Nothing to play again and again: select a label or a suggestion, or mark a span with I and O.');
  }

  /** Keeps the loop on its span. Runs again when labels, marks or the suggestion's span have changed. */
  sync() {
    if (!this.isActive) return;
    const span = this.find?.() ?? null;
    untracked(() => {
      if (!span) this.transport.stop();
      else if (!isSame(span, this.span)) this.#follow(span);
    });
  }

  /**
   * After a nudge: a locked loop plays on at the edge, else the picture stands still on its frame.
   * @param {Spanlike} span
   * @param {'start'|'end'} edge
   */
  showEdge(span, edge) {
    if (this.isActive && isSame(this.find?.() ?? null, span)) {
      const before = Math.max(span.start_frame, span.end_frame - Math.round(BEFORE_END_S * this.clock.fps));
      this.#follow(span, edge === 'start' ? span.start_frame : before);
      return;
    }
    this.transport.stop();
    void this.seek(edge === 'start' ? span.start_frame : span.end_frame);
  }

  /** A drag shows single frames: the loop waits until it ends. */
  hold() {
    this.held = this.isActive ? this.find : null;
    if (this.held) this.transport.stop();
  }

  letGo() {
    const { held } = this;
    this.held = null;
    const span = held?.();
    if (held && span) this.#lock(held, span);
  }

  /** @param {Find} find @param {Spanlike} span */
  #lock(find, span) {
    this.find = find;
    this.span = { start_frame: span.start_frame, end_frame: span.end_frame };
    void this.transport.loopSpan(this.span);
  }

  /** @param {Spanlike} span @param {number} [from] where to play on */
  #follow(span, from) {
    this.span = { start_frame: span.start_frame, end_frame: span.end_frame };
    this.transport.moveLoop(this.span, from);
  }

  /** @returns {Find|null} */
  #pick() {
    const { picked, labels } = this;
    const { suggestion, ghost, markIn, markOut, labelId } = picked;
    if (suggestion) return () => (picked.suggestionId === suggestion.suggestion_id ? picked.span : null);
    if (ghost) return () => ghost;
    if (markIn !== null && markOut !== null)
      return () => ({ start_frame: Math.min(markIn, markOut), end_frame: Math.max(markIn, markOut) });
    if (picked.labels.length > 1) return () => around(picked.labels);
    return labelId !== null && labels.find(labelId) ? () => labels.find(labelId) : null;
  }
}

/** @param {Spanlike[]} labels in order of start @returns {Spanlike|null} from the first to the last frame of all */
function around(labels) {
  if (!labels.length) return null;
  return { start_frame: labels[0].start_frame, end_frame: Math.max(...labels.map((label) => label.end_frame)) };
}

/** @param {Spanlike|null} a @param {Spanlike|null} b */
const isSame = (a, b) => a?.start_frame === b?.start_frame && a?.end_frame === b?.end_frame;
