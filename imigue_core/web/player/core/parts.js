/**
 * The parts of the player, made once its video is known and put together on the page.
 * What each part does is its own file; which of them lives for how long is player.js.
 */

import { makeActions } from '../keys/actions.js';
import { ClassKeys } from '../keys/class_keys.js';
import { Help } from '../keys/help.js';
import { nameClassKeys } from '../keys/key_match.js';
import { KeyTable } from '../keys/key_table.js';
import { Desk } from '../labels/desk.js';
import { Labels } from '../labels/labels.js';
import { Picked } from '../labels/picked.js';
import { Selection } from '../labels/selection.js';
import { SpanEdits } from '../labels/span_edits.js';
import { SpanHands } from '../labels/span_hands.js';
import { makeTimelineHands } from '../labels/timeline_hands.js';
import { Warnings } from '../labels/warnings.js';
import { ClassKeysCard } from '../panel/class_keys_card.js';
import { Codebook } from '../panel/codebook.js';
import { CodebookCard } from '../panel/codebook_card.js';
import { CodebookPages } from '../panel/codebook_pages.js';
import { EmotionCard } from '../panel/emotion_card.js';
import { Header } from '../panel/header.js';
import { LabelCard } from '../panel/label_card.js';
import { Palette } from '../panel/palette.js';
import { Panel } from '../panel/panel.js';
import { RatingCard } from '../panel/rating_card.js';
import { RefusalCards } from '../panel/refusals.js';
import { SelectionCard } from '../panel/selection_card.js';
import { SkeletonCard } from '../panel/skeleton_card.js';
import { isSupportedBrowser } from '../picture/frames.js';
import { LockedLoop } from '../picture/locked_loop.js';
import { Picture } from '../picture/picture.js';
import { Stage } from '../picture/stage.js';
import { Transport } from '../picture/transport.js';
import { ViewSight } from '../picture/view_sight.js';
import { Findings } from '../review/findings.js';
import { Review } from '../review/review.js';
import { SuggestionCard } from '../review/suggestion_card.js';
import { Similar } from '../similar/similar.js';
import { SimilarLabels } from '../similar/similar_labels.js';
import { Timeline } from '../timeline/timeline.js';
import { TimelineChoices } from '../timeline/timeline_choices.js';
import { makeTraces } from '../timeline/traces_loading.js';
import { Coverage } from './coverage.js';
import { h } from './dom.js';
import { readSetting, writeSetting } from './session.js';
import { effect, untracked } from './watch.js';
import { Watcher } from './watcher.js';

/** @typedef {(action: string, value?: unknown) => void} Act runs what keys and buttons share, by its name */

/** Comes before the other parts: it knows the poses. @param {import('./player.js').Player} player */
export function makePicture(player) {
  const { api, ids, info, clock, preferences, say, attempt } = player;
  return new Picture({
    api,
    ids,
    info,
    clock,
    preferences,
    say,
    attempt,
    focus: () => player.focus(),
    reload: () => player.reloadInfo(),
    onFrame: (frame) => player.frameShown(frame),
    onEnd: () => player.transport.onEnd(),
    stop: () => player.transport.stop(),
    pace: () => player.transport.direction * player.transport.rate,
  });
}

/** @param {import('./player.js').Player} player @param {any} state as GET /state answers */
export function buildParts(player, state) {
  player.labels = new Labels({
    videoId: player.data.video_id,
    annotatorId: player.annotatorId,
    annotator: player.data.annotator,
    send: (fields) => player.edits.append({ ...fields, provenance: player.provenance() }),
    transact: (run) => player.edits.group(run),
    newId: () => crypto.randomUUID(),
    onChange: (isVisible) => {
      player.refresh({ timeline: isVisible });
    },
  });
  player.keys = new KeyTable(player.preferences, player.layout, () => {
    player.classKeys.reorder();
    player.refresh();
  });
  player.classKeyNames = nameClassKeys(player.layout);
  player.watcher = new Watcher({
    ids: player.ids,
    api: player.api,
    info: player.info,
    edits: player.edits,
    isShowingPicture: () => Boolean(player.picture.show.video),
    reload: () => player.reloadInfo(),
    onState: (read) => {
      player.labels.load(read, []);
      player.coverage.othersWithheld = read.others_withheld;
      player.coverage.load(read);
      player.info.overlapRule = read.overlap_rule;
    },
    onVisible: () => player.findings.reloadSoon(),
  });
  player.coverage = new Coverage(player, state);
  player.findings = new Findings({
    api: player.api,
    ids: player.ids,
    info: player.info,
    labels: player.labels,
    edits: player.edits,
    settings: makeSettings(player.ids),
    attempt: player.attempt,
    reload: () => player.reloadInfo(),
  });
  player.picked = new Picked({
    labels: player.labels,
    findings: player.findings,
    clock: player.clock,
    onLeave: () => player.transport.stop(),
  });
  player.sight = new ViewSight({ classes: player.classList, picked: player.picked, picture: player.picture });
  buildReview(player);
  const { ids, info, clock, picture, picked, labels, messages, say, sight, classList: classes } = player;
  const reveal = (/** @type {import('../timeline/geometry.js').Spanlike} */ span) => player.timeline.reveal(span);
  const warnings = new Warnings({ labels, info, sight });
  player.selection = new Selection({ labels, picked, say });
  player.spanEdits = new SpanEdits({
    labels,
    picked,
    classes,
    warnings,
    sight,
    clock,
    say,
    reveal,
    seek: (frame) => void picture.seek(frame),
    isPlaying: () => player.transport.isPlaying,
  });
  player.desk = new Desk({
    labels,
    picked,
    classes,
    warnings,
    clock,
    say,
    seek: (frame) => void picture.seek(frame),
    stop: () => player.transport.stop(),
    reveal,
    relabelAll: (chosen, classId) => player.spanEdits.relabelAll(chosen, classId),
    revive: (suggestionId) => player.review.revive(suggestionId),
  });
  player.hands = new SpanHands({
    labels,
    picked,
    desk: player.desk,
    fits: (n) => player.spanEdits.fits(n),
    clock,
    say,
    reveal,
    showEdge: (span, edge) => player.lockedLoop.showEdge(span, edge),
    focusNote: () => {
      player.painter.flush(); // the label may have been selected this very moment
      player.panel.note.focus();
    },
  });
  const { keys, classKeyNames, desk } = player;
  player.classKeys = new ClassKeys({
    ids,
    clock,
    classes,
    keys,
    classKeyNames,
    picked,
    desk,
    labels,
    info,
    warnings,
    say,
  });
  const act = (/** @type {string} */ action, /** @type {any} */ value) => player.act(action, value); // as actions.js has it
  const seek = (/** @type {number} */ frame) => picture.seek(frame);
  player.transport = new Transport({ clock, frames: () => picture.frames, seek });
  player.lockedLoop = new LockedLoop({ picked, labels, clock, transport: player.transport, seek, say });
  player.stage = new Stage({
    picture,
    transport: player.transport,
    lockedLoop: player.lockedLoop,
    clock,
    picked,
    info,
    messages,
    describeNext: () => player.classKeys.describe(),
    act,
    focus: () => player.focus(),
  });
  player.choices = new TimelineChoices(player.preferences);
  player.traces = makeTraces(player, info.poses);
  player.timeline = new Timeline({
    model: {
      ids: player.ids,
      clock,
      info,
      labels,
      findings: player.findings,
      picked,
      spans: player.classKeys.spans,
      coverage: player.coverage,
      traces: player.traces,
      choices: player.choices,
      classes: player.classList,
    },
    on: makeTimelineHands({
      picked,
      selection: player.selection,
      hands: player.hands,
      review: player.review,
      transport: player.transport,
      lockedLoop: player.lockedLoop,
      act,
    }),
  });
  buildCodebook(player);
  buildPanel(player);
  player.help = new Help({ host: player.root, keys, classKeys: player.classKeys, focus: () => player.focus() });
  const upper = h('div', { class: 'upper' }, player.stage.node, player.panel.node);
  buildSimilar(player, upper);
  player.root.replaceChildren(player.header.node, player.header.damage, upper, player.timeline.node);
  picture.attach();
  player.updateShow();
  addJobs(player);
  follow(player);
  if (!isSupportedBrowser()) player.header.warn('Use Chrome or Edge: this browser is not tested for exact frames.');
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

/** @param {import('./player.js').Player} player whose transport and timeline may come later */
function buildReview(player) {
  const { ids, findings, labels, picked, sight, clock, preferences, say } = player;
  player.review = new Review({
    findings,
    labels,
    picked,
    classes: player.classList,
    sight,
    clock,
    settings: makeSettings(ids),
    preferences,
    say,
    moves: {
      isReady: () => player.ready,
      seek: (frame) => void player.seek(frame),
      stop: () => player.transport.stop(),
      loopSpan: (span) => void player.transport.loopSpan(span),
      showEdge: (span, edge) => player.lockedLoop.showEdge(span, edge),
      reveal: (span) => player.timeline.reveal(span),
      revealTrack: (kind, bar) => player.timeline.revealTrack(kind, bar),
    },
  });
}

/** The list of classes, and the codebook beside it and in the panel. @param {import('./player.js').Player} player */
function buildCodebook(player) {
  const { api, ids, labels, picked, preferences, classKeys, sight, stage } = player;
  const classes = player.classList;
  /** @type {Act} */
  const act = (action, value) => player.act(action, value);
  const focus = () => player.focus();
  const palette = new Palette({ host: stage.dialogs, classes, classKeys, preferences, sight, act, focus });
  const pages = new CodebookPages({ api, labels });
  /** @param {import('./server.js').Clip} clip */
  const goTo = (clip) => {
    palette.close();
    player.timeline.reveal(clip);
    void player.transport.jump(clip.start_frame);
    focus();
  };
  /** @param {() => void} onLeave */
  const makeCard = (onLeave) => new CodebookCard({ api, ids, pages, classes, sight, goTo, onLeave });
  const codebook = new Codebook({ picked, preferences, palette, act, focus, makeCard });
  palette.aside = (one, node) => codebook.follow(one, node);
  player.palette = palette;
  player.codebook = codebook;
}

/** @param {import('./player.js').Player} player whose other parts are there */
function buildPanel(player) {
  const { api, ids, info, clock, picture, edits, say } = player;
  const { labels, picked, desk, hands, classKeys, keys, classKeyNames, sight, findings, review } = player;
  const classes = player.classList;
  /** @type {Act} */
  const act = (action, value) => player.act(action, value);
  const focus = () => player.focus();
  /** @param {import('./server.js').CountedSpan} span */
  const goTo = (span) => {
    player.transport.stop();
    void player.seek(span.start_frame);
    player.timeline.reveal(span);
  };
  const selection = new SelectionCard({
    labels,
    picked,
    classes,
    setCertainty: (confidence) => hands.setCertainty(confidence),
    act,
    focus,
  });
  player.header = new Header({ info, clock, picture, edits, act });
  player.panel = new Panel({
    refusals: new RefusalCards({ edits, labels, picked, classes, say }),
    suggestion: new SuggestionCard({ review, findings, picked, classes, clock, info, sight, act, focus }),
    codebook: player.codebook,
    classKeys: new ClassKeysCard({ classKeys, keys, classKeyNames, sight, picked, act }),
    selection,
    label: new LabelCard({
      labels,
      picked,
      classes,
      clock,
      annotate: (id, fields) => desk.annotate(id, fields),
      act,
      focus,
      above: selection.node,
    }),
    rating: new RatingCard({ labels, focus }),
    score: new EmotionCard({ api, ids, labels, findings, info, classes, clock, goTo, focus }),
    coverage: player.coverage,
    skeleton: new SkeletonCard({ info, picture, act }),
  });
}

/** @param {import('./player.js').Player} player whose other parts are there @param {HTMLElement} host of the drawer */
function buildSimilar(player, host) {
  const { api, ids, clock, picked, info, classKeys, keys, activity, say, labels, edits } = player;
  const provenance = () => player.provenance();
  player.similar = new Similar({
    api,
    ids,
    clock,
    classes: player.classList,
    picked,
    info,
    classKeys,
    keys,
    activity,
    host,
    say,
    act: (action, value) => player.act(action, value),
    focus: () => player.focus(),
    jump: (frame) => void player.transport.jump(frame),
    stop: () => player.transport.stop(),
    reveal: (span) => player.timeline.reveal(span),
    makeLabels: (onChange) => new SimilarLabels({ videoId: ids.videoId, labels, edits, provenance, onChange }),
  });
}

/** What keys and buttons ask for, by name. @param {import('./player.js').Player} player */
export function makeIntents(player) {
  const { clock, say, picture, stage, transport, lockedLoop, timeline, traces, choices } = player;
  const { labels, picked, desk, spanEdits, hands, selection, classKeys, help } = player;
  const { review, findings, similar, coverage, palette, panel, codebook } = player;
  return makeActions({
    ...{ clock, say, picture, stage, transport, lockedLoop, timeline, traces, choices },
    ...{ labels, picked, desk, spanEdits, hands, selection, classKeys, help },
    ...{ review, findings, similar, coverage, palette, panel, codebook },
    refresh: () => player.refresh(),
  });
}

/** The closed list of what is drawn, in order. @param {import('./player.js').Player} player */
function addJobs({ painter, header, stage, panel, coverage, codebook, similar, timeline }) {
  painter.add(() => stage.drawMessage());
  painter.add(() => stage.drawFrameChip());
  painter.add(() => stage.drawChips());
  painter.add(() => stage.drawToggles());
  painter.add(() => stage.drawNotice());
  painter.add(() => stage.transportLine.draw());
  painter.add(() => header.draw());
  for (const card of panel.cards) painter.add(() => card.draw());
  painter.add(() => coverage.update());
  painter.add(() => codebook.draw());
  painter.add(() => similar.draw());
  for (const draw of timeline.drawings) painter.add(draw);
}

/** What follows from a change without being drawn. @param {import('./player.js').Player} player */
function follow({ disposers, findings, lockedLoop, picture, watcher }) {
  disposers.push(
    effect(() => findings.jobsChanged()),
    effect(() => lockedLoop.sync()),
    effect(() => {
      void picture.show;
      untracked(() => watcher.schedule());
    }),
  );
}
