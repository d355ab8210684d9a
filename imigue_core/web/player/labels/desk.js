/**
 * The annotator's hands: the marks, the current label, and what they do to labels.
 *
 * The rule of a class key: with marks it labels the marked span; else, with a label
 * selected (Tab or a click), it changes that label's class; else it opens or closes a
 * span (class_keys.js). A label just made is current, not selected.
 */

import { formatCount, frameAt, secondsOf } from '../core/clock.js';

export class Desk {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** @type {import('./picked.js').Picked} */
    this.picked = player.picked;
  }

  get markIn() {
    return this.picked.markIn;
  }

  get markOut() {
    return this.picked.markOut;
  }

  get currentId() {
    return this.picked.labelId;
  }

  get selectedId() {
    return this.picked.selectedId;
  }

  get chosen() {
    return this.picked.chosenIds;
  }

  get labels() {
    return this.player.labels;
  }

  /** @returns {import('./labels.js').Label|null} */
  get current() {
    return this.picked.label;
  }

  /** @param {number|null} markIn @param {number|null} markOut */
  setMarks(markIn, markOut) {
    this.picked.setMarks(markIn, markOut);
  }

  /** @param {string|null} id @param {{selected?: boolean}} [options] */
  choose(id, options) {
    this.picked.chooseLabel(id, options);
  }

  /** What the next class key would do, in words. */
  describeNextLabel() {
    if (this.player.review.selected) return '1–5 accept the suggestion';
    const span = this.#markedSpan();
    if (span) return `labels ${formatCount(span.start)}–${formatCount(span.end)}`;
    const chosen = this.#relabelTargets();
    if (chosen.length > 1) return `changes the ${formatCount(chosen.length)} selected labels`;
    if (chosen.length) return 'changes the selected label';
    return this.player.classKeys.describe();
  }

  /** Whether a class key labels marks or relabels, rather than opening a span. */
  get takesClass() {
    return this.#markedSpan() !== null || this.#relabelTargets().length > 0;
  }

  /**
   * Labels the marks, or changes the class of what is selected.
   * @param {number} classId
   * @param {number} [from] frame to count as the play head's
   */
  labelWith(classId, from = this.player.position) {
    const chosen = this.#relabelTargets();
    const marked = this.#markedSpan(from);
    if (marked) this.createLabel(classId, marked.start, marked.end);
    else if (chosen.length > 1) this.player.spanEdits.relabelAll(chosen, classId);
    else if (chosen.length && chosen[0].class_id !== classId) this.change(chosen[0], 'relabel', { class_id: classId });
  }

  /** Labels one second from a frame. @param {number} classId @param {number} from */
  labelSecond(classId, from) {
    const { start, end } = this.#secondFrom(from);
    this.createLabel(classId, start, end);
  }

  /**
   * A new label; it is current then, and the marks are gone.
   * @param {number} classId
   * @param {number} start
   * @param {number} end
   */
  createLabel(classId, start, end) {
    const { player } = this;
    const label = this.labels.create(classId, start, end);
    this.player.selection.drop();
    this.setMarks(null, null);
    this.choose(label.annotation_id, { selected: false });
    const warnings = `${this.warnOverlap(label)}${player.sight.warn(classId, label)}`;
    player.say(
      `${player.classOf(classId).name}, ${formatCount(start)}–${formatCount(end)}${warnings && `.${warnings}`}`,
    );
  }

  /**
   * @param {import('./labels.js').Label} label @param {'move'|'relabel'|'delete'|'annotate'} kind
   * @param {Record<string, any>} [fields]
   */
  change(label, kind, fields) {
    this.labels.change(label.annotation_id, kind, fields);
    const warning = kind === 'move' ? this.warnOverlap({ ...label, ...fields }) : '';
    if (warning) this.player.say(`Moved.${warning}`);
    if (kind === 'relabel')
      this.player.say(
        `${this.player.classOf(fields?.class_id).name}.${this.player.sight.warn(fields?.class_id, label)}`,
      );
    if (kind === 'delete') {
      this.choose(null);
      this.player.say(`Deleted ${this.player.classOf(label.class_id).name}. Ctrl Z brings it back.`);
    }
  }

  /** @param {string|null} id @param {Record<string, any>} fields note, confidence, mark */
  annotate(id, fields) {
    const label = this.labels.annotations.get(id ?? '');
    if (!label || !this.labels.isOwn(label)) return;
    const isNew = Object.entries(fields).some(([name, value]) => (label[name] ?? null) !== value);
    if (isNew) this.change(label, 'annotate', fields);
  }

  /**
   * What to add to a message about a label where the project wants overlaps warned of.
   * @param {import('./labels.js').Label} label
   */
  warnOverlap(label) {
    if (this.player.overlapRule !== 'warned') return '';
    const isHit = (one) =>
      one.annotation_id !== label.annotation_id &&
      one.start_frame <= label.end_frame &&
      one.end_frame >= label.start_frame;
    return this.ownLabels().some(isHit) ? ' It overlaps another label of yours.' : '';
  }

  /** @returns {import('./labels.js').Label[]} own labels in order of start */
  ownLabels() {
    return this.labels.own;
  }

  /** To the next or previous own label, from the selected one or from the play head. @param {1|-1} direction */
  walkLabels(direction) {
    const own = this.ownLabels();
    if (!own.length) {
      this.player.say('You have no labels in this video yet.');
      return;
    }
    const at = own.findIndex((label) => label.annotation_id === this.selectedId);
    const { position } = this.player;
    let next = at + direction;
    if (at < 0) {
      next =
        direction > 0
          ? own.findIndex((label) => label.start_frame >= position)
          : own.findLastIndex((label) => label.start_frame < position);
    }
    if (at < 0 && next < 0) next = direction > 0 ? 0 : own.length - 1;
    const label = own[(next + own.length) % own.length];
    this.choose(label.annotation_id);
    this.player.transport.stop();
    void this.player.seek(label.start_frame);
    this.player.timeline.reveal(label);
  }

  /** @param {'undo'|'redo'} kind */
  stepHistory(kind) {
    const stack = kind === 'undo' ? this.labels.undoStack : this.labels.redoStack;
    if (!stack.length) {
      this.player.say(`There is nothing to ${kind}.`);
      return;
    }
    const nSteps = stack.length;
    const ids = this.labels[kind]();
    const n = nSteps - stack.length;
    const done = `${kind === 'undo' ? 'Undone' : 'Done again'}${n > 1 ? `: ${formatCount(n)} changes that were made together` : ''}.`;
    if (ids.length === 1 && this.player.review.revive(this.labels.suggestionOf(ids[0]))) {
      this.player.say(done);
      return;
    }
    const label = ids.map((id) => this.labels.annotations.get(id)).findLast((one) => one);
    if (label) {
      this.choose(label.annotation_id, { selected: false });
      this.player.timeline.reveal(label);
    }
    this.player.say(done);
  }

  /**
   * Drops the marks, else the selection, else the newest open span.
   * @returns {boolean} whether there was anything to drop
   */
  clear() {
    if (this.markIn !== null || this.markOut !== null) {
      this.setMarks(null, null);
      return true;
    }
    if (this.player.selection.drop()) return true;
    if (this.selectedId === null && this.player.classKeys.dropNewest()) return true;
    const had = this.currentId !== null;
    this.choose(null);
    return this.player.review.leave() || had;
  }

  /** The labels selected together, else the selected one, when it may be relabelled. */
  #relabelTargets() {
    const chosen = this.player.selection.list();
    if (chosen.length) return chosen;
    const label = this.labels.annotations.get(this.selectedId ?? '');
    return label && this.labels.isOwn(label) ? [label] : [];
  }

  #markedSpan(from = this.player.position) {
    if (this.markIn === null && this.markOut === null) return null;
    const a = this.markIn ?? from;
    const b = this.markOut ?? from;
    return { start: Math.min(a, b), end: Math.max(a, b) };
  }

  /** One second by presentation times, cut at the last frame. */
  #secondFrom(position) {
    const { times, fps, nFrames } = this.player;
    const stop = secondsOf(times, fps, position) + 1;
    if (stop > secondsOf(times, fps, nFrames - 1)) return { start: position, end: nFrames - 1 };
    return { start: position, end: Math.max(position, frameAt(times, fps, nFrames, stop) - 1) };
  }
}
