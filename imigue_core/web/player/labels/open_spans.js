/**
 * Spans whose start is set and whose end is not: a class key opens one, its second press, or
 * its release after being held, closes it. Pure: frames and milliseconds come in, what became
 * a whole span comes out; keys, labels and storage are class_keys.js.
 *
 * @typedef {{classId: number, start: number}} OpenSpan
 * @typedef {{classId: number, start: number, end: number}} ClosedSpan both ends inside
 */

import { watch } from '../core/watch.js';

/** A key held this long while the play head moves marks the span by itself. */
export const HOLD_MS = 350;

export class OpenSpans {
  /** @param {OpenSpan[]} [list] in order of opening */
  constructor(list = []) {
    this.list = list;
    /** @type {Map<string, {classId: number, sinceMs: number}>} keys, by place, that opened a span and are still down */
    this.held = new Map();
    watch(this, 'list');
  }

  /** @param {number} classId @returns {OpenSpan|null} */
  find(classId) {
    return this.list.find((one) => one.classId === classId) ?? null;
  }

  /** @param {number} classId @param {number} frame */
  open(classId, frame) {
    this.list = [...this.list, { classId, start: frame }];
  }

  /** @param {number} classId of an open span @param {number} frame where it closes @returns {ClosedSpan} */
  endOf(classId, frame) {
    const { start } = /** @type {OpenSpan} */ (this.find(classId));
    return { classId, start: Math.min(start, frame), end: Math.max(start, frame) };
  }

  /** @param {number} classId */
  drop(classId) {
    this.list = this.list.filter((one) => one.classId !== classId);
    for (const [code, one] of this.held) if (one.classId === classId) this.held.delete(code);
  }

  /** @returns {OpenSpan|null} the newest one, which is open no more */
  dropNewest() {
    const newest = this.list.at(-1) ?? null;
    if (newest) this.drop(newest.classId);
    return newest;
  }

  /**
   * The key at this place opened a span and is down.
   * @param {string} code
   * @param {number} classId
   * @param {number} nowMs
   */
  hold(code, classId, nowMs) {
    if (this.find(classId)) this.held.set(code, { classId, sinceMs: nowMs });
  }

  /** The focus or the page went away: which keys are still down is not known any more. */
  letGo() {
    this.held.clear();
  }

  /**
   * A key came up.
   * @param {string} code @param {number} nowMs @param {number} frame of the play head
   * @returns {number|null} the class whose span this closes
   */
  release(code, nowMs, frame) {
    const held = this.held.get(code);
    if (!held) return null;
    this.held.delete(code);
    const span = this.find(held.classId);
    return span && nowMs - held.sinceMs >= HOLD_MS && frame !== span.start ? held.classId : null;
  }

  toText() {
    return JSON.stringify(this.list.map(({ classId, start }) => [classId, start]));
  }
}

/**
 * What was kept in the browser, as far as it makes sense for this video.
 * @param {string|null} text @param {(classId: number) => boolean} isClass @param {number} nFrames @returns {OpenSpan[]}
 */
export function readOpenSpans(text, isClass, nFrames) {
  let kept;
  try {
    kept = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  const seen = new Set();
  /** @param {unknown} one of what was stored @returns {one is [number, number]} */
  const isSound = (one) =>
    Array.isArray(one) &&
    isClass(one[0]) &&
    Number.isInteger(one[1]) &&
    one[1] >= 0 &&
    one[1] < nFrames &&
    !seen.has(one[0]) &&
    Boolean(seen.add(one[0]));
  return Array.isArray(kept) ? kept.filter(isSound).map(([classId, start]) => ({ classId, start })) : [];
}
