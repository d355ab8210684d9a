/** What the studio says of the video: its facts, its jobs, its poses, what of it may be seen. */

import { watch } from './watch.js';

/**
 * @typedef {Object} Ids whose work on which video this is; never changes
 * @property {string} projectId
 * @property {number} videoId
 * @property {string} videoPath of the API, such as "/videos/7"
 * @property {number} annotatorId whose labels may be edited
 * @property {string} annotator that person's name
 */

export class VideoInfo {
  /** @param {import('./server.js').Info} info */
  constructor(info) {
    this.video = info.video;
    this.jobs = info.jobs;
    this.poses = info.poses;
    this.modes = info.modes;
    this.mostRevealing = info.most_revealing_view;
    /** @type {import('./server.js').OverlapRule} of the project: what happens to labels of one person that overlap */
    this.overlapRule = 'allowed';
    watch(this, 'video', 'jobs', 'poses', 'modes', 'mostRevealing', 'overlapRule');
  }

  /** @param {import('./server.js').Info} info as read again */
  take(info) {
    this.video = info.video;
    this.jobs = info.jobs;
    this.poses = info.poses;
    this.modes = info.modes;
    this.mostRevealing = info.most_revealing_view;
  }

  /** A video that came with a label file has nothing to scan or to draw. */
  get isLabelsOnly() {
    return this.video.kind === 'labels';
  }

  /** @returns {import('./server.js').Job|undefined} */
  get scanJob() {
    return this.jobs.find((job) => job.kind === 'scan');
  }
}
