/** A small world for the edit log: storage, timers, and a server that keeps the edit contract. */

import { ApiError } from '../../imigue_core/web/player/core/api.js';

export class Storage {
  constructor(entries = []) {
    this.map = new Map(entries);
    this.isFull = false;
  }
  get length() {
    return this.map.size;
  }
  key(i) {
    return [...this.map.keys()][i] ?? null;
  }
  getItem(key) {
    return this.map.get(key) ?? null;
  }
  setItem(key, value) {
    if (this.isFull) throw new Error('QuotaExceededError');
    this.map.set(key, value);
  }
  removeItem(key) {
    this.map.delete(key);
  }
}

/** Acks in order, stops at a gap, knows what it has seen, refuses what it is told to. */
export class Server {
  constructor() {
    this.acked = new Map();
    this.rows = [];
    this.requests = [];
    this.inFlight = 0;
    this.mostInFlight = 0;
    /** @type {ApiError[]} thrown one a request, before anything is done */
    this.failures = [];
    /** how many answers get lost on the way back, after the work was done */
    this.lostAnswers = 0;
    this.refuse = () => null;
    this.malformed = () => false;
  }

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
      changes.push({
        annotation_id: edit.annotation_id,
        video_id: edit.video_id,
        version: edit.base_version + 1,
        ...edit,
      });
    }
    this.acked.set(client, acked);
    return { acked, revisions: {}, changes, ratings: [], refused, ledger_seq: this.rows.length };
  }
}

/** An Env with timers that wait to be run. */
export function makeEnv(server, storage = new Storage()) {
  let n = 0;
  const timers = [];
  return {
    storage,
    post: server.post,
    newId: () => `id-${++n}-${Math.random().toString(16).slice(2)}`,
    setTimer: (run, ms) => {
      const timer = { run, ms, isOn: true };
      timers.push(timer);
      return timer;
    },
    clearTimer: (timer) => {
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
export const draft = (video = 1) => ({
  kind: 'create',
  video_id: video,
  annotation_id: `a-${Math.random()}`,
  base_version: 0,
  class_id: 1,
  start_frame: 0,
  end_frame: 5,
});
