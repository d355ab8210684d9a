/** The parts that know the video and show it. None of them knows a label. */

import { Picture } from '../picture/picture.js';
import { Transport } from '../picture/transport.js';
import { ClassList } from './classes.js';
import { LABEL_FPS } from './clock.js';
import { VideoClock } from './video_clock.js';
import { VideoInfo } from './video_info.js';

/** @param {import('./parts.js').Given} given @param {(frame: number) => void} onFrame told of each frame shown */
export function buildVideoParts({ api, ids, preferences, messages, answers, focus, reload }, onFrame) {
  const { taxonomy, state } = answers;
  const { say, attempt } = messages;
  const info = new VideoInfo(answers.info);
  info.overlapRule = state.overlap_rule;
  const clock = new VideoClock(measure(info.video, state));
  const classes = new ClassList(taxonomy.classes);
  const picture = new Picture({
    ...{ api, ids, info, clock, preferences, say, attempt, focus, reload, onFrame },
    onEnd: () => transport.onEnd(),
    stop: () => transport.stop(),
    pace: () => transport.direction * transport.rate,
  });
  /** @type {Transport} which moves the picture, and is stopped by it */
  const transport = new Transport({ clock, frames: () => picture.frames, seek: (frame) => picture.seek(frame) });
  picture.poses.update(info.poses);
  return { info, clock, classes, picture, transport };
}

/**
 * Length and rate; a video without media is as long as its labels and ten seconds more.
 * @param {import('./server.js').Video} video @param {import('./server.js').State} state
 * @returns {{nFrames: number, fps: number}}
 */
function measure({ n_frames: nFrames, fps_num: fpsNum, fps_den: fpsDen }, { annotations }) {
  const fps = fpsNum && fpsDen ? fpsNum / fpsDen : LABEL_FPS;
  const last = annotations.reduce((most, label) => Math.max(most, label.end_frame), 0);
  return { nFrames: nFrames || last + Math.round(10 * fps), fps };
}
