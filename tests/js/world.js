/**
 * A small world for the edit log: storage, timers, and a server that keeps the edit contract.
 *
 * @typedef {import('../../imigue_core/web/player/labels/edits.js').Edit} Edit
 * @typedef {import('../../imigue_core/web/player/labels/edits.js').Draft} Draft
 * @typedef {import('../../imigue_core/web/player/labels/edits.js').Answer} Answer
 * @typedef {import('../../imigue_core/web/player/labels/edits.js').Body} Body
 * @typedef {import('../../imigue_core/web/player/labels/edits.js').Env} Env
 */

import { ApiError } from '../../imigue_core/web/player/core/api.js';

export class Storage {
  /** @param {[string, string][]} entries */
  constructor(entries = []) {
    this.map = new Map(entries);
    this.isFull = false;
  }
  get length() {
    return this.map.size;
  }
  /** @param {number} i */
  key(i) {
    return [...this.map.keys()][i] ?? null;
  }
  /** @param {string} key */
  getItem(key) {
    return this.map.get(key) ?? null;
  }
  /** @param {string} key @param {string} value */
  setItem(key, value) {
    if (this.isFull) throw new Error('QuotaExceededError');
    this.map.set(key, value);
  }
  /** @param {string} key */
  removeItem(key) {
    this.map.delete(key);
  }
}

/** Acks in order, stops at a gap, knows what it has seen, refuses what it is told to. */
export class Server {
  constructor() {
    /** @type {Map<string, number>} */
    this.acked = new Map();
    /** @type {Edit[]} */
    this.rows = [];
    /** @type {(Body & {keepalive: boolean})[]} */
    this.requests = [];
    this.inFlight = 0;
    this.mostInFlight = 0;
    /** @type {ApiError[]} thrown one a request, before anything is done */
    this.failures = [];
    /** how many answers get lost on the way back, after the work was done */
    this.lostAnswers = 0;
    /** @type {(edit: Edit) => string|null} */
    this.refuse = () => null;
    /** @type {(edit: Edit) => boolean} */
    this.malformed = () => false;
  }

  /** @param {Body} body @param {{keepalive: boolean}} options @returns {Promise<Answer>} */
  post = async (body, options) => {
    this.requests.push({ ...body, ...options });
    this.inFlight += 1;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await Promise.resolve();
    this.inFlight -= 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    if (body.edits.some(this.malformed))
      throw new ApiError(400, 'EDIT_MALFORMED', 'kind: expected one of create, move.');
    const answer = this.#apply(JSON.parse(JSON.stringify(body)));
    if (this.lostAnswers > 0) {
      this.lostAnswers -= 1;
      throw new ApiError(0, 'OFFLINE', 'connection reset');
    }
    return answer;
  };

  /** @param {Body} body @returns {Answer} */
  #apply({ client, edits }) {
    let acked = this.acked.get(client) ?? 0;
    const refused = [];
    const changes = [];
    for (const edit of edits) {
      if (edit.client_seq <= acked) continue;
      if (edit.client_seq !== acked + 1) break;
      acked = edit.client_seq;
      const reason = this.refuse(edit);
      if (reason) {
        refused.push({
          edit_id: edit.edit_id,
          client_seq: edit.client_seq,
          code: 'CONFLICT',
          message: reason,
          current: null,
        });
        continue;
      }
      this.rows.push(edit);
      changes.push({ version: edit.base_version + 1, ...edit, annotation_id: String(edit.annotation_id) });
    }
    this.acked.set(client, acked);
    return { acked, revisions: {}, changes, ratings: [], refused, ledger_seq: this.rows.length };
  }
}

/**
 * An Env with timers that wait to be run.
 * @param {Pick<Server, 'post'>} server @param {Storage} storage
 */
export function makeEnv(server, storage = new Storage()) {
  let n = 0;
  /** @type {{id: number, run: () => void, ms: number, isOn: boolean}[]} */
  const timers = [];
  /** @type {Map<unknown, {isOn: boolean}>} every one that was ever set */
  const known = new Map();
  return {
    storage,
    post: server.post,
    newId: () => `id-${++n}-${Math.random().toString(16).slice(2)}`,
    setTimer: (/** @type {() => void} */ run, /** @type {number} */ ms) => {
      const timer = { id: known.size + 1, run, ms, isOn: true };
      timers.push(timer);
      known.set(timer.id, timer);
      return timer.id;
    },
    clearTimer: (/** @type {unknown} */ id) => {
      const timer = known.get(id);
      if (timer) timer.isOn = false;
    },
    timers,
    /** Runs what waits now, not what that sets up. */
    async runTimers() {
      for (const timer of timers.splice(0)) if (timer.isOn) timer.run();
      await settled();
    },
  };
}

/** Lets every promise that can resolve do so. */
export async function settled() {
  for (let i = 0; i < 60; i += 1) await Promise.resolve();
}

export const offline = () => new ApiError(0, 'OFFLINE', 'the studio does not answer');
/** @param {number} [video] @returns {Draft} */
export const draft = (video = 1) => ({
  kind: 'create',
  video_id: video,
  annotation_id: `a-${Math.random()}`,
  base_version: 0,
  class_id: 1,
  start_frame: 0,
  end_frame: 5,
});
