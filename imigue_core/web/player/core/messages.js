/** The one sentence that tells what just happened; the stage shows it and lets it fade. */

import { watch } from './watch.js';

export class Messages {
  constructor() {
    /** @type {{text: string}|null} a new object each time, so that the same words said twice show twice */
    this.last = null;
    watch(this, 'last');
  }

  /** @param {string} text */
  say = (text) => {
    this.last = { text };
  };

  /** Runs something that may be refused, and says so when it is. @param {() => Promise<void>} run */
  attempt = async (run) => {
    try {
      await run();
    } catch (error) {
      this.say(describeError(error));
    }
  };
}

/** @param {unknown} error @returns {string} its sentence and what to do about it */
export function describeError(error) {
  if (!(error instanceof Error)) return String(error);
  const hint = /** @type {Partial<import('./api.js').ApiError>} */ (error).hint;
  return hint ? `${error.message} ${hint}` : error.message;
}
