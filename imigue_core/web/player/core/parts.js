/**
 * The parts of the player, made once its video is known, in the order in which they need each other, and put
 * together on the page. What each does is its own file; how long they live is player.js.
 *
 * A part takes the few others that it needs by name. Only where two need each other is one of them tied by a
 * function that looks the other up when it runs: those stand in `ties` here, or beside the pair.
 *
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 *
 * @typedef {Object} Given what a player has before its parts
 * @property {HTMLElement} root what they go into
 * @property {string} version of the player's files
 * @property {import('./video_info.js').Ids} ids @property {import('./api.js').Api} api
 * @property {import('../labels/outbox.js').Outbox} edits @property {import('./activity.js').Activity} activity
 * @property {import('./preferences.js').Preferences} preferences
 * @property {import('./messages.js').Messages} messages @property {import('./painter.js').Painter} painter
 * @property {() => void} focus gives the keys back to the studio
 * @property {() => Promise<void>} reload looks at the video and its jobs again
 * @property {Answers} answers
 *
 * @typedef {Object} Answers what the server said of the video
 * @property {import('./server.js').Taxonomy} taxonomy @property {import('./server.js').Info} info
 * @property {import('./server.js').State} state @property {Map<string, string>} layout what the keys print
 *
 * @typedef {Object} Ties to parts that come later
 * @property {import('../keys/actions.js').Act} act
 * @property {(span: Spanlike) => void} reveal on the timeline
 * @property {import('../review/review.js').Moves['revealTrack']} revealTrack on the timeline
 * @property {() => void} writeNote puts the cursor into the note of the current label
 *
 * @typedef {Given & Ties & ReturnType<typeof buildVideoParts>} WithVideo
 * @typedef {WithVideo & ReturnType<typeof buildLabelParts>} WithLabels
 * @typedef {WithLabels & ReturnType<typeof buildTimeline>} WithTimeline
 * @typedef {ReturnType<typeof buildParts>} Parts
 */

import { makeActions } from '../keys/actions.js';
import { makeTimelineHands } from '../labels/timeline_hands.js';
import { isSupportedBrowser } from '../picture/frames.js';
import { Timeline } from '../timeline/timeline.js';
import { TimelineChoices } from '../timeline/timeline_choices.js';
import { makeTraces } from '../timeline/traces_loading.js';
import { addJobs, follow } from './jobs.js';
import { buildLabelParts } from './label_parts.js';
import { buildPanelParts } from './panel_parts.js';
import { keepPlace } from './session.js';
import { buildVideoParts } from './video_parts.js';

/** @param {Given} given */
export function buildParts(given) {
  /** @type {Ties} */
  const ties = {
    act: (action, value) => intents[action](value),
    reveal: (span) => board.timeline.reveal(span),
    revealTrack: (kind, bar) => board.timeline.revealTrack(kind, bar),
    writeNote: () => {
      given.painter.flush(); // the label may have been selected this very moment
      page.panel.note.focus();
    },
  };
  /** Told by the picture of each frame shown. @param {number} frame */
  const frameShown = (frame) => {
    keepPlace(given.ids.videoId, frame);
    if (video.transport.isPlaying) given.activity.touch();
    video.transport.onFrame(frame);
    work.coverage.frameShown(frame);
    board.timeline.followFrame();
  };
  const video = buildVideoParts(given, frameShown);
  const work = buildLabelParts({ ...given, ...ties, ...video });
  const board = buildTimeline({ ...given, ...ties, ...video, ...work });
  const page = buildPanelParts({ ...given, ...ties, ...video, ...work, ...board });
  const { ids, api, edits, preferences, painter, messages } = given;
  const parts = {
    ids,
    api,
    edits,
    preferences,
    painter,
    messages,
    act: ties.act,
    ...video,
    ...work,
    ...board,
    ...page,
  };
  const intents = makeActions({ ...parts, say: messages.say });
  given.root.replaceChildren(page.header.node, page.header.damage, page.upper, board.timeline.node);
  parts.picture.attach();
  if (!isSupportedBrowser()) page.header.warn('Use Chrome or Edge: this browser is not tested for exact frames.');
  addJobs(parts);
  return { ...parts, unfollow: follow(parts) };
}

/** @param {WithLabels} made */
function buildTimeline(made) {
  const { api, ids, preferences, info, clock, classes, transport, lockedLoop, act } = made;
  const { labels, findings, picked, classKeys, coverage, selection, hands, review } = made;
  const choices = new TimelineChoices(preferences);
  const traces = makeTraces({ api, videoPath: ids.videoPath }, info.poses);
  const { spans } = classKeys;
  const timeline = new Timeline({
    model: { ids, clock, info, labels, findings, picked, spans, coverage, traces, choices, classes },
    on: makeTimelineHands({ picked, selection, hands, review, transport, lockedLoop, act }),
  });
  return { choices, traces, timeline };
}
