/**
 * Brings what is shown up to date: a closed list of drawing jobs (jobs.js), each run before the next
 * screen refresh after something it read has changed, in the order in which they were added.
 */

import { effect } from './watch.js';

/** @typedef {{draw: () => void, isDue: boolean, forget: () => void}} Job */

export class Painter {
  /**
   * @param {{request?: (run: () => void) => number, cancel?: (id: number) => void}} [screen] calls `request` back
   * before the next refresh
   */
  constructor({ request = (run) => requestAnimationFrame(run), cancel = (id) => cancelAnimationFrame(id) } = {}) {
    this.request = request;
    this.cancel = cancel;
    /** @type {Job[]} */
    this.jobs = [];
    this.requested = 0;
  }

  /** @param {() => void} draw reads watched state and writes the page or a canvas, no state */
  add(draw) {
    /** @type {Job} */
    const job = { draw, isDue: false, forget: () => {} };
    this.jobs.push(job);
    this.#want(job);
  }

  /** Draws at once what waits for the next refresh. */
  flush() {
    this.cancel(this.requested);
    this.requested = 0;
    for (const job of this.jobs) if (job.isDue) this.#run(job);
  }

  dispose() {
    this.cancel(this.requested);
    this.requested = 0;
    for (const job of this.jobs) job.forget();
    this.jobs = [];
  }

  /** @param {Job} job */
  #want(job) {
    job.isDue = true;
    this.requested ||= this.request(() => this.flush());
  }

  /**
   * The effect draws once; called again because something changed, it reads nothing and waits for its turn.
   * @param {Job} job
   */
  #run(job) {
    job.isDue = false;
    job.forget();
    let isFirst = true;
    job.forget = effect(() => {
      if (isFirst) {
        isFirst = false;
        job.draw();
      } else this.#want(job);
    });
  }
}
