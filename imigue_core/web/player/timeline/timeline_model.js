/**
 * What the timeline shows, read anew at each drawing, so that it knows no player.
 *
 * @typedef {Object} TimelineModel
 * @property {number} nFrames @property {number} fps @property {number} frame where the play head is or is going
 * @property {Float64Array|null} times presentation seconds, once loaded
 * @property {Map<string, import('../labels/labels.js').Label>} annotations
 * @property {number} changeCount grows when labels change
 * @property {number} annotatorId whose labels can be edited
 * @property {string|null} currentId @property {string|null} selectedId
 * @property {Set<string>} chosen labels selected together
 * @property {number|null} markIn @property {number|null} markOut
 * @property {import('../labels/open_spans.js').OpenSpan[]} openSpans begun and not closed
 * @property {number[]} shotCuts first frames of shots @property {number} posesReady frames from 0 with a skeleton
 * @property {import('../review/findings.js').Findings} findings what was suggested
 * @property {import('../review/review.js').Review} review which of it is selected
 * @property {import('../core/stretches.js').Stretch[]} watched what this person saw and reviewed
 * @property {import('./traces.js').Traces} traces motion
 * @property {import('./timeline_choices.js').TimelineChoices} choices how this person likes the timeline
 * @property {boolean} isScannable whether it has or will have a skeleton
 * @property {(classId: number) => import('../panel/palette.js').GestureClass} classOf
 */

import { untracked } from '../core/watch.js';

/** @param {import('../core/player.js').Player} player @returns {TimelineModel} */
export function makeTimelineModel(player) {
  return {
    get nFrames() {
      return player.nFrames;
    },
    get fps() {
      return player.fps;
    },
    get frame() {
      return untracked(() => player.position);
    },
    get times() {
      return player.times;
    },
    get annotations() {
      return player.labels.annotations;
    },
    get changeCount() {
      return player.labels.changeCount;
    },
    get findings() {
      return player.findings;
    },
    get review() {
      return player.review;
    },
    get isScannable() {
      return player.video.kind !== 'labels';
    },
    get annotatorId() {
      return player.annotatorId;
    },
    get currentId() {
      return player.desk.currentId;
    },
    get selectedId() {
      return player.desk.selectedId;
    },
    get chosen() {
      return player.desk.chosen;
    },
    get markIn() {
      return player.desk.markIn;
    },
    get markOut() {
      return player.desk.markOut;
    },
    get openSpans() {
      return player.classKeys.spans.list;
    },
    get shotCuts() {
      return player.video.shot_cuts ?? [];
    },
    get traces() {
      return player.traces;
    },
    get choices() {
      return player.choices;
    },
    get watched() {
      return player.coverage.watched;
    },
    get posesReady() {
      return player.poseInfo.n_ready;
    },
    classOf: (classId) => player.classOf(classId),
  };
}
