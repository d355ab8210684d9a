/** The state of the skeleton: how far it is, the jobs that make it, whom it follows and how to follow somebody else. */

import { formatCount } from '../core/clock.js';
import { button, h, refill } from '../core/dom.js';
import { describeJob, progressOf } from '../core/notices.js';
import { makeSection } from './section.js';

const SHOWN = ['queued', 'running', 'failed'];

export class SkeletonCard {
  /**
   * @param {{info: import('../core/video_info.js').VideoInfo, act: import('../keys/actions.js').Act,
   *          picture: {isChoosingPerson: boolean, choosePerson: () => void,
   *                    followPerson: (box: null) => void}}} options
   */
  constructor({ info, picture, act }) {
    this.info = info;
    this.picture = picture;
    this.act = act;
    this.body = h('div', { class: 'stack' });
    this.node = makeSection('Skeleton', null, h('div', { class: 'card' }, this.body));
  }

  draw() {
    const { poses, video, jobs } = this.info;
    const shown = jobs.filter((job) => job.kind !== 'scan' && SHOWN.includes(job.state));
    const source = poses.source && h('span', { class: 'dim', text: ` ${poses.source}` });
    refill(
      this.body,
      h('div', {}, h('span', { text: this.#describe() }), source),
      poses.followed && h('div', { class: 'dim', text: poses.followed }),
      ...shown.map(makeJob),
      video.has_proxy && this.#makePerson(),
    );
  }

  #describe() {
    const { poses, video } = this.info;
    if (poses.complete) return 'Complete.';
    if (!poses.n_ready) return 'None yet.';
    return `To frame ${formatCount(poses.n_ready - 1)} of ${formatCount(video.n_frames ?? 0)}.`;
  }

  #makePerson() {
    const { act, picture } = this;
    if (picture.isChoosingPerson)
      return h('div', { class: 'row' }, button({ text: 'cancel', key: 'Esc', onClick: () => act('escape') }));
    const other = button({
      text: 'Follow another person',
      title: 'Drag a box around the person in the picture; the skeleton is made again',
      onClick: () => picture.choosePerson(),
    });
    const automatic =
      this.info.poses.person &&
      button({
        text: 'automatic',
        title: 'Follow the most prominent person again',
        onClick: () => picture.followPerson(null),
      });
    return h('div', { class: 'row' }, other, automatic);
  }
}

/** @param {import('../core/server.js').Job} job */
function makeJob(job) {
  const words = describeJob(job);
  const progress = job.state === 'running' && h('progress', { max: 1, value: progressOf(job), 'aria-label': words });
  return h('div', { class: 'stack tight' }, h('div', { class: 'dim', text: words }), progress);
}
