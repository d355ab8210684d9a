/**
 * The class keys: which class lies on which key and bank, and what a press does. With marks, or
 * with labels selected, the key labels or relabels (desk.js); else it opens a span of its class
 * at the play head, and its second press, or its release after being held, closes it there.
 * Open spans wait in the browser's storage, so that a reload loses nothing.
 */

import { formatCount } from '../core/clock.js';
import { readSetting, writeSetting } from '../core/session.js';
import { OpenSpans, readOpenSpans } from '../labels/open_spans.js';
import { orderClasses } from './class_order.js';
import { BANK_KEYS, CLASS_CODES } from './keymap.js';

const BANK_NAMES = ['', 'bank two', 'bank three'];

export class ClassKeys {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** @type {0|1|2} bank of the next class key */
    this.bank = 0;
    this.key = `open:${player.data.project_id}:${player.annotatorId}:${player.data.video_id}`;
    this.reorder();
    this.spans = new OpenSpans(this.#recall());
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

  /** Which class is on which key; told again when the person changed it. */
  reorder() {
    this.classes = orderClasses(this.player.classes, this.player.keys.classOrder);
  }

  /** @param {0|1|2} bank @returns {import('../panel/palette.js').GestureClass[]} */
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
    const cap = this.player.classKeyNames[at % CLASS_CODES.length];
    return bank ? [this.player.keys.capOf('bank', bank), cap] : [cap];
  }

  /** The class keys mean this bank until one is pressed; asked for twice, the first one again. @param {0|1|2} bank */
  chooseBank(bank) {
    this.bank = this.bank === bank ? 0 : bank;
    this.player.refresh();
  }

  /** @returns {boolean} whether a bank was left */
  leaveBank() {
    const was = this.bank !== 0;
    this.bank = 0;
    if (was) this.player.refresh();
    return was;
  }

  /**
   * A class key.
   * @param {number} i place in the bank
   * @param {{isSecond?: boolean}} [options] one second from here, the old way
   */
  press(i, { isSecond = false } = {}) {
    const { player } = this;
    if (player.review.selected) return player.say('A suggestion is selected: 1 to 5 accept it, Esc leaves it.');
    const one = this.inBank(this.bank)[i];
    const from = this.bank;
    this.leaveBank();
    if (!one) return player.say(`There is no class on this key in ${BANK_NAMES[from]}.`);
    if (isSecond) player.desk.labelSecond(one.class_id, player.position);
    else this.pick(one.class_id);
  }

  /**
   * What a class key does with its class.
   * @param {number} classId
   * @param {number} [frame] to count as the play head's
   */
  pick(classId, frame = this.player.position) {
    if (this.player.desk.takesClass) this.player.desk.labelWith(classId, frame);
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
    const classId = this.spans.release(code, performance.now(), this.player.position);
    if (classId !== null) this.#close([classId], this.player.position);
  }

  /** @returns {boolean} whether anything was open */
  closeAll() {
    const open = this.spans.list.map((one) => one.classId);
    if (open.length) this.#close(open, this.player.position);
    return open.length > 0;
  }

  /** @returns {boolean} whether anything was open */
  dropNewest() {
    const dropped = this.spans.dropNewest();
    if (!dropped) return false;
    this.#changed();
    this.player.say(`${this.#nameOf(dropped.classId)} dropped: it was open since ${formatCount(dropped.start)}.`);
    return true;
  }

  /** What the next class key would do when nothing is marked or selected. */
  describe() {
    const { list } = this.spans;
    const bank = this.bank ? `${BANK_NAMES[this.bank]}, ` : '';
    if (!list.length) return `${bank}opens a span here`;
    const names = list.length === 1 ? this.player.classOf(list[0].classId).short_name : `${list.length} spans`;
    return `${bank}opens a span; O closes ${names}`;
  }

  #open(classId, frame) {
    const { player } = this;
    const other = this.spans.list[0];
    if (other && player.overlapRule === 'refused') {
      player.say(`This project takes no overlapping labels: close ${this.#nameOf(other.classId)} first (O).`);
      return;
    }
    this.spans.open(classId, frame);
    this.justOpened = classId;
    player.say(`${this.#nameOf(classId)} begins at ${formatCount(frame)}.${player.sight.warn(classId, null)}`);
    this.#changed();
  }

  /** @param {number[]} classIds of open spans @param {number} frame */
  #close(classIds, frame) {
    const { player } = this;
    const blocked = [];
    player.labels.group(() => {
      for (const classId of classIds) {
        const { start, end } = this.spans.endOf(classId, frame);
        const hit =
          player.overlapRule === 'refused' &&
          player.desk.ownLabels().find((one) => one.start_frame <= end && one.end_frame >= start);
        if (hit)
          blocked.push(
            `${this.#nameOf(classId)} stays open: it would overlap ${this.#nameOf(hit.class_id)}, ${formatCount(hit.start_frame)}–${formatCount(hit.end_frame)}. Esc drops it.`,
          );
        else {
          this.spans.drop(classId);
          player.desk.createLabel(classId, start, end);
        }
      }
    });
    if (blocked.length) player.say(blocked[0]);
    else if (classIds.length > 1) player.say(`${classIds.length} spans closed at ${formatCount(frame)}.`);
    this.#changed();
  }

  #nameOf(classId) {
    return this.player.classOf(classId).name;
  }

  #recall() {
    return readOpenSpans(readSetting(this.key), (classId) => this.player.classById.has(classId), this.player.nFrames);
  }

  /** Another tab of this person opened or closed one. */
  #adopt() {
    this.spans.list = this.#recall();
    this.player.refresh();
  }

  #changed() {
    writeSetting(this.key, this.spans.toText());
    this.player.refresh();
  }
}
