/**
 * Looking again at what may have changed elsewhere: the jobs while they run, the
 * switch of source pixels while they are shown, everything when the page comes back
 * into sight. What follows from it is the player's work.
 */

const BUSY_MS = 2000;
const SOURCE_MS = 5000;
const LONGEST_WAIT_MS = 5000;
const WAIT_MS = 100;

export class Watcher {
  /** @param {import('./player.js').Player} player */
  constructor(player) {
    this.player = player;
    this.timer = 0;
    this.onVisible = () => {
      if (document.hidden) return;
      void this.reloadLabels();
      player.findings.reloadSoon();
      player.reloadInfo().catch(() => this.schedule());
    };
    document.addEventListener('visibilitychange', this.onVisible);
  }

  dispose() {
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.onVisible);
  }

  /** Looks at the video again after a while, as long as there is something to watch. */
  schedule() {
    const { player } = this;
    clearTimeout(this.timer);
    if (player.disposed) return;
    const isBusy = player.jobs.some((job) => job.state === 'queued' || job.state === 'running');
    if (!isBusy && !player.show.video) return;
    this.timer = setTimeout(() => player.reloadInfo().catch(() => this.schedule()), isBusy ? BUSY_MS : SOURCE_MS);
  }

  /** Reads all labels again, at a moment when no own edit is on its way. */
  async reloadLabels() {
    const { edits, data, api, labels, videoPath } = this.player;
    for (let ms = 0; edits.pendingOf(data.video_id).length && ms < LONGEST_WAIT_MS; ms += WAIT_MS) {
      await new Promise((next) => setTimeout(next, WAIT_MS));
    }
    const { lastSeq } = edits.own;
    try {
      const state = await api.getJson(`${videoPath}/state`);
      const pending = edits.pendingOf(data.video_id);
      // Labels made while the answer travelled may or may not be in it; the next answer settles them.
      if (!this.player.disposed && lastSeq === edits.own.lastSeq && !pending.length) {
        labels.load(state, pending);
        this.player.coverage.othersWithheld = state.others_withheld;
        this.player.coverage.load(state);
        this.player.info.overlapRule = state.overlap_rule;
      }
    } catch {
      // What is shown stays.
    }
  }
}
