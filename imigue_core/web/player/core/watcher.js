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
  /**
   * @param {{ids: import('./video_info.js').Ids, api: import('./api.js').Api,
   *          info: import('./video_info.js').VideoInfo,
   *          edits: import('../labels/outbox.js').Outbox, isShowingPicture: () => boolean,
   *          reload: () => Promise<void>, onState: (state: import('./server.js').State) => void,
   *          onVisible: () => void}} options `reload`: looks at the video and its jobs again; `onState`: the labels
   *   were read again; `onVisible`: the page came back into sight
   */
  constructor({ ids, api, info, edits, isShowingPicture, reload, onState, onVisible }) {
    this.ids = ids;
    this.api = api;
    this.info = info;
    this.edits = edits;
    this.isShowingPicture = isShowingPicture;
    this.reload = reload;
    this.onState = onState;
    this.isDisposed = false;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
    this.onVisible = () => {
      if (document.hidden) return;
      void this.reloadLabels();
      onVisible();
      reload().catch(() => this.schedule());
    };
    document.addEventListener('visibilitychange', this.onVisible);
  }

  dispose() {
    this.isDisposed = true;
    clearTimeout(this.timer);
    document.removeEventListener('visibilitychange', this.onVisible);
  }

  /** Looks at the video again after a while, as long as there is something to watch. */
  schedule() {
    clearTimeout(this.timer);
    if (this.isDisposed) return;
    const isBusy = this.info.jobs.some((job) => job.state === 'queued' || job.state === 'running');
    if (!isBusy && !this.isShowingPicture()) return;
    this.timer = setTimeout(() => this.reload().catch(() => this.schedule()), isBusy ? BUSY_MS : SOURCE_MS);
  }

  /** Reads all labels again, at a moment when no own edit is on its way. */
  async reloadLabels() {
    const { edits } = this;
    const { videoId, videoPath } = this.ids;
    for (let ms = 0; edits.pendingOf(videoId).length && ms < LONGEST_WAIT_MS; ms += WAIT_MS) {
      await new Promise((next) => setTimeout(next, WAIT_MS));
    }
    const { lastSeq } = edits.own;
    try {
      const state = await this.api.getJson(`${videoPath}/state`);
      // Labels made while the answer travelled may or may not be in it; the next answer settles them.
      const isWhole = lastSeq === edits.own.lastSeq && !edits.pendingOf(videoId).length;
      if (!this.isDisposed && isWhole) this.onState(state);
    } catch {
      // What is shown stays.
    }
  }
}
