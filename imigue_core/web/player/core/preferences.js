/**
 * What this person chose for the player, the same in every browser: read once at the start,
 * written a moment after a change. The key map is a preference of its own; every other name is
 * a field of the preference `player`. A server that does not answer leaves the defaults, and
 * what was changed is sent with the next change.
 */

/** @typedef {ReturnType<typeof setTimeout>|number} Timer tests count theirs */
/**
 * @typedef {{setTimer: (run: () => void, ms: number) => Timer, clearTimer: (timer: Timer|undefined) => void}} Timers
 */

const WAIT_MS = 600;
const OWN = ['keymap'];
/** The server takes no longer value. */
const MOST_CHARACTERS = 20_000;

export class Preferences {
  /**
   * @param {import('./api.js').Api} api
   * @param {Timers} [timers]
   */
  constructor(
    api,
    timers = { setTimer: (run, ms) => setTimeout(run, ms), clearTimer: (timer) => clearTimeout(timer) },
  ) {
    this.api = api;
    this.timers = timers;
    /** @type {Record<string, unknown>} as the server has them */
    this.stored = {};
    /** @type {Map<string, unknown>} what was changed and is not written yet */
    this.changed = new Map();
    /** @type {Timer|undefined} */
    this.timer = undefined;
    this.isLoaded = false;
    /** @type {Promise<void>} one writing at a time */
    this.writing = Promise.resolve();
  }

  /** Reads what is stored; never fails. */
  async load() {
    try {
      this.#take(await this.api.getJson('/preferences'));
    } catch {
      // The defaults serve until the server answers again.
    }
  }

  /**
   * @template T
   * @param {string} name
   * @param {T} fallback where nothing, or nothing of that kind, is stored
   * @returns {T}
   */
  get(name, fallback) {
    const value = this.changed.has(name)
      ? this.changed.get(name)
      : OWN.includes(name)
        ? this.stored[name]
        : asObject(this.stored.player)[name];
    const isOfKind =
      fallback === null ||
      fallback === undefined ||
      (typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback));
    return value !== undefined && value !== null && isOfKind ? /** @type {T} */ (value) : fallback;
  }

  /** @param {string} name @param {unknown} value what JSON can hold; null forgets it */
  set(name, value) {
    if (JSON.stringify(value).length > MOST_CHARACTERS) return;
    this.changed.set(name, value);
    this.timers.clearTimer(this.timer);
    this.timer = this.timers.setTimer(() => void this.flush(), WAIT_MS);
  }

  /** Writes what was changed, now. @returns {Promise<void>} */
  flush() {
    this.timers.clearTimer(this.timer);
    this.writing = this.writing.then(() => this.#write());
    return this.writing;
  }

  /** The page goes away: what was changed goes out while it can. */
  sendLast() {
    if (!this.changed.size || !this.isLoaded) return;
    for (const [name, value] of this.#merged(this.stored))
      void this.api.postJson('/preferences', { name, value }, { keepalive: true }).catch(() => {});
  }

  dispose() {
    this.timers.clearTimer(this.timer);
    this.sendLast();
  }

  /** Read first: another browser of this person may have changed other things. */
  async #write() {
    if (!this.changed.size) return;
    try {
      const sent = new Map(this.changed);
      const stored = await this.api.getJson('/preferences');
      for (const [name, value] of this.#merged(stored)) {
        await this.api.postJson('/preferences', { name, value });
        stored[name] = value;
      }
      this.#take(stored);
      for (const [name, value] of sent) if (this.changed.get(name) === value) this.changed.delete(name);
    } catch {
      // Kept in `changed`; the next change tries again.
    }
  }

  /** @param {Record<string, unknown>} stored @returns {[string, unknown][]} the preferences to write */
  #merged(stored) {
    const own = OWN.filter((name) => this.changed.has(name));
    const fields = [...this.changed].filter(([name]) => !OWN.includes(name));
    const found = /** @type {[string, unknown][]} */ (own.map((name) => [name, this.changed.get(name)]));
    if (fields.length) found.push(['player', { ...asObject(stored.player), ...Object.fromEntries(fields) }]);
    return found;
  }

  /** @param {unknown} stored */
  #take(stored) {
    this.stored = asObject(stored);
    this.isLoaded = true;
  }
}

/** @param {unknown} value @returns {Record<string, unknown>} */
const asObject = (value) =>
  value && typeof value === 'object' && !Array.isArray(value) ? /** @type {Record<string, unknown>} */ (value) : {};
