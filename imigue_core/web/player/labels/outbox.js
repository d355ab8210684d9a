/**
 * All edits on their way from this page: its own log, and logs that closed or
 * crashed pages left behind, replayed under their own names by one tab at a time.
 * Also the one sentence that says whether work is safe.
 */

import { watch } from '../core/watch.js';
import { EditLog, listLeftovers, loadLeftover, logPrefix, setAside } from './edits.js';

/** @typedef {import('./edits.js').Edit} Edit */
/** @typedef {import('./edits.js').Answer} Answer */
/** @typedef {import('./edits.js').Refusal & {edit: Edit, at: number}} Refused `at`: ms */

const REFUSAL_SHOWN_MS = 10_000;

export class Outbox {
  /**
   * @param {{projectId: string, annotatorId: number, env: import('./edits.js').Env,
   *          locks?: Pick<LockManager, 'request'>, now?: () => number}} options
   */
  constructor({ projectId, annotatorId, env, locks, now = () => Date.now() }) {
    this.projectId = projectId;
    this.annotatorId = annotatorId;
    this.env = env;
    this.locks = locks;
    this.now = now;
    this.ledgerSeq = 0;
    /** @type {Refused[]} replaced, never changed in place */
    this.refusals = [];
    /** grows whenever the logs, which are not watched themselves, or the clock may have changed `status` */
    this.nNews = 0;
    watch(this, 'refusals', 'nNews');
    /** @type {Set<(answer: Answer, settled: Edit[]) => void>} */
    this.listeners = new Set();
    /** @type {EditLog[]} */
    this.logs = [];
    /** @type {Map<EditLog, (value?: unknown) => void>} */
    this.releases = new Map();
    this.own = this.#open(env.newId(), []);
    this.#hold(this.own);
  }

  get pendingCount() {
    return this.logs.reduce((sum, log) => sum + log.pending.length, 0);
  }

  /** @param {number} videoId @returns {Edit[]} own edits of this page that are not settled */
  pendingOf(videoId) {
    return this.own.pending.filter((edit) => edit.video_id === videoId);
  }

  /** @param {import('./edits.js').Draft} draft @returns {Edit} */
  append(draft) {
    return this.own.append(draft);
  }

  /** What `run` appends is kept and sent as a whole. @template T @param {() => T} run @returns {T} */
  group(run) {
    return this.own.group(run);
  }

  /** Tries again at once, because something changed: the network, the focus, the identity. */
  retry() {
    for (const log of this.logs) void log.send();
  }

  sendLast() {
    for (const log of this.logs) log.sendLast();
  }

  /** Sends what other page loads left; resolves when they are all settled. */
  async replayLeftovers() {
    const { storage } = this.env;
    if (!storage) return;
    const prefix = logPrefix(this.projectId, this.annotatorId);
    await Promise.all(listLeftovers(storage, prefix, this.own.client).map((left) => this.#replay(left)));
  }

  /** Saved, saving, offline or refused. @returns {{state: 'saved'|'saving'|'offline'|'refused', text: string}} */
  get status() {
    void this.nNews;
    const n = this.pendingCount;
    const kept = `${n} ${n === 1 ? 'edit' : 'edits'} kept`;
    const failed = this.logs.find((log) => log.failure)?.failure;
    if (failed && n) {
      if (failed.status === 0) return { state: 'offline', text: `Offline – ${kept}` };
      return { state: 'offline', text: `Not saved (${failed.code}) – ${kept}` };
    }
    const refusal = this.refusals.findLast((one) => one.code !== 'GROUP_REFUSED') ?? this.refusals.at(-1);
    if (refusal && this.now() - refusal.at < REFUSAL_SHOWN_MS)
      return { state: 'refused', text: `Refused: ${refusal.message}` };
    if (n)
      return {
        state: 'saving',
        text: this.logs.every((log) => log.isStored) ? 'Saving…' : 'Saving… (no copy in this browser)',
      };
    return { state: 'saved', text: this.ledgerSeq ? `Saved · #${this.ledgerSeq}` : 'Saved' };
  }

  /** The sentence behind a failure, for the tooltip. */
  get detail() {
    void this.nNews;
    return this.logs.find((log) => log.failure)?.failure?.message ?? '';
  }

  /** @param {string} client @param {Edit[]} edits */
  #open(client, edits) {
    const log = new EditLog({
      projectId: this.projectId,
      annotatorId: this.annotatorId,
      client,
      edits,
      env: this.env,
      onAnswer: (answer, settled) => this.#answered(answer, settled),
      onStatus: () => this.#announce(),
      onRekey: (rekeyed) => this.#hold(rekeyed),
    });
    this.logs.push(log);
    return log;
  }

  /** These refusals were read. @param {Outbox['refusals']} read */
  dismiss(read) {
    this.refusals = this.refusals.filter((one) => !read.includes(one));
  }

  /** @param {Answer} answer @param {Edit[]} settled */
  #answered(answer, settled) {
    this.ledgerSeq = answer.ledger_seq ?? this.ledgerSeq; // smaller than before after a restored backup
    for (const refusal of answer.refused ?? []) {
      const edit = settled.find((one) => one.edit_id === refusal.edit_id);
      if (edit) this.#refuse({ ...refusal, edit, at: this.now() });
    }
    for (const listener of this.listeners) listener(answer, settled);
    if (answer.refused?.length) this.env.setTimer(() => this.#announce(), REFUSAL_SHOWN_MS + 50);
  }

  #announce() {
    this.nNews += 1;
  }

  /** @param {Refused} refused */
  #refuse(refused) {
    this.refusals = [...this.refusals, refused];
  }

  /** As long as this page lives, no other tab may replay its log. @param {EditLog} log */
  #hold(log) {
    this.releases.get(log)?.();
    void this.locks?.request(log.key, () => new Promise((release) => this.releases.set(log, release)));
  }

  /** @param {string} key where the log is kept */
  #reportUnreadable(key) {
    const place = `They stay in its local storage as ${key}.`;
    const message = `Edits that an earlier page kept in this browser cannot be read. ${place}`;
    const nothing = /** @type {Edit} */ ({ edit_id: '', client_seq: 0 });
    this.#refuse({ ...nothing, code: 'LOG_UNREADABLE', message, current: null, edit: nothing, at: this.now() });
  }

  /** @param {{key: string, client: string}} leftover */
  async #replay({ key, client }) {
    const run = async () => {
      const storage = /** @type {NonNullable<import('./edits.js').Env['storage']>} */ (this.env.storage);
      const edits = loadLeftover(storage, key);
      if (!edits) return this.#reportUnreadable(setAside(storage, key));
      if (!edits.length) return storage.removeItem(key);
      const log = this.#open(client, edits);
      await log.send();
      while (log.pending.length) await new Promise((next) => this.env.setTimer(() => next(undefined), 200));
      this.logs = this.logs.filter((one) => one !== log);
      this.#announce();
    };
    if (!this.locks) return run();
    return this.locks.request(key, { ifAvailable: true }, (lock) => (lock ? run() : undefined));
  }
}
