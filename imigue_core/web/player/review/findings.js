/**
 * What a scan suggested and what of it is left to show: read from the server, kept over
 * decisions, filtered by the threshold, the own labels and the own rejections. What the
 * annotator does with it is review.js; decisions themselves are edits in labels.js.
 *
 * @typedef {import('./suggestions.js').Suggestion} Suggestion
 * @typedef {import('./suggestions.js').Rejection} Rejection
 * @typedef {{read: (name: string) => string|null, write: (name: string, value: string) => void}} Settings
 *   choices of this person in this project and browser; null when never made
 */

import { batch, computed, untracked, watch } from '../core/watch.js';
import { buildIndex } from '../timeline/geometry.js';
import {
  clampThreshold,
  filterIndex,
  formatScore,
  isRejected,
  isSkipped,
  listAbove,
  listOpen,
  sortByTime,
} from './suggestions.js';

const RELOAD_MS = 150;
const LONGEST_WAIT_MS = 5000;
const WAIT_MS = 100;
/** @type {'rejected'} */
const REJECTED = 'rejected';
const BUSY = ['queued', 'running'];

export class Findings {
  /**
   * @param {{api: import('../core/api.js').Api, ids: import('../core/video_info.js').Ids,
   *          info: import('../core/video_info.js').VideoInfo, labels: import('../labels/labels.js').Labels,
   *          edits: import('../labels/outbox.js').Outbox, settings: Settings,
   *          attempt: (run: () => Promise<void>) => Promise<void>, reload: () => Promise<void>}} options
   *   `reload`: looks at the video and its jobs again
   */
  constructor({ api, ids, info, labels, edits, settings, attempt, reload }) {
    this.api = api;
    this.ids = ids;
    this.info = info;
    this.labels = labels;
    this.edits = edits;
    this.settings = settings;
    this.attempt = attempt;
    this.reloadInfo = reload;
    /** @type {import('../core/server.js').Scan|null} null before the first */
    this.scan = null;
    this.isLoaded = false;
    /** @type {Suggestion[]} of this scan, in order of time, decided ones included */
    this.all = [];
    /** @type {ReadonlyMap<number, Rejection>} every rejected one that this page knows */
    this.rejections = new Map();
    this.threshold = clampThreshold(Number(settings.read('threshold') ?? 0.3));
    watch(this, 'scan', 'isLoaded', 'all', 'rejections', 'threshold');
    this.wasBusy = false;
    this.isDisposed = false;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.derived = this.#derive();
  }

  dispose() {
    this.isDisposed = true;
    clearTimeout(this.timer);
  }

  get job() {
    return this.info.scanJob;
  }

  get isBusy() {
    return BUSY.includes(this.job?.state ?? '');
  }

  /** What the empty row of suggestions says; '' when it has bars or nothing is known yet. */
  get stateText() {
    if (!this.isLoaded || this.above.length) return '';
    if (this.isBusy) return 'the scan is at work';
    if (!this.scan) return 'no scan yet';
    return this.all.length ? `nothing above ${formatScore(this.threshold)} left to decide` : 'the scan found nothing';
  }

  /** Above the threshold and not decided, in order of time; skipped ones too. @returns {Suggestion[]} */
  get above() {
    return this.derived.above.value;
  }

  get undecided() {
    return this.derived.undecided.value;
  }

  /** The rejected ones, in order of time. @returns {Rejection[]} */
  get ghosts() {
    return this.derived.ghosts.value;
  }

  /** Of every suggestion that shows; lanes stay as they are for the whole scan. */
  get index() {
    return this.derived.index.value;
  }

  get ghostIndex() {
    return this.derived.ghostIndex.value;
  }

  /** @param {{suggestion_id: number}} one */
  isSkipped(one) {
    return isSkipped(this.#decisions(), one);
  }

  /** A suggestion that is being rejected, so that it can be lifted. @param {Suggestion} one */
  keepRejected(one) {
    const rejection = { ...one, model: this.scan?.model ?? '' };
    this.rejections = new Map([...this.rejections, [one.suggestion_id, rejection]]);
  }

  /** @param {number} value 0..1; kept for this person */
  setThreshold(value) {
    this.threshold = clampThreshold(value);
    this.settings.write('threshold', String(this.threshold));
  }

  /** Reads the suggestions when no own edit is on its way, so that the answer knows all of them. */
  async reload() {
    const { edits, labels } = this;
    const { videoId, videoPath } = this.ids;
    for (let ms = 0; edits.pendingOf(videoId).length && ms < LONGEST_WAIT_MS; ms += WAIT_MS)
      await new Promise((next) => setTimeout(next, WAIT_MS));
    const { lastSeq } = edits.own;
    /** @type {import('../core/server.js').Review} */
    const answer = await this.api.getJson(`${videoPath}/suggestions`);
    if (this.isDisposed) return;
    if (lastSeq !== edits.own.lastSeq && this.isLoaded) return this.reloadSoon();
    /** @type {import('../labels/labels.js').Decision[]} */
    const decisions = [
      ...answer.suggestions.map(({ suggestion_id, verdict, version }) => ({ suggestion_id, verdict, version })),
      ...answer.rejected.map(({ suggestion_id, version }) => ({ suggestion_id, verdict: REJECTED, version })),
    ];
    batch(() => {
      this.#load(answer);
      labels.loadDecisions(decisions); // at once: nobody is to see what was decided as undecided
    });
  }

  reloadSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.reload().catch(() => {}), RELOAD_MS);
  }

  /**
   * Told of settled edits: what only the server knows may show again, and what it refused is not as thought.
   * @param {import('../labels/edits.js').Answer} answer @param {import('../labels/edits.js').Edit[]} settled
   */
  settled(answer, settled) {
    const isPlain = settled.every(
      (edit) =>
        ['create', 'annotate', 'rate'].includes(edit.kind) || (edit.kind === 'review' && edit.verdict !== 'open'),
    );
    if (!isPlain || answer.refused?.length) this.reloadSoon();
  }

  /** Told when the video's jobs may have changed: reads again what a scan that ended has found. */
  jobsChanged() {
    const isOver = this.wasBusy && !this.isBusy;
    this.wasBusy = this.isBusy;
    if (isOver) this.reloadSoon();
  }

  async scanNow() {
    await this.attempt(async () => {
      await this.api.postJson(`${this.ids.videoPath}/scan`, {});
      this.wasBusy = true;
      await this.reloadInfo();
      this.jobsChanged(); // it may be over already
    });
  }

  /** @param {import('../core/server.js').Review} answer */
  #load(answer) {
    const isSameScan = answer.scan?.scan_id === this.scan?.scan_id;
    const known = new Map(isSameScan ? this.all.map((one) => [one.suggestion_id, one]) : []);
    /** @type {Map<number, Rejection>} */
    const rejected = new Map(answer.rejected.map((one) => [one.suggestion_id, one]));
    for (const one of answer.suggestions) known.set(one.suggestion_id, one);
    this.all = sortByTime(known.values());
    this.rejections = new Map([...this.rejections, ...rejected]);
    this.scan = answer.scan;
    if (this.settings.read('threshold') === null) this.threshold = clampThreshold(answer.threshold);
    this.isLoaded = true;
  }

  /** What was decided, as it stands this moment: read anew when one of them changes. */
  #decisions() {
    void this.labels.changeCount;
    return this.labels.decisions;
  }

  /** A list whose members stay the same stays the same itself, so that nothing that reads it is drawn anew. */
  #derive() {
    const keepAbove = keepList();
    const keepGhosts = keepList();
    const whole = computed(() => buildIndex(this.all));
    const ghosts = computed(() => {
      const decisions = this.#decisions();
      return keepGhosts(sortByTime([...this.rejections.values()].filter((one) => isRejected(decisions, one))));
    });
    const above = computed(() => {
      const decisions = this.#decisions();
      const own = untracked(() => this.labels.own); // whose visible changes the decisions' count tells of
      return keepAbove(listAbove(listOpen(this.all, own, decisions, ghosts.value), this.threshold));
    });
    return {
      above,
      ghosts,
      undecided: computed(() => above.value.filter((one) => !this.isSkipped(one))),
      index: computed(() => {
        const shown = new Set(above.value);
        return filterIndex(whole.value, (one) => shown.has(one));
      }),
      ghostIndex: computed(() => buildIndex(ghosts.value)),
    };
  }
}

/** @returns {<T>(now: T[]) => T[]} gives the list from before again while it has the same members */
function keepList() {
  /** @type {unknown[]} */
  let held = [];
  return (now) => {
    if (now.length === held.length && now.every((one, i) => one === held[i])) return /** @type {typeof now} */ (held);
    held = now;
    return now;
  };
}
