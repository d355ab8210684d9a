/**
 * Hearing at once of what others, or other tabs, do in this video: one long poll after
 * another. What an answer means for labels is labels.js, for coverage coverage.js; player.js brings it there.
 */

const WAIT_S = 20;
const RETRY_MS = 2000;
const CROWDED_MS = 6000;
/** What the database is refused with when it cannot even be asked any more. */
const DAMAGE = /^(STORAGE_DAMAGED|STORAGE_NOT_OURS|EDITS_MISSING)$/;

export class Live {
  /**
   * @param {{api: import('./api.js').Api, ids: import('./video_info.js').Ids,
   *          state: {revision: number, ledger_seq: number}, onAnswer: (answer: import('./server.js').Changes) => void,
   *          onDamage: (damage: import('./server.js').Damage|null) => void
   *         }} options `state`: where to start from; `onDamage`: something is wrong with the database, or no more
   */
  constructor({ api, ids, state, onAnswer, onDamage }) {
    this.api = api;
    this.ids = ids;
    this.onAnswer = onAnswer;
    this.onDamage = onDamage;
    /** code of what is known to be wrong with the database */
    this.damage = '';
    this.revision = state.revision;
    this.seq = state.ledger_seq;
    this.stopped = false;
    this.abort = new AbortController();
    this.wake = () => {};
    this.onVisible = () => (document.hidden ? this.abort.abort() : this.wake());
    document.addEventListener('visibilitychange', this.onVisible);
    void this.#run();
  }

  dispose() {
    this.stopped = true;
    document.removeEventListener('visibilitychange', this.onVisible);
    this.abort.abort();
    this.wake();
  }

  async #run() {
    while (!this.stopped) {
      // A tab that nobody looks at holds no connection: a browser has six for a site.
      if (document.hidden) await new Promise((next) => (this.wake = () => next(null)));
      else await this.#poll();
    }
  }

  async #poll() {
    this.abort = new AbortController();
    try {
      const query = `since=${this.revision}&seq=${this.seq}&wait=${WAIT_S}&damage=${this.damage}`;
      const answer = await this.api.getJson(`${this.ids.videoPath}/changes?${query}`, { signal: this.abort.signal });
      if (this.stopped) return;
      this.revision = answer.revision;
      this.seq = answer.ledger_seq;
      this.#hearOfDamage(answer.damage);
      this.onAnswer(answer);
    } catch (error) {
      if (this.stopped || this.abort.signal.aborted) return;
      const { code, message = '', hint = '' } = /** @type {Partial<import('./api.js').ApiError>} */ (error);
      if (code && DAMAGE.test(code)) this.#hearOfDamage({ code, message, hint });
      if (code === 'NOT_AVAILABLE') this.stopped = true; // removed meanwhile; the watcher says so
      await new Promise((next) => {
        this.wake = () => next(null);
        setTimeout(next, code === 'TOO_MANY_POLLS' ? CROWDED_MS : RETRY_MS);
      });
    }
  }

  /** @param {import('./server.js').Damage|null} damage */
  #hearOfDamage(damage) {
    const code = damage?.code ?? '';
    if (code !== this.damage) this.onDamage(damage);
    this.damage = code;
  }
}
