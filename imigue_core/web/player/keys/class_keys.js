/**
 * The class keys: which class lies on which key and bank, and what a press does. With marks, or
 * with labels selected, the key labels or relabels (desk.js); else it opens a span of its class
 * at the play head, and its second press, or its release after being held, closes it there.
 * Open spans wait in the browser's storage, so that a reload loses nothing.
 */

import { formatCount } from '../core/clock.js';
import { readSetting, writeSetting } from '../core/session.js';
import { computed, watch } from '../core/watch.js';
import { OpenSpans, readOpenSpans } from '../labels/open_spans.js';
import { orderClasses } from './class_order.js';
import { BANK_KEYS, CLASS_CODES } from './keymap.js';

const BANK_NAMES = ['', 'bank two', 'bank three'];

/** @typedef {import('../core/server.js').GestureClass} GestureClass */

export class ClassKeys {
  /**
   * @param {{ids: import('../core/video_info.js').Ids, clock: import('../core/video_clock.js').VideoClock,
   *          classes: import('../core/classes.js').ClassList, keys: import('./key_table.js').KeyTable,
   *          classKeyNames: string[], picked: import('../labels/picked.js').Picked,
   *          desk: import('../labels/desk.js').Desk, labels: import('../labels/labels.js').Labels,
   *          info: import('../core/video_info.js').VideoInfo, warnings: import('../labels/warnings.js').Warnings,
   *          say: (text: string) => void}} options `classKeyNames`: what is printed on the keys of a bank
   */
  constructor({ ids, clock, classes, keys, classKeyNames, picked, desk, labels, info, warnings, say }) {
    this.clock = clock;
    this.classList = classes;
    this.keys = keys;
    this.classKeyNames = classKeyNames;
    this.picked = picked;
    this.desk = desk;
    this.labels = labels;
    this.info = info;
    this.warnings = warnings;
    this.say = say;
    /** @type {0|1|2} bank of the next class key */
    this.bank = 0;
    /** @type {number|null} class whose span the key that is going down opened */
    this.justOpened = null;
    this.ordered = computed(() => orderClasses(classes.list, keys.classOrder));
    this.key = `open:${ids.projectId}:${ids.annotatorId}:${ids.videoId}`;
    this.spans = new OpenSpans(this.#recall());
    watch(this, 'bank');
    /** @param {StorageEvent} event */
    const onStorage = (event) => event.key === this.key && this.#adopt();
    const letGo = () => this.spans.letGo();
    window.addEventListener('storage', onStorage);
    window.addEventListener('blur', letGo);
    document.addEventListener('visibilitychange', letGo);
    this.dispose = () => {
      window.removeEventListener('storage', onStorage);
      window.removeEventListener('blur', letGo);
      document.removeEventListener('visibilitychange', letGo);
    };
  }

  /** As they lie on the keys, bank by bank. @returns {GestureClass[]} */
  get classes() {
    return this.ordered.value;
  }

  /** @param {0|1|2} bank @returns {GestureClass[]} */
  inBank(bank) {
    return this.classes.slice(bank * CLASS_CODES.length, (bank + 1) * CLASS_CODES.length);
  }

  /**
   * The presses that pick a class, as printed on this keyboard, such as ["Q", "3"].
   * @param {number} classId
   * @returns {string[]}
   */
  capsOf(classId) {
    const at = this.classes.findIndex((one) => one.class_id === classId);
    const bank = Math.floor(at / CLASS_CODES.length);
    if (at < 0 || bank >= BANK_KEYS.length) return [];
    const cap = this.classKeyNames[at % CLASS_CODES.length];
    return bank ? [this.keys.capOf('bank', bank), cap] : [cap];
  }

  /** The class keys mean this bank until one is pressed; asked for twice, the first one again. @param {0|1|2} bank */
  chooseBank(bank) {
    this.bank = this.bank === bank ? 0 : bank;
  }

  /** @returns {boolean} whether a bank was left */
  leaveBank() {
    const was = this.bank !== 0;
    this.bank = 0;
    return was;
  }

  /**
   * A class key.
   * @param {number} i place in the bank
   * @param {{isSecond?: boolean}} [options] one second from here, the old way
   */
  press(i, { isSecond = false } = {}) {
    if (this.picked.suggestion) return this.say('A suggestion is selected: 1 to 5 accept it, Esc leaves it.');
    const one = this.inBank(this.bank)[i];
    const from = this.bank;
    this.leaveBank();
    if (!one) return this.say(`There is no class on this key in ${BANK_NAMES[from]}.`);
    if (isSecond) this.desk.labelSecond(one.class_id, this.clock.position);
    else this.pick(one.class_id);
  }

  /**
   * What a class key does with its class.
   * @param {number} classId
   * @param {number} [frame] to count as the play head's
   */
  pick(classId, frame = this.clock.position) {
    if (this.desk.takesClass) this.desk.labelWith(classId, frame);
    else if (this.spans.find(classId)) this.#close([classId], frame);
    else this.#open(classId, frame);
  }

  /** The key that was pressed last is down. @param {string} code */
  watch(code) {
    const newest = this.spans.list.at(-1);
    if (newest && newest.classId === this.justOpened) this.spans.hold(code, newest.classId, performance.now());
    this.justOpened = null;
  }

  /** A key came up; wherever the focus is now. @param {string} code */
  release(code) {
    const classId = this.spans.release(code, performance.now(), this.clock.position);
    if (classId !== null) this.#close([classId], this.clock.position);
  }

  /** @returns {boolean} whether anything was open */
  closeAll() {
    const open = this.spans.list.map((one) => one.classId);
    if (open.length) this.#close(open, this.clock.position);
    return open.length > 0;
  }

  /** @returns {boolean} whether anything was open */
  dropNewest() {
    const dropped = this.spans.dropNewest();
    if (!dropped) return false;
    this.#changed();
    this.say(`${this.#nameOf(dropped.classId)} dropped: it was open since ${formatCount(dropped.start)}.`);
    return true;
  }

  /** What the next class key would do, in words. */
  describe() {
    if (this.picked.suggestion) return '1–5 accept the suggestion';
    const labelled = this.desk.describeNextLabel();
    if (labelled !== null) return labelled;
    const { list } = this.spans;
    const bank = this.bank ? `${BANK_NAMES[this.bank]}, ` : '';
    if (!list.length) return `${bank}opens a span here`;
    const names = list.length === 1 ? this.classList.of(list[0].classId).short_name : `${list.length} spans`;
    return `${bank}opens a span; O closes ${names}`;
  }

  /** @param {number} classId @param {number} frame */
  #open(classId, frame) {
    const other = this.spans.list[0];
    if (other && this.info.overlapRule === 'refused') {
      this.say(`This project takes no overlapping labels: close ${this.#nameOf(other.classId)} first (O).`);
      return;
    }
    this.spans.open(classId, frame);
    this.justOpened = classId;
    this.say(`${this.#nameOf(classId)} begins at ${formatCount(frame)}.${this.warnings.ofSight(classId, null)}`);
    this.#changed();
  }

  /** @param {number[]} classIds of open spans @param {number} frame */
  #close(classIds, frame) {
    /** @type {string[]} */
    const blocked = [];
    this.labels.group(() => {
      for (const classId of classIds) {
        const { start, end } = this.spans.endOf(classId, frame);
        const hit =
          this.info.overlapRule === 'refused' &&
          this.labels.own.find((one) => one.start_frame <= end && one.end_frame >= start);
        if (hit) blocked.push(this.#describeBlocked(classId, hit));
        else {
          this.spans.drop(classId);
          this.desk.createLabel(classId, start, end);
        }
      }
    });
    if (blocked.length) this.say(blocked[0]);
    else if (classIds.length > 1) this.say(`${classIds.length} spans closed at ${formatCount(frame)}.`);
    this.#changed();
  }

  /** @param {number} classId of an open span @param {import('../labels/labels.js').Label} hit what it would overlap */
  #describeBlocked(classId, hit) {
    const frames = `${formatCount(hit.start_frame)}–${formatCount(hit.end_frame)}`;
    const other = `${this.#nameOf(hit.class_id)}, ${frames}`;
    return `${this.#nameOf(classId)} stays open: it would overlap ${other}. Esc drops it.`;
  }

  /** @param {number} classId */
  #nameOf(classId) {
    return this.classList.of(classId).name;
  }

  #recall() {
    return readOpenSpans(readSetting(this.key), (classId) => this.classList.has(classId), this.clock.nFrames);
  }

  /** Another tab of this person opened or closed one. */
  #adopt() {
    this.spans.list = this.#recall();
  }

  #changed() {
    writeSetting(this.key, this.spans.toText());
  }
}
