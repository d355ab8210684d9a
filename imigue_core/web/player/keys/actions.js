/**
 * What each action of the key table does, in terms of the parts that do it. Buttons use the same
 * actions. Each group names the parts that it works on; core/parts.js has them all.
 */

import { makeHandActions } from './hand_actions.js';
import { makeTimelineActions } from './timeline_actions.js';

/**
 * @typedef {import('../labels/labels.js').Label} Label
 * @typedef {import('../core/server.js').GestureClass} GestureClass
 * @typedef {(action: string, value?: unknown) => void} Act runs what keys and buttons share, by its name
 * @typedef {Record<string, (value?: any) => void>} Actions any: each action has a value of its own, which stands beside
 *   it in the table of keys
 * @typedef {{clock: import('../core/video_clock.js').VideoClock,
 *            transport: import('../picture/transport.js').Transport,
 *            picture: import('../picture/picture.js').Picture, stage: import('../picture/stage.js').Stage,
 *            picked: import('../labels/picked.js').Picked, labels: import('../labels/labels.js').Labels,
 *            desk: import('../labels/desk.js').Desk, spanEdits: import('../labels/span_edits.js').SpanEdits,
 *            classKeys: import('./class_keys.js').ClassKeys, palette: import('../panel/palette.js').Palette,
 *            review: import('../review/review.js').Review, findings: import('../review/findings.js').Findings,
 *            similar: import('../similar/similar.js').Similar, coverage: import('../core/coverage.js').Coverage,
 *            panel: import('../panel/panel.js').Panel, codebook: import('../panel/codebook.js').Codebook,
 *            help: import('./help.js').Help, timeline: import('../timeline/timeline.js').Timeline,
 *            say: (text: string) => void} & import('./hand_actions.js').HandParts
 *            & import('./timeline_actions.js').TimelineParts} ActionParts
 */

/** @param {ActionParts} parts @returns {Actions} */
export function makeActions(parts) {
  return {
    ...makePlayActions(parts),
    ...makeMarkActions(parts),
    ...makeLabelActions(parts),
    ...makeHandActions(parts),
    ...makeTimelineActions(parts),
    ...makeReviewActions(parts),
    ...makeViewActions(parts),
    escape: () => leaveLast(parts),
  };
}

/** @param {ActionParts} parts @returns {Actions} */
function makePlayActions({ clock, transport, picture, stage, desk }) {
  /** Steps stop playing: they are for looking closely. @param {number} frame */
  const stepTo = (frame) => {
    transport.stop();
    void picture.seek(clock.clamp(frame));
  };
  return {
    togglePlay: () => transport.toggle(),
    faster: () => transport.faster(),
    slower: () => transport.slower(),
    stop: () => transport.stop(),
    backward: () => transport.backward(),
    step: (frames) => stepTo(clock.position + frames),
    stepSeconds: (seconds) => stepTo(clock.frameAt(clock.secondsOf(clock.position) + seconds)),
    goFirst: () => stepTo(0),
    goLast: () => stepTo(clock.nFrames - 1),
    goTo: () => stage.askFrame(stepTo),
    nextLabel: (direction) => desk.walkLabels(direction),
  };
}

/** @param {ActionParts} parts @returns {Actions} */
function makeMarkActions({ clock, picked, classKeys, palette, desk }) {
  return {
    markIn: () => {
      const { markOut } = picked;
      picked.setMarks(clock.position, markOut !== null && markOut < clock.position ? null : markOut);
    },
    markOut: () => {
      const { markIn } = picked;
      if (markIn === null && classKeys.closeAll()) return;
      picked.setMarks(markIn !== null && markIn > clock.position ? null : markIn, clock.position);
    },
    labelByKey: (i) => classKeys.press(i),
    labelSecond: (i) => classKeys.press(i, { isSecond: true }),
    bank: (bank) => classKeys.chooseBank(bank),
    closeSpans: () => void classKeys.closeAll(),
    pickClass: () => {
      const from = clock.position; // the video may play on while the name is typed
      palette.open(`Pick a class: ${classKeys.describe()}`, (one, { isSecond }) =>
        isSecond ? desk.labelSecond(one.class_id, from) : classKeys.pick(one.class_id, from),
      );
    },
  };
}

/** @param {ActionParts} parts @returns {Actions} */
function makeLabelActions({ clock, picked, labels, desk, spanEdits, palette, say }) {
  /** @param {(label: Label) => void} run */
  const withOwn = (run) => {
    const { label } = picked;
    if (!label) say('No label is selected: Tab walks through your labels, a click selects one.');
    else if (!labels.isOwn(label)) say(`This label is by ${label.annotator}; you can edit only your own.`);
    else run(label);
  };
  /** The labels selected together, else the current one. @param {(labels: Label[]) => void} run */
  const withChosen = (run) => (picked.labels.length ? run(picked.labels) : withOwn((label) => run([label])));
  /** @param {Label} label @param {number} start @param {number} end */
  const moveEdge = (label, start, end) => {
    if (start > end) say('The end of a label cannot lie before its start.');
    else if (start !== label.start_frame || end !== label.end_frame)
      desk.change(label, 'move', { start_frame: start, end_frame: end });
  };
  return {
    relabel: () =>
      withChosen((chosen) => {
        const many = chosen.length > 1 ? ` of ${chosen.length} labels` : '';
        palette.open(`Change the class${many}`, (one) => spanEdits.relabelAll(chosen, one.class_id));
      }),
    setStart: () => withOwn((label) => moveEdge(label, clock.position, label.end_frame)),
    setEnd: () => withOwn((label) => moveEdge(label, label.start_frame, clock.position)),
    deleteLabel: () =>
      withChosen((chosen) => (chosen.length > 1 ? spanEdits.deleteAll(chosen) : desk.change(chosen[0], 'delete'))),
    splitLabel: () => spanEdits.split(),
    mergeLabel: (direction) => spanEdits.merge(direction),
    duplicateLabel: () => spanEdits.duplicate(),
    copyLabel: () => spanEdits.copyToMine(),
    undo: () => desk.stepHistory('undo'),
    redo: () => desk.stepHistory('redo'),
  };
}

/** @param {ActionParts} parts @returns {Actions} */
function makeReviewActions({ review, findings, similar, coverage, say }) {
  return {
    nextSuggestion: (direction) => review.walk(direction),
    nextRejected: (direction) => review.walkRejected(direction),
    accept: (rank) => review.accept(rank),
    reject: () => review.decide('rejected'),
    skip: () => review.decide('skipped'),
    lift: () => review.lift(),
    nudge: (how) => review.nudge(how),
    noClassKey: () => say('A suggestion is selected: 1 to 5 accept it, Esc leaves it.'),
    toggleLoop: () => review.toggleLoop(),
    findSimilar: () => similar.open(),
    stepThreshold: (direction) => review.stepThreshold(direction),
    stepOrder: () => review.stepOrder(),
    scan: () => void findings.scanNow(),
    markReviewed: (isReviewed) => void coverage.markReviewed(isReviewed),
    toggleDone: () => void coverage.toggleDone(),
  };
}

/** @param {ActionParts} parts @returns {Actions} */
function makeViewActions({ picture, panel, codebook, help }) {
  return {
    cycleView: () => void picture.cycleView(),
    toggleSet: (name) => void picture.toggleSet(name),
    allowView: (view) => void picture.allowView(view),
    closeReveal: () => picture.closeReveal(),
    focusRating: () => panel.rating.focus(),
    panelFocus: () => panel.focus(),
    codebook: () => codebook.toggle(),
    help: () => help.toggle(),
  };
}

/** Leaves whatever was entered last. @param {ActionParts} parts */
function leaveLast({ similar, picture, classKeys, timeline, transport, picked }) {
  if (similar.close()) return;
  if (picture.isChoosingPerson) picture.stopChoosing();
  else if (picture.askReveal) picture.closeReveal();
  else if (classKeys.leaveBank() || timeline.cancelDrag() || picked.leaveReview()) return;
  else if (transport.loop) transport.stop();
  else if (picked.isMarked) picked.setMarks(null, null);
  else if (picked.dropChosen() || (picked.selectedId === null && classKeys.dropNewest())) return;
  else picked.chooseLabel(null);
}
