/**
 * The annotator's hands on one label's span: edges nudged by frames, an edge shared with a
 * touching label, how sure one is, "unclear, discuss", the note; and what the pointer on the
 * timeline asks for. With several labels selected, marks and certainty go to all of them.
 */

import { CERTAINTIES, describeCertainty } from '../panel/certainty.js';
import { nudgeSpan } from '../review/suggestions.js';
import { canShareAt, findTouching, moveShared } from './spans.js';

const BURST_MS = 1000;
const MOST_IN_BURST = 500;
export const UNCLEAR = 'discuss';

export class SpanHands {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /**
     * @type {{key: string, n: number, editId: string, groupId: string, at: number}|null} nudges that undo takes back
     * together
     */
    this.burst = null;
  }

  /**
   * Moves an edge of the current label. Each nudge is saved at once; those of one edge that follow
   * each other within a second are undone together as long as the page is not loaded again.
   * @param {{edge: 'start'|'end', frames: number}} how
   */
  nudge({ edge, frames }) {
    const { player } = this;
    const label = this.#own();
    if (!label) return;
    const span = nudgeSpan(label, edge, frames, player.nFrames);
    if (span.start_frame === label.start_frame && span.end_frame === label.end_frame) {
      player.say(`The ${edge} of this label can go no further.`);
      return;
    }
    const burst = this.#continueBurst(`${label.annotation_id} ${edge}`);
    player.desk.change(label, 'move', span);
    this.burst = { ...burst, n: burst.n + 1, editId: player.labels.undoStack.at(-1), at: performance.now() };
    player.labels.history.groups.set(this.burst.editId, burst.groupId);
    const frame = edge === 'start' ? span.start_frame : span.end_frame;
    player.timeline.reveal({ start_frame: frame, end_frame: frame });
    player.lockedLoop.showEdge(span, edge);
  }

  /**
   * The edge of the current label and that of the label it touches, both to the play head.
   * @param {'start'|'end'} edge
   */
  shareEdge(edge) {
    const { player } = this;
    const label = this.#own();
    if (!label) return;
    const other = findTouching(label, edge, player.desk.ownLabels());
    if (!other) return player.say(`No label of yours touches the ${edge} of this one.`);
    const boundary = edge === 'start' ? player.position : player.position + 1;
    if (!canShareAt(label, other, edge, boundary))
      return player.say('The play head lies outside both labels: one of them would be left without a frame.');
    this.moveBoth(
      moveShared(label, other, edge, boundary).map(({ span, start_frame, end_frame }) => ({
        id: span.annotation_id,
        start_frame,
        end_frame,
      })),
    );
  }

  /**
   * Two labels whose shared edge moved; one undo takes both back.
   * @param {{id: string, start_frame: number, end_frame: number}[]} moves in the order to make them
   */
  moveBoth(moves) {
    const { player } = this;
    const labels = moves.map(({ id }) => player.annotations.get(id));
    if (!moves.length || labels.some((label) => !label)) return;
    player.labels.group(() => {
      for (const [i, { start_frame, end_frame }] of moves.entries())
        player.desk.change(labels[i], 'move', { start_frame, end_frame });
    });
    player.say('Both edges moved. Ctrl Z takes both back.');
  }

  /** @param {string} id @param {number} start @param {number} end */
  move(id, start, end) {
    const label = this.player.annotations.get(id);
    if (label) this.player.desk.change(label, 'move', { start_frame: start, end_frame: end });
  }

  /** Unclear, discuss: all or the current label marked, or, when all are, not any more. */
  toggleUnclear() {
    const { player } = this;
    const labels = this.targets();
    if (!labels.length) return;
    const isOn = labels.every((label) => label.mark === UNCLEAR);
    this.#annotate(labels, { mark: isOn ? '' : UNCLEAR });
    player.say(
      `${isOn ? 'No longer marked' : 'Marked'} “unclear, discuss”${labels.length > 1 ? `: ${labels.length} labels` : ''}.`,
    );
  }

  /** Not set, 25 %, 50 %, 75 %, 100 %, and around. */
  stepCertainty() {
    const labels = this.targets();
    if (!labels.length) return;
    const steps = [null, ...CERTAINTIES];
    const at = steps.indexOf(labels[0].confidence ?? null);
    this.setCertainty(steps[(at + 1) % steps.length]);
  }

  /** @param {number|null} confidence 0..1 */
  setCertainty(confidence) {
    const labels = this.targets();
    this.#annotate(labels, { confidence });
    const text = confidence === null ? 'Certainty not set' : describeCertainty(confidence);
    if (labels.length) this.player.say(`${text}${labels.length > 1 ? `: ${labels.length} labels` : ''}.`);
  }

  /** Puts the cursor into the current label's note. */
  writeNote() {
    const { player } = this;
    if (player.selection.list().length) return player.say('A note belongs to one label: Esc drops the selection.');
    if (!this.#own()) return;
    player.painter.flush(); // the label may have been selected this very moment
    player.panel.note.focus();
  }

  /**
   * The labels selected together, else the current one when it is the annotator's; says so when there is none.
   * @returns {import('./labels.js').Label[]}
   */
  targets() {
    const chosen = this.player.selection.list();
    if (chosen.length) return chosen;
    const label = this.#own();
    return label ? [label] : [];
  }

  #annotate(labels, fields) {
    const { player } = this;
    const isNew = (label) => Object.entries(fields).some(([name, value]) => (label[name] ?? null) !== value);
    const changed = labels.filter(isNew);
    if (changed.length && player.spanEdits.fits(changed.length))
      player.labels.group(() => {
        for (const label of changed) player.desk.change(label, 'annotate', fields);
      });
  }

  #own() {
    const { player } = this;
    const { current } = player.desk;
    if (!current) player.say('No label is selected: Tab walks through your labels, a click selects one.');
    else if (!player.labels.isOwn(current))
      player.say(`This label is by ${current.annotator}; you can edit only your own.`);
    else return current;
    return null;
  }

  /** The nudges right before this one, unless anything else was done since. */
  #continueBurst(key) {
    const { burst } = this;
    const isRecent = burst?.key === key && burst.n < MOST_IN_BURST && performance.now() - burst.at < BURST_MS;
    return burst && isRecent && this.player.labels.undoStack.at(-1) === burst.editId
      ? burst
      : { key, n: 0, groupId: crypto.randomUUID() };
  }
}

/**
 * What the timeline asks for.
 * @param {import('../core/player.js').Player} player
 */
export function makeTimelineHands(player) {
  const { desk, selection, review, transport, hands, lockedLoop } = player;
  return {
    seek: (frame) => void transport.jump(frame),
    /** @param {string|null} id @param {'only'|'toggle'|'extend'|'keep'} [how] */
    select: (id, how = 'only') => {
      if (id === null) {
        // Scrubbing leaves the labels that were selected together.
        if (desk.selectedId !== null && !selection.list().length) desk.choose(null);
      } else if (how === 'toggle') selection.toggle(id);
      else if (how === 'extend') selection.extendTo(id);
      else {
        if (how === 'only') selection.drop();
        desk.choose(id);
      }
    },
    act: (action, value) => player.act(action, value),
    band: (first, last) => selection.chooseMeeting(first, last),
    suggestion: (id, isGhost) => (isGhost ? review.selectGhost(id) : review.select(id)),
    move: (id, start, end) => hands.move(id, start, end),
    moveBoth: (moves) => hands.moveBoth(moves),
    hold: () => lockedLoop.hold(),
    letGo: () => lockedLoop.letGo(),
  };
}
