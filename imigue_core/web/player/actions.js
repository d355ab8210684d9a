/**
 * What each action of the key table does, in terms of the player. Buttons use the
 * same actions.
 *
 * @typedef {import('./player.js').Player} Player
 */

import { clampFrame, frameAt, secondsOf } from './clock.js';
import { listKeyClasses } from './palette.js';

/** @type {Record<string, (player: Player, value?: any) => void>} */
export const ACTIONS = {
  togglePlay: (player) => player.transport.toggle(),
  faster: (player) => player.transport.faster(),
  slower: (player) => player.transport.slower(),
  stop: (player) => player.transport.stop(),
  backward: (player) => player.transport.backward(),
  loopSpan: (player) => withCurrent(player, (label) => void player.transport.loopSpan(label)),

  step: (player, frames) => stepTo(player, player.position + frames),
  stepSeconds: (player, seconds) => {
    const { times, fps, nFrames, position } = player;
    stepTo(player, frameAt(times, fps, nFrames, secondsOf(times, fps, position) + seconds));
  },
  goFirst: (player) => stepTo(player, 0),
  goLast: (player) => stepTo(player, player.nFrames - 1),
  goTo: (player) => player.stage.askFrame((frame) => stepTo(player, frame)),
  nextLabel: (player, direction) => player.desk.walkLabels(direction),

  markIn: (player) => player.desk.setMarks(player.position, player.desk.markOut !== null && player.desk.markOut < player.position ? null : player.desk.markOut),
  markOut: (player) => player.desk.setMarks(player.desk.markIn !== null && player.desk.markIn > player.position ? null : player.desk.markIn, player.position),
  labelByKey: (player, i) => {
    const one = listKeyClasses(player.classes)[i];
    if (one) player.desk.labelWith(one.class_id);
  },
  pickClass: (player) => {
    const from = player.position; // the video may play on while the name is typed
    player.palette.open(`Pick a class: ${player.desk.describeNextLabel()}`, (one) => player.desk.labelWith(one.class_id, from));
  },
  relabel: (player) => withOwn(player, (label) => player.palette.open('Change the class', (one) => player.desk.change(label, 'relabel', { class_id: one.class_id }))),
  setStart: (player) => withOwn(player, (label) => moveEdge(player, label, player.position, label.end_frame)),
  setEnd: (player) => withOwn(player, (label) => moveEdge(player, label, label.start_frame, player.position)),
  deleteLabel: (player) => withOwn(player, (label) => player.desk.change(label, 'delete')),
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
  stepThreshold: (player, direction) => player.review.stepThreshold(direction),
  scan: (player) => void player.findings.scanNow(),

  markReviewed: (player, isReviewed) => void player.coverage.markReviewed(isReviewed),
  toggleDone: (player) => void player.coverage.toggleDone(),

  undo: (player) => player.desk.stepHistory('undo'),
  redo: (player) => player.desk.stepHistory('redo'),

  cycleView: (player) => void player.picture.cycleView(),
  toggleSet: (player, name) => void player.setShow({ [name]: !player.show[name] }),
  allowView: (player, view) => void player.picture.allowView(view),
  closeReveal: (player) => player.picture.closeReveal(),
  zoom: (player, factor) => player.timeline.zoom(factor),
  zoomAll: (player) => player.timeline.zoomAll(),
  zoomLabel: (player) => withCurrent(player, (label) => player.timeline.zoomTo(label)),
  panelFocus: (player) => player.panel.focus(),
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
  if (start !== label.start_frame || end !== label.end_frame) player.desk.change(label, 'move', { start_frame: start, end_frame: end });
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
