/**
 * A loop that is locked to a span: it plays the current label, the marked span, the labels
 * selected together or the selected suggestion again and again, at 0.1x to 4x, and stays with it
 * while its edges move. Playing itself is transport.js.
 *
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 */

/** After an end was nudged, playing goes on this long before it. */
const BEFORE_END_S = 0.5;

export class LockedLoop {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** @type {(() => Spanlike|null)|null} the locked span as it is now; null when it is gone */
    this.find = null;
    /** @type {Spanlike|null} as the transport has it */
    this.span = null;
    /** @type {(() => Spanlike|null)|null} what was locked when a drag began */
    this.held = null;
  }

  /** Whether the transport is in this loop, and not in another or in none. */
  get isActive() {
    return this.span !== null && this.player.transport.loop === this.span;
  }

  /** P: locks what is selected, from its beginning. */
  start() {
    const find = this.#pick();
    const span = find?.();
    if (find && span) this.#lock(find, span);
    else
      this.player.say('Nothing to play again and again: select a label or a suggestion, or mark a span with I and O.');
  }

  /** Told when labels or the suggestion's span may have changed. */
  sync() {
    if (!this.isActive) return;
    const span = this.find?.() ?? null;
    if (!span) this.player.transport.stop();
    else if (!isSame(span, this.span)) this.#follow(span);
  }

  /**
   * After a nudge: a locked loop plays on at the edge, else the picture stands still on its frame.
   * @param {Spanlike} span
   * @param {'start'|'end'} edge
   */
  showEdge(span, edge) {
    const { player } = this;
    if (this.isActive && isSame(this.find?.() ?? null, span)) {
      const before = Math.max(span.start_frame, span.end_frame - Math.round(BEFORE_END_S * player.fps));
      this.#follow(span, edge === 'start' ? span.start_frame : before);
      return;
    }
    player.transport.stop();
    void player.seek(edge === 'start' ? span.start_frame : span.end_frame);
  }

  /** A drag shows single frames: the loop waits until it ends. */
  hold() {
    this.held = this.isActive ? this.find : null;
    if (this.held) this.player.transport.stop();
  }

  letGo() {
    const { held } = this;
    this.held = null;
    const span = held?.();
    if (held && span) this.#lock(held, span);
  }

  #lock(find, span) {
    this.find = find;
    this.span = { start_frame: span.start_frame, end_frame: span.end_frame };
    void this.player.transport.loopSpan(this.span);
  }

  #follow(span, from) {
    this.span = { start_frame: span.start_frame, end_frame: span.end_frame };
    this.player.transport.moveLoop(this.span, from);
  }

  /** @returns {(() => Spanlike|null)|null} */
  #pick() {
    const { desk, review, selection, annotations } = this.player;
    const { selected, ghost } = review;
    if (selected) return () => (review.selectedId === selected.suggestion_id ? review.span : null);
    if (ghost) return () => ghost;
    const { markIn, markOut } = desk;
    if (markIn !== null && markOut !== null)
      return () => ({ start_frame: Math.min(markIn, markOut), end_frame: Math.max(markIn, markOut) });
    if (selection.list().length > 1) return () => this.#around(selection.list());
    const id = desk.currentId;
    return id !== null && annotations.has(id) ? () => this.player.annotations.get(id) ?? null : null;
  }

  #around(labels) {
    if (!labels.length) return null;
    return { start_frame: labels[0].start_frame, end_frame: Math.max(...labels.map((label) => label.end_frame)) };
  }
}

const isSame = (a, b) => a?.start_frame === b?.start_frame && a?.end_frame === b?.end_frame;
