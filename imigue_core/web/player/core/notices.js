/** What the canvas says when it has nothing to show. Pure: from facts to sentences. */

import { formatCount } from './clock.js';

/**
 * @typedef {{title: string, text?: string, progress?: number,
 *            actions?: {text: string, key?: string, action: string, value?: string}[]}} Notice
 * @typedef {import('./server.js').Job} Job
 */

/**
 * @param {{video: Pick<import('./server.js').Video, 'kind'|'has_proxy'|'n_frames'>, jobs: Job[],
 *          poses: Pick<import('./server.js').PoseInfo, 'n_ready'>,
 *          show: Pick<import('../picture/overlay.js').Show, 'video'>,
 *          hasSkeletonHere: boolean, mostRevealing: string, askReveal: boolean}} facts
 * @returns {Notice|null}
 */
export function describeNotice({ video, jobs, poses, show, hasSkeletonHere, mostRevealing, askReveal }) {
  if (askReveal) return revealQuestion();
  if (show.video || hasSkeletonHere) return null;
  if (video.kind === 'labels') {
    return {
      title: 'Labels only',
      text: 'This video came with a label file and has no picture. Its details on the Library page attach one.',
    };
  }
  const steps = jobs.filter((one) => !one.is_aside); // no skeleton waits for those
  const job = steps.find((one) => ['queued', 'running'].includes(one.state));
  const failed = steps.find((one) => one.state === 'failed');
  const actions = video.has_proxy ? [{ text: 'Show the picture', key: 'V', action: 'cycleView' }] : [];
  const reveal =
    video.has_proxy && mostRevealing !== 'source' ? ' You need not wait: the source picture is one switch away.' : '';
  if (failed && !job) {
    return {
      title: 'No skeleton',
      text: `${closed(describeJob(failed))} Details on the Library page can run the failed steps again.`,
      actions,
    };
  }
  const ready = poses.n_ready
    ? `Skeleton to frame ${formatCount(poses.n_ready - 1)} of ${formatCount(video.n_frames ?? 0)}.`
    : '';
  if (!job) {
    const text = 'Nothing is at work on it; adding the same file again starts that.';
    return { title: ready ? 'No skeleton here' : 'No skeleton yet', text: ready ? `${ready} ${text}` : text, actions };
  }
  const text = `${ready || `${describeJob(job)}.`}${reveal}`;
  return { title: 'No skeleton yet', text, progress: progressOf(job), actions };
}

/** @param {string} text */
const closed = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

function revealQuestion() {
  return {
    title: 'Show the picture?',
    text:
      'Source pixels show who the person is; in the masked copy the face of the person with the skeleton is ' +
      'averaged away, other people stay as they are. This is a switch of the whole project; throwing it is logged, ' +
      'and so is the first look at each video. The Library page turns it back.',
    actions: [
      { text: 'Show it with the face masked', action: 'allowView', value: 'masked' },
      { text: 'Show source pixels', action: 'allowView', value: 'source' },
      { text: 'Keep the skeleton', key: 'Esc', action: 'closeReveal' },
    ],
  };
}

/** @param {Pick<Job, 'progress_done'|'progress_total'>} job @returns {number} 0..1 */
export function progressOf(job) {
  return job.progress_total ? job.progress_done / job.progress_total : 0;
}

/**
 * The server's words for a job, such as "Finding the skeleton: 1,250 of 22,300".
 * @param {{words: string}} job
 * @returns {string}
 */
export function describeJob(job) {
  return job.words;
}
