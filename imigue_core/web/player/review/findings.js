/**
 * What a scan suggested and what of it is left to show: read from the server, kept over
 * decisions, filtered by the threshold, the own labels and the own rejections. What the
 * annotator does with it is review.js; decisions themselves are edits in labels.js.
 */

import { readSetting, writeSetting } from '../core/session.js';
import { watch } from '../core/watch.js';
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
const BUSY = ['queued', 'running'];
const NOTHING = buildIndex(/** @type {any[]} */ ([]));

export class Findings {
  /** @param {import('../core/player.js').Player} player */
  constructor(player) {
    this.player = player;
    /** @type {any} what the server says of the scan: model, trained_on, scan_id; null before the first */
    this.scan = null;
    this.isLoaded = false;
    /** @type {import('./suggestions.js').Suggestion[]} of this scan, in order of time, decided ones included */
    this.all = [];
    /** @type {Map<number, import('./suggestions.js').Rejection>} every rejected one that this page knows */
    this.rejections = new Map();
    this.threshold = clampThreshold(Number(this.readSetting('threshold') ?? 0.3));
    this.version = 0;
    watch(this, 'version', 'scan', 'isLoaded', 'all', 'threshold');
    this.wasBusy = false;
    this.timer = 0;
    this.cacheKey = '';
    this.cache = { above: [], ghosts: [], index: NOTHING, ghostIndex: NOTHING };
  }

  dispose() {
    clearTimeout(this.timer);
  }

  /** Grows with whatever can be seen of suggestions; labels count too. */
  get changeCount() {
    return `${this.version}.${this.player.labels.changeCount}`;
  }

  /** @returns {any} the scan's job, or undefined */
  get job() {
    return this.player.jobs.find((job) => job.kind === 'scan');
  }

  get isBusy() {
    return BUSY.includes(this.job?.state);
  }

  /** What the empty row of suggestions says; '' when it has bars or nothing is known yet. */
  get stateText() {
    if (!this.isLoaded || this.above.length) return '';
    if (this.isBusy) return 'the scan is at work';
    if (!this.scan) return 'no scan yet';
    return this.all.length ? `nothing above ${formatScore(this.threshold)} left to decide` : 'the scan found nothing';
  }

  /** Above the threshold and not decided, in order of time; skipped ones too. */
  get above() {
    return this.#look().above;
  }

  get undecided() {
    return this.above.filter((one) => !isSkipped(this.player.labels.decisions, one));
  }

  get ghosts() {
    return this.#look().ghosts;
  }

  /** Of every suggestion that shows; lanes stay as they are for the whole scan. */
  get index() {
    return this.#look().index;
  }

  get ghostIndex() {
    return this.#look().ghostIndex;
  }

  isSkipped(one) {
    return isSkipped(this.player.labels.decisions, one);
  }

  /**
   * A suggestion that is being rejected, so that it can be lifted.
   * @param {import('./suggestions.js').Suggestion} one
   */
  keepRejected(one) {
    this.rejections.set(one.suggestion_id, { ...one, model: this.scan?.model ?? '' });
  }

  /** @param {number} value 0..1; kept for this person */
  setThreshold(value) {
    this.threshold = clampThreshold(value);
    this.writeSetting('threshold', String(this.threshold));
    this.version += 1;
  }

  /** Reads the suggestions when no own edit is on its way, so that the answer knows all of them. */
  async reload() {
    const { edits, data, api, videoPath, labels } = this.player;
    for (let ms = 0; edits.pendingOf(data.video_id).length && ms < LONGEST_WAIT_MS; ms += 100)
      await new Promise((next) => setTimeout(next, 100));
    const { lastSeq } = edits.own;
    const answer = await api.getJson(`${videoPath}/suggestions`);
    if (this.player.disposed) return;
    if (lastSeq !== edits.own.lastSeq && this.isLoaded) return this.reloadSoon();
    this.#load(answer);
    labels.loadDecisions([
      ...answer.suggestions.map(({ suggestion_id, verdict, version }) => ({ suggestion_id, verdict, version })),
      ...answer.rejected.map(({ suggestion_id, version }) => ({ suggestion_id, verdict: 'rejected', version })),
    ]);
  }

  reloadSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.reload().catch(() => {}), RELOAD_MS);
  }

  /** Told of settled edits: what only the server knows may show again, and what it refused is not as thought. */
  settled(answer, settled) {
    const isPlain = settled.every(
      (edit) =>
        ['create', 'annotate', 'rate'].includes(edit.kind) || (edit.kind === 'review' && edit.verdict !== 'open'),
    );
    if (!isPlain || answer.refused?.length) this.reloadSoon();
  }

  /** Told when the video's jobs were looked at: reads again what a scan that ended has found. */
  jobsChanged() {
    const isOver = this.wasBusy && !this.isBusy;
    this.wasBusy = this.isBusy;
    this.version += 1;
    if (isOver) this.reloadSoon();
  }

  async scanNow() {
    const { player } = this;
    await player.attempt(async () => {
      await player.api.postJson(`${player.videoPath}/scan`, {});
      this.wasBusy = true;
      await player.reloadInfo();
    });
  }

  /** A choice of this person in this project; null when never made. @param {string} name */
  readSetting(name) {
    return readSetting(this.#key(name));
  }

  /** @param {string} name @param {string} value */
  writeSetting(name, value) {
    writeSetting(this.#key(name), value);
  }

  #load(answer) {
    const isSameScan = answer.scan?.scan_id === this.scan?.scan_id;
    const known = new Map(isSameScan ? this.all.map((one) => [one.suggestion_id, one]) : []);
    for (const one of answer.suggestions) known.set(one.suggestion_id, one);
    this.all = sortByTime(known.values());
    this.rejections = new Map([...this.rejections, ...answer.rejected.map((one) => [one.suggestion_id, one])]);
    this.scan = answer.scan;
    if (this.readSetting('threshold') === null) this.threshold = clampThreshold(answer.threshold);
    this.isLoaded = true;
    this.version += 1;
    this.player.refresh();
  }

  #look() {
    const { labels } = this.player;
    if (this.cacheKey === this.changeCount) return this.cache;
    this.cacheKey = this.changeCount;
    const own = labels.list((label) => labels.isOwn(label));
    const ghosts = sortByTime(
      /** @type {any[]} */ ([...this.rejections.values()].filter((one) => isRejected(labels.decisions, one))),
    );
    const open = listOpen(this.all, own, labels.decisions, ghosts);
    const above = listAbove(open, this.threshold);
    const shown = new Set(above);
    this.cache = {
      above,
      ghosts,
      index: filterIndex(buildIndex(this.all), (one) => shown.has(one)),
      ghostIndex: buildIndex(ghosts),
    };
    return this.cache;
  }

  #key(name) {
    const { project_id: project, annotator_id: annotator } = this.player.data;
    return `imigue-setting:${project}:${annotator}:${name}`;
  }
}
