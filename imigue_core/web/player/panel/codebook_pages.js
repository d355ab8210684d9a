/** Pages of the codebook as the server has them, kept until labels are saved: their real clips come from labels. */

/** @typedef {import('../core/server.js').CodebookPage} CodebookPage */

export class CodebookPages {
  /** @param {{api: import('../core/api.js').Api, labels: import('../labels/labels.js').Labels}} options */
  constructor({ api, labels }) {
    this.api = api;
    this.labels = labels;
    /** @type {Map<number, {revision: number, page: Promise<CodebookPage>}>} by class, with the labels' revision then */
    this.kept = new Map();
    /** @type {WeakMap<CodebookPage, number>} */
    this.revisions = new WeakMap();
  }

  /** @param {number} classId @returns {Promise<CodebookPage>} */
  async get(classId) {
    const { revision } = this.labels;
    let known = this.kept.get(classId);
    if (known?.revision !== revision) {
      known = { revision, page: this.api.getJson(`/codebook/${classId}`) };
      this.kept.set(classId, known);
      known.page.catch(() => this.kept.delete(classId));
    }
    const page = await known.page;
    this.revisions.set(page, revision);
    return page;
  }

  /** Whether labels were saved since a page was fetched. @param {CodebookPage} page */
  isStale(page) {
    return this.revisions.get(page) !== this.labels.revision;
  }
}
