/**
 * The annotator's hands on single labels: making, changing and deleting them, walking through
 * them, undo and redo. What is selected is picked.js, several labels at once span_edits.js.
 *
 * The rule of a class key: with marks it labels the marked span; else, with a label
 * selected (Tab or a click), it changes that label's class; else it opens or closes a
 * span (class_keys.js). A label just made is current, not selected.
 */

import { formatCount } from '../core/clock.js';

/** @typedef {import('./labels.js').Label} Label */
/** @typedef {import('../timeline/geometry.js').Spanlike} Spanlike */

export class Desk {
  /**
   * @param {{labels: import('./labels.js').Labels, picked: import('./picked.js').Picked,
   *          classes: import('../core/classes.js').ClassList, warnings: import('./warnings.js').Warnings,
   *          clock: import('../core/video_clock.js').VideoClock, say: (text: string) => void,
   *          seek: (frame: number) => void, stop: () => void, reveal: (span: Spanlike) => void,
   *          relabelAll: (labels: Label[], classId: number) => void, revive: (suggestionId: number|null) => boolean
   *         }} options `stop`: playing; `revive`: puts a suggestion that an undo brought back under review
   */
  constructor({ labels, picked, classes, warnings, clock, say, seek, stop, reveal, relabelAll, revive }) {
    this.labels = labels;
    this.picked = picked;
    this.classes = classes;
    this.warnings = warnings;
    this.clock = clock;
    this.say = say;
    this.seek = seek;
    this.stop = stop;
    this.reveal = reveal;
    this.relabelAll = relabelAll;
    this.revive = revive;
  }

  /** What a class key would do with what is marked or selected, in words; null when it opens a span. */
  describeNextLabel() {
    const span = this.picked.marked();
    if (span) return `labels ${formatCount(span.start_frame)}–${formatCount(span.end_frame)}`;
    const chosen = this.#relabelTargets();
    if (chosen.length > 1) return `changes the ${formatCount(chosen.length)} selected labels`;
    return chosen.length ? 'changes the selected label' : null;
  }

  /** Whether a class key labels marks or relabels, rather than opening a span. */
  get takesClass() {
    return this.picked.isMarked || this.#relabelTargets().length > 0;
  }

  /**
   * Labels the marks, or changes the class of what is selected.
   * @param {number} classId
   * @param {number} [from] frame to count as the play head's
   */
  labelWith(classId, from = this.clock.position) {
    const marked = this.picked.marked(from);
    if (marked) {
      this.createLabel(classId, marked.start_frame, marked.end_frame);
      return;
    }
    const [label, ...others] = this.#relabelTargets();
    if (others.length) this.relabelAll([label, ...others], classId);
    else if (label && label.class_id !== classId) this.change(label, 'relabel', { class_id: classId });
  }

  /** Labels one second from a frame. @param {number} classId @param {number} from */
  labelSecond(classId, from) {
    this.createLabel(classId, from, this.#endOfSecond(from));
  }

  /**
   * A new label; it is current then, and the marks are gone.
   * @param {number} classId
   * @param {number} start
   * @param {number} end
   */
  createLabel(classId, start, end) {
    const label = this.labels.create(classId, start, end);
    this.picked.dropChosen();
    this.picked.setMarks(null, null);
    this.picked.chooseLabel(label.annotation_id, { selected: false });
    const warnings = this.warnings.of(label);
    const text = `${this.classes.of(classId).name}, ${formatCount(start)}–${formatCount(end)}`;
    this.say(`${text}${warnings && `.${warnings}`}`);
  }

  /**
   * @param {Label} label @param {'move'|'relabel'|'delete'|'annotate'} kind
   * @param {Partial<Pick<Label, 'class_id'|'start_frame'|'end_frame'|'note'|'confidence'|'mark'>>} [fields]
   */
  change(label, kind, fields = {}) {
    this.labels.change(label.annotation_id, kind, fields);
    const after = { ...label, ...fields };
    if (kind === 'move') {
      const warning = this.warnings.ofOverlap(after);
      if (warning) this.say(`Moved.${warning}`);
    } else if (kind === 'relabel') {
      this.say(`${this.classes.of(after.class_id).name}.${this.warnings.ofSight(after.class_id, label)}`);
    } else if (kind === 'delete') {
      this.picked.chooseLabel(null);
      this.say(`Deleted ${this.classes.of(label.class_id).name}. Ctrl Z brings it back.`);
    }
  }

  /** @param {string|null} id @param {Partial<Pick<Label, 'note'|'confidence'|'mark'>>} fields */
  annotate(id, fields) {
    const label = id === null ? null : this.labels.find(id);
    if (!label || !this.labels.isOwn(label) || !differs(label, fields)) return;
    this.change(label, 'annotate', fields);
  }

  /** To the next or previous own label, from the selected one or from the play head. @param {1|-1} direction */
  walkLabels(direction) {
    const { own } = this.labels;
    if (!own.length) {
      this.say('You have no labels in this video yet.');
      return;
    }
    const at = own.findIndex((label) => label.annotation_id === this.picked.selectedId);
    const next = at < 0 ? this.#nextFromHere(own, direction) : at + direction;
    const label = own[(next + own.length) % own.length];
    this.picked.chooseLabel(label.annotation_id);
    this.stop();
    this.seek(label.start_frame);
    this.reveal(label);
  }

  /** @param {'undo'|'redo'} kind */
  stepHistory(kind) {
    const stack = kind === 'undo' ? this.labels.undoStack : this.labels.redoStack;
    if (!stack.length) {
      this.say(`There is nothing to ${kind}.`);
      return;
    }
    const nSteps = stack.length;
    const ids = this.labels[kind]();
    const n = nSteps - stack.length;
    const together = n > 1 ? `: ${formatCount(n)} changes that were made together` : '';
    const done = `${kind === 'undo' ? 'Undone' : 'Done again'}${together}.`;
    const isRevived = ids.length === 1 && this.revive(this.labels.suggestionOf(ids[0]));
    const label = ids.map((id) => this.labels.find(id)).findLast((one) => one !== null);
    if (label && !isRevived) {
      this.picked.chooseLabel(label.annotation_id, { selected: false });
      this.reveal(label);
    }
    this.say(done);
  }

  /** The labels selected together, else the selected one, when it may be relabelled. @returns {Label[]} */
  #relabelTargets() {
    const { labels: chosen, isSelected, label } = this.picked;
    if (chosen.length) return chosen;
    return isSelected && label && this.labels.isOwn(label) ? [label] : [];
  }

  /** @param {Label[]} own by start @param {1|-1} direction @returns {number} place in `own` */
  #nextFromHere(own, direction) {
    const { position } = this.clock;
    if (direction > 0)
      return Math.max(
        0,
        own.findIndex((label) => label.start_frame >= position),
      );
    const before = own.findLastIndex((label) => label.start_frame < position);
    return before < 0 ? own.length - 1 : before;
  }

  /** One second by presentation times, cut at the last frame. @param {number} start */
  #endOfSecond(start) {
    const { clock } = this;
    const stop = clock.secondsOf(start) + 1;
    const last = clock.nFrames - 1;
    return stop > clock.secondsOf(last) ? last : Math.max(start, clock.frameAt(stop) - 1);
  }
}

/**
 * Whether any of these fields would change a label.
 * @param {Label} label @param {Partial<Pick<Label, 'note'|'confidence'|'mark'>>} fields
 */
export function differs(label, fields) {
  const names = /** @type {('note'|'confidence'|'mark')[]} */ (Object.keys(fields));
  return names.some((name) => (label[name] ?? null) !== fields[name]);
}
