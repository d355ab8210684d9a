/** The parts that hold what people and models say of the video, and the hands that change it. */

import { ClassKeys } from '../keys/class_keys.js';
import { nameClassKeys } from '../keys/key_match.js';
import { KeyTable } from '../keys/key_table.js';
import { Desk } from '../labels/desk.js';
import { Labels } from '../labels/labels.js';
import { Picked } from '../labels/picked.js';
import { Selection } from '../labels/selection.js';
import { SpanEdits } from '../labels/span_edits.js';
import { SpanHands } from '../labels/span_hands.js';
import { Warnings } from '../labels/warnings.js';
import { LockedLoop } from '../picture/locked_loop.js';
import { ViewSight } from '../picture/view_sight.js';
import { Findings } from '../review/findings.js';
import { Review } from '../review/review.js';
import { Coverage } from './coverage.js';
import { readSetting, writeSetting } from './session.js';
import { Watcher } from './watcher.js';

/** @param {import('./parts.js').WithVideo} made */
export function buildLabelParts(made) {
  const records = buildRecords(made);
  const watching = buildWatching({ ...made, ...records });
  const review = buildReview({ ...made, ...records });
  return { ...records, ...watching, review, ...buildHands({ ...made, ...records, review }) };
}

/**
 * @typedef {import('./parts.js').WithVideo & ReturnType<typeof buildRecords>} WithRecords
 * @param {import('./parts.js').WithVideo} made
 */
function buildRecords({
  api,
  ids,
  edits,
  activity,
  messages,
  version,
  reload,
  info,
  clock,
  classes,
  picture,
  transport,
}) {
  const { say, attempt } = messages;
  const settings = makeSettings(ids);
  /** What is written beside every edit, so that it can be judged later. */
  const provenance = () => ({
    view_mode: picture.mode,
    active_ms: activity.take(),
    player_version: version,
    suggestion: null,
  });
  const labels = new Labels({
    videoId: ids.videoId,
    annotatorId: ids.annotatorId,
    annotator: ids.annotator,
    send: (fields) => edits.append({ ...fields, provenance: provenance() }),
    transact: (run) => edits.group(run),
    newId: () => crypto.randomUUID(),
  });
  const findings = new Findings({ api, ids, info, labels, edits, settings, attempt, reload });
  const picked = new Picked({ labels, findings, clock, onLeave: () => transport.stop() });
  const sight = new ViewSight({ classes, picked, picture });
  const warnings = new Warnings({ labels, info, sight });
  const seek = (/** @type {number} */ frame) => picture.seek(frame);
  const lockedLoop = new LockedLoop({ picked, labels, clock, transport, seek, say });
  return { settings, provenance, labels, findings, picked, sight, warnings, lockedLoop };
}

/** What was seen, and looking again at what others change. @param {WithRecords} made */
function buildWatching(made) {
  const { api, ids, edits, messages, answers, reload, info, clock, picture, transport, labels, findings, picked } =
    made;
  const { say, attempt } = messages;
  const reloadLabels = () => watcher.reloadLabels();
  const { state } = answers;
  const coverage = new Coverage({ api, ids, info, clock, picked, transport, say, attempt, reloadLabels, state });
  /** @type {Watcher} which brings the coverage, and is asked by it */
  const watcher = new Watcher({
    ...{ ids, api, info, edits, reload },
    isShowingPicture: () => Boolean(picture.show.video),
    onState: (read) => {
      labels.load(read, []);
      coverage.othersWithheld = read.others_withheld;
      coverage.load(read);
      info.overlapRule = read.overlap_rule;
    },
    onVisible: () => findings.reloadSoon(),
  });
  return { coverage, watcher };
}

/** @param {WithRecords} made */
function buildReview(made) {
  const { messages, preferences, clock, classes, picture, transport, reveal, revealTrack } = made;
  const { settings, labels, findings, picked, sight, lockedLoop } = made;
  return new Review({
    ...{ findings, labels, picked, classes, sight, clock, settings, preferences },
    say: messages.say,
    moves: {
      isReady: () => picture.ready,
      seek: (frame) => void picture.seek(frame),
      stop: () => transport.stop(),
      loopSpan: (span) => void transport.loopSpan(span),
      showEdge: (span, edge) => lockedLoop.showEdge(span, edge),
      reveal,
      revealTrack,
    },
  });
}

/** @param {WithRecords & {review: Review}} made */
function buildHands(made) {
  const { ids, preferences, answers, info, clock, classes, picture, transport, reveal, writeNote } = made;
  const { labels, picked, sight, warnings, lockedLoop, review } = made;
  const { say } = made.messages;
  const seek = (/** @type {number} */ frame) => void picture.seek(frame);
  const stop = () => transport.stop();
  const selection = new Selection({ labels, picked, say });
  const isPlaying = () => transport.isPlaying;
  const spanEdits = new SpanEdits({ labels, picked, classes, warnings, sight, clock, say, reveal, seek, isPlaying });
  const desk = new Desk({
    ...{ labels, picked, classes, warnings, clock, say, seek, stop, reveal },
    relabelAll: (chosen, classId) => spanEdits.relabelAll(chosen, classId),
    revive: (suggestionId) => review.revive(suggestionId),
  });
  const hands = new SpanHands({
    ...{ labels, picked, desk, clock, say, reveal },
    fits: (n) => spanEdits.fits(n),
    showEdge: (span, edge) => lockedLoop.showEdge(span, edge),
    focusNote: writeNote,
  });
  const keys = new KeyTable(preferences, answers.layout);
  const classKeyNames = nameClassKeys(answers.layout);
  const shared = { ids, clock, classes, picked, desk, labels, info, warnings, say };
  const classKeys = new ClassKeys({ ...shared, keys, classKeyNames });
  return { selection, spanEdits, desk, hands, keys, classKeyNames, classKeys };
}

/** Choices of a person in a project and this browser. @param {import('./video_info.js').Ids} ids */
function makeSettings({ projectId, annotatorId }) {
  /** @param {string} name */
  const keyOf = (name) => `imigue-setting:${projectId}:${annotatorId}:${name}`;
  return {
    /** @param {string} name */
    read: (name) => readSetting(keyOf(name)),
    /** @param {string} name @param {string} value */
    write: (name, value) => writeSetting(keyOf(name), value),
  };
}
