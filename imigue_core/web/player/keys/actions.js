/**
 * What each action of the key table does, in terms of the player. Buttons use the
 * same actions.
 *
 * @typedef {import('../core/player.js').Player} Player
 */

import { clampFrame, frameAt, secondsOf } from '../core/clock.js';
import { HAND_ACTIONS } from './hand_actions.js';
import { TIMELINE_ACTIONS } from './timeline_actions.js';

/** @type {Record<string, (player: Player, value?: any) => void>} */
export const ACTIONS = {
  ...TIMELINE_ACTIONS,

  togglePlay: (player) => player.transport.toggle(),
  faster: (player) => player.transport.faster(),
  slower: (player) => player.transport.slower(),
  stop: (player) => player.transport.stop(),
  backward: (player) => player.transport.backward(),
  ...HAND_ACTIONS,

  step: (player, frames) => stepTo(player, player.position + frames),
  stepSeconds: (player, seconds) => {
    const { times, fps, nFrames, position } = player;
    stepTo(player, frameAt(times, fps, nFrames, secondsOf(times, fps, position) + seconds));
  },
  goFirst: (player) => stepTo(player, 0),
  goLast: (player) => stepTo(player, player.nFrames - 1),
  goTo: (player) => player.stage.askFrame((frame) => stepTo(player, frame)),
  nextLabel: (player, direction) => player.desk.walkLabels(direction),

  markIn: (player) =>
    player.desk.setMarks(
      player.position,
      player.desk.markOut !== null && player.desk.markOut < player.position ? null : player.desk.markOut,
    ),
  markOut: (player) =>
    (player.desk.markIn === null && player.classKeys.closeAll()) ||
    player.desk.setMarks(
      player.desk.markIn !== null && player.desk.markIn > player.position ? null : player.desk.markIn,
      player.position,
    ),
  labelByKey: (player, i) => player.classKeys.press(i),
  labelSecond: (player, i) => player.classKeys.press(i, { isSecond: true }),
  bank: (player, bank) => player.classKeys.chooseBank(bank),
  closeSpans: (player) => player.classKeys.closeAll(),
  pickClass: (player) => {
    const from = player.position; // the video may play on while the name is typed
    player.palette.open(`Pick a class: ${player.desk.describeNextLabel()}`, (one, { isSecond }) =>
      isSecond ? player.desk.labelSecond(one.class_id, from) : player.classKeys.pick(one.class_id, from),
    );
  },
  relabel: (player) =>
    withChosen(player, (labels) =>
      player.palette.open(`Change the class${labels.length > 1 ? ` of ${labels.length} labels` : ''}`, (one) =>
        player.spanEdits.relabelAll(labels, one.class_id),
      ),
    ),
  setStart: (player) => withOwn(player, (label) => moveEdge(player, label, player.position, label.end_frame)),
  setEnd: (player) => withOwn(player, (label) => moveEdge(player, label, label.start_frame, player.position)),
  deleteLabel: (player) =>
    withChosen(player, (labels) =>
      labels.length > 1 ? player.spanEdits.deleteAll(labels) : player.desk.change(labels[0], 'delete'),
    ),
  splitLabel: (player) => player.spanEdits.split(),
  mergeLabel: (player, direction) => player.spanEdits.merge(direction),
  duplicateLabel: (player) => player.spanEdits.duplicate(),
  copyLabel: (player) => player.spanEdits.copyToMine(),
  escape: (player) => player.escape(),

  nextSuggestion: (player, direction) => player.review.walk(direction),
  nextRejected: (player, direction) => player.review.walkRejected(direction),
  accept: (player, rank) => player.review.accept(rank),
  reject: (player) => player.review.decide('rejected'),
  skip: (player) => player.review.decide('skipped'),
  lift: (player) => player.review.lift(),
  nudge: (player, how) => player.review.nudge(how),
  noClassKey: (player) => player.say('A suggestion is selected: 1 to 5 accept it, Esc leaves it.'),
  toggleLoop: (player) => player.review.toggleLoop(),
  findSimilar: (player) => player.similar.open(),
  stepThreshold: (player, direction) => player.review.stepThreshold(direction),
  stepOrder: (player) => player.review.stepOrder(),
  scan: (player) => void player.findings.scanNow(),

  markReviewed: (player, isReviewed) => void player.coverage.markReviewed(isReviewed),
  toggleDone: (player) => void player.coverage.toggleDone(),

  undo: (player) => player.desk.stepHistory('undo'),
  redo: (player) => player.desk.stepHistory('redo'),

  cycleView: (player) => void player.picture.cycleView(),
  toggleSet: (player, name) => void player.picture.toggleSet(name),
  allowView: (player, view) => void player.picture.allowView(view),
  closeReveal: (player) => player.picture.closeReveal(),
  focusRating: (player) => player.panel.rating.focus(),
  panelFocus: (player) => player.panel.focus(),
  codebook: (player) => player.codebook.toggle(),
  help: (player) => player.help.toggle(),
};

/** Steps stop playing: they are for looking closely. */
function stepTo(player, frame) {
  player.transport.stop();
  void player.seek(clampFrame(frame, player.nFrames));
}

function moveEdge(player, label, start, end) {
  if (start > end) {
    player.say('The end of a label cannot lie before its start.');
    return;
  }
  if (start !== label.start_frame || end !== label.end_frame)
    player.desk.change(label, 'move', { start_frame: start, end_frame: end });
}

function withCurrent(player, run) {
  if (player.desk.current) run(player.desk.current);
  else player.say('No label is selected: Tab walks through your labels, a click selects one.');
}

function withOwn(player, run) {
  withCurrent(player, (label) => {
    if (player.labels.isOwn(label)) run(label);
    else player.say(`This label is by ${label.annotator}; you can edit only your own.`);
  });
}

/** The labels selected together, else the current one. */
function withChosen(player, run) {
  const chosen = player.selection.list();
  if (chosen.length) run(chosen);
  else withOwn(player, (label) => run([label]));
}
