/**
 * The log of edits that the studio has not confirmed yet: kept in memory and in
 * the browser's storage, sent in order, one request at a time, until acknowledged.
 *
 * An edit leaves the log only when the server has settled it (accepted or
 * refused). What an edit does to the picture is the work of labels.js.
 *
 * @typedef {'create'|'move'|'relabel'|'delete'|'annotate'|'rate'|'review'|'undo'|'redo'} Kind
 * @typedef {Object} Draft an edit that is not numbered yet
 * @property {Kind} kind
 * @property {number} video_id
 * @property {string|null} annotation_id the label it is about; null when it is about none, or none that is known
 * @property {number} base_version of what it changes
 * @property {number} [class_id]
 * @property {number} [start_frame]
 * @property {number} [end_frame]
 * @property {string} [note]
 * @property {number|null} [confidence]
 * @property {Label['mark']} [mark]
 * @property {number|null} [valence]
 * @property {import('./labels.js').Rating['emotion']} [emotion]
 * @property {{suggestion_id: number, rank: number}} [suggestion] that a creation accepts
 * @property {number} [suggestion_id] that a review decides about
 * @property {Decision['verdict']} [verdict]
 * @property {string} [target_edit_id] that is undone or redone
 * @property {string} [group_id] edits that the server takes together
 * @property {number} [group_size]
 * @property {Record<string, unknown>} [provenance] how it came about, so that it can be judged later
 *
 * @typedef {Draft & {client_seq: number, edit_id: string}} Edit
 * @typedef {import('./labels.js').Label} Label
 * @typedef {import('./labels.js').Decision} Decision
 * @typedef {import('./labels.js').Held} Held
 * @typedef {{edit_id: string, client_seq: number, code: string, message: string, current: Held|null}} Refusal
 * @typedef {{acked: number, revisions?: Record<string, number>,
 *            changes?: (Held & Pick<Label, 'annotation_id'|'video_id'>)[], ratings?: (Held & {video_id: number})[],
 *            reviews?: (Held & {suggestion_id: number})[], refused?: Refusal[], ledger_seq?: number}} Answer
 * @typedef {{project_id: string, annotator_id: number, client: string, edits: Edit[]}} Body
 * @typedef {import('../core/preferences.js').Timer} Timer
 *
 * @typedef {Object} Env what the log needs of the world, given so that tests can play it
 * @property {Pick<Storage, 'getItem'|'setItem'|'removeItem'|'key'|'length'>|null} storage
 * @property {(body: Body, options: {keepalive: boolean}) => Promise<Answer>} post rejects with an ApiError
 * @property {() => string} newId a uuid
 * @property {(run: () => void, ms: number) => Timer} setTimer
 * @property {(timer: Timer|undefined) => void} clearTimer
 */

import { ApiError } from '../core/api.js';

export const MAX_EDITS = 200;
/** Most edits of a group, which travels in one request. */
export const MAX_GROUP = 1000;
/** Only these say that an edit itself can never be read; whatever else is refused is kept and tried again. */
const UNREADABLE_EDIT = /^(EDIT_MALFORMED|NUMBER_TOO_LARGE|JSON_[A-Z_]+)$/;
/** Where a stored log goes that this page cannot read. */
const UNREADABLE_LOG = ':unreadable';
const MAX_BODY_CHARS = 1_000_000;
/** Browsers refuse a request that outlives its page above 64 KiB. */
const MAX_LAST_CHARS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** @param {string} projectId @param {number} annotatorId */
export const logPrefix = (projectId, annotatorId) => `imigue:${projectId}:${annotatorId}:`;

export class EditLog {
  /**
   * @param {{projectId: string, annotatorId: number, client: string, edits?: Edit[], env: Env,
   *          onAnswer: (answer: Answer, settled: Edit[]) => void, onStatus: () => void,
   *          onRekey?: (log: EditLog) => void}} options
   */
  constructor({ projectId, annotatorId, client, edits = [], env, onAnswer, onStatus, onRekey }) {
    this.projectId = projectId;
    this.annotatorId = annotatorId;
    this.client = client;
    this.env = env;
    this.onAnswer = onAnswer;
    this.onStatus = onStatus;
    this.onRekey = onRekey;
    /** @type {Edit[]} not settled yet, in order */
    this.pending = edits;
    this.lastSeq = edits.length ? edits[edits.length - 1].client_seq : 0;
    this.inFlight = false;
    /** @type {ApiError|null} why the last request failed */
    this.failure = null;
    this.isStored = true;
    /** @type {Edit[]|null} the group that is being made */
    this.held = null;
    this.batchLimit = MAX_EDITS;
    this.nFailures = 0;
    /** @type {Timer|undefined} */
    this.timer = undefined;
    this.closed = false;
  }

  get key() {
    return logPrefix(this.projectId, this.annotatorId) + this.client;
  }

  /**
   * Numbers an edit, keeps it and sends it as soon as the wire is free.
   * @param {Draft} draft @returns {Edit}
   */
  append(draft) {
    this.lastSeq += 1;
    const edit = { client_seq: this.lastSeq, edit_id: this.env.newId(), ...draft };
    this.pending.push(edit);
    if (this.held) this.held.push(edit);
    else this.#appended();
    return edit;
  }

  /**
   * What is appended by `run` is kept and sent as a whole: its edits have the same `group_id` by then. When `run`
   * throws, nothing of it is left.
   * @template T @param {() => T} run @returns {T}
   */
  group(run) {
    /** @type {Edit[]} */
    const held = [];
    this.held = held;
    const before = { pending: [...this.pending], lastSeq: this.lastSeq };
    try {
      const result = run();
      if (held.length > MAX_GROUP)
        throw new Error(`At most ${MAX_GROUP.toLocaleString('en')} changes can be made at once.`);
      if (held.length === 1) delete held[0].group_id;
      else for (const edit of held) edit.group_size = held.length;
      return result;
    } catch (error) {
      this.pending = before.pending;
      this.lastSeq = before.lastSeq;
      held.length = 0;
      throw error;
    } finally {
      this.held = null;
      if (held.length) this.#appended();
    }
  }

  #appended() {
    this.#store();
    this.onStatus();
    if (!this.timer) void this.send();
  }

  /** Sends what is pending, unless a request is under way; resolves when that attempt is over. */
  async send() {
    if (this.inFlight || this.closed || !this.pending.length) return;
    this.env.clearTimer(this.timer);
    this.timer = undefined;
    const batch = this.#takeBatch(this.batchLimit, MAX_BODY_CHARS);
    this.inFlight = true;
    this.onStatus();
    try {
      const answer = await this.env.post(this.#body(batch), { keepalive: false });
      if (!Number.isInteger(answer?.acked))
        throw new ApiError(200, 'ANSWER_UNREADABLE', 'what answered is not the studio');
      this.inFlight = false;
      this.#settle(answer, batch);
    } catch (error) {
      this.inFlight = false;
      this.#fail(/** @type {ApiError} */ (error), batch);
    }
    this.onStatus();
  }

  /** The page is going away: one last request that may outlive it. The stored log covers what it cannot carry. */
  sendLast() {
    if (this.closed || !this.pending.length) return;
    const batch = this.#takeBatch(MAX_EDITS, MAX_LAST_CHARS);
    if (batch.length) this.env.post(this.#body(batch), { keepalive: true }).catch(() => {});
  }

  /** Stops sending; the stored log stays. */
  close() {
    this.closed = true;
    this.env.clearTimer(this.timer);
  }

  /** @param {Edit[]} edits @returns {Body} */
  #body(edits) {
    return { project_id: this.projectId, annotator_id: this.annotatorId, client: this.client, edits };
  }

  /**
   * As many edits as may travel together, at least one of them or one whole group.
   * @param {number} limit @param {number} maxChars
   */
  #takeBatch(limit, maxChars) {
    /** @type {Edit[]} */
    const batch = [];
    let chars = 0;
    for (const unit of listUnits(this.pending)) {
      chars += JSON.stringify(unit).length;
      if (batch.length && (batch.length + unit.length > limit || chars > maxChars)) break;
      batch.push(...unit);
    }
    return maxChars === MAX_LAST_CHARS && JSON.stringify(batch).length > maxChars ? [] : batch;
  }

  /** @param {Answer} answer @param {Edit[]} batch that was sent */
  #settle(answer, batch) {
    const settled = this.pending.filter((edit) => edit.client_seq <= answer.acked);
    this.pending = this.pending.filter((edit) => edit.client_seq > answer.acked);
    this.failure = null;
    this.nFailures = settled.length ? 0 : this.nFailures + 1;
    if (!settled.length && answer.acked < batch[0].client_seq - 1) {
      // The server never saw earlier edits of this log (a restored backup): start a new one it can follow.
      this.#rekey(this.pending);
    }
    this.#store();
    this.onAnswer(answer, settled);
    if (!this.pending.length) this.batchLimit = MAX_EDITS;
    else if (settled.length) void this.send();
    else this.#wait();
  }

  /** @param {ApiError} error @param {Edit[]} batch that was sent */
  #fail(error, batch) {
    this.failure = error;
    this.nFailures += 1;
    if (!UNREADABLE_EDIT.test(error.code)) this.#wait();
    else if (listUnits(batch).length > 1) {
      this.batchLimit = 1; // find the one that is wrong, so that it does not hold up the others
      void this.send();
    } else this.#refuseFirst(error);
  }

  /**
   * The server cannot even read this edit or group: give it up aloud and go on with the rest.
   * @param {ApiError} error
   */
  #refuseFirst(error) {
    const [bad, ...rest] = listUnits(this.pending);
    this.failure = null;
    const refused = bad.map(({ edit_id, client_seq }) => ({
      edit_id,
      client_seq,
      code: error.code,
      message: error.message,
      current: null,
    }));
    this.#rekey(rest.flat());
    this.#store();
    this.onAnswer({ acked: 0, refused }, bad);
    void this.send();
  }

  /** @param {Edit[]} edits to begin with */
  #rekey(edits) {
    this.env.storage?.removeItem(this.key);
    this.client = this.env.newId();
    this.pending = edits;
    edits.forEach((edit, i) => {
      edit.client_seq = i + 1;
    });
    this.lastSeq = edits.length;
    this.onRekey?.(this);
  }

  #wait() {
    const ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(10, this.nFailures - 1));
    this.env.clearTimer(this.timer);
    this.timer = this.env.setTimer(
      () => {
        this.timer = undefined;
        void this.send();
      },
      Math.max(FIRST_WAIT_MS, ms),
    );
  }

  #store() {
    try {
      if (this.pending.length) {
        this.env.storage?.setItem(this.key, JSON.stringify({ client: this.client, edits: this.pending }));
      } else {
        this.env.storage?.removeItem(this.key);
      }
      this.isStored = this.env.storage !== null;
    } catch {
      this.isStored = false; // full or forbidden: memory still holds them
    }
  }
}

/**
 * Edits that travel together: members of a group, every other edit for itself.
 * @param {Edit[]} edits in order @returns {Edit[][]}
 */
export function listUnits(edits) {
  /** @type {Edit[][]} */
  const units = [];
  for (const edit of edits) {
    const last = units.at(-1);
    if (last && edit.group_id && last[0].group_id === edit.group_id) last.push(edit);
    else units.push([edit]);
  }
  return units;
}

/**
 * Logs that other page loads of this annotator left in this project.
 * @param {NonNullable<Env['storage']>} storage
 * @param {string} prefix see `logPrefix`
 * @param {string} own client to leave out
 * @returns {{key: string, client: string}[]}
 */
export function listLeftovers(storage, prefix, own) {
  const found = [];
  for (let i = 0; i < storage.length; i += 1) {
    const key = storage.key(i);
    if (key?.startsWith(prefix) && key !== prefix + own && !key.endsWith(UNREADABLE_LOG))
      found.push({ key, client: key.slice(prefix.length) });
  }
  return found;
}

/**
 * @param {NonNullable<Env['storage']>} storage
 * @param {string} key
 * @returns {Edit[]|null} in order; null when unreadable
 */
export function loadLeftover(storage, key) {
  try {
    /** @type {{edits: Edit[]}} */
    const { edits } = JSON.parse(storage.getItem(key) ?? '{"edits": []}');
    const isWhole = edits.every((edit) => Number.isInteger(edit.client_seq) && typeof edit.edit_id === 'string');
    return isWhole ? edits.sort((a, b) => a.client_seq - b.client_seq) : null;
  } catch {
    return null;
  }
}

/**
 * Puts a log that cannot be read out of the way, its text untouched. Where there is no room it stays where it is.
 * @param {NonNullable<Env['storage']>} storage @param {string} key @returns {string} where it is now
 */
export function setAside(storage, key) {
  try {
    storage.setItem(key + UNREADABLE_LOG, storage.getItem(key) ?? '');
    storage.removeItem(key);
    return key + UNREADABLE_LOG;
  } catch {
    return key;
  }
}
