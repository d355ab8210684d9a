/** Watched state and the painter: what was read is drawn again, once a refresh, and nothing else is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Painter } from '../../imigue_core/web/player/core/painter.js';
import { computed, watch } from '../../imigue_core/web/player/core/watch.js';
import { Labels } from '../../imigue_core/web/player/labels/labels.js';
import { Picked } from '../../imigue_core/web/player/labels/picked.js';

/** A screen that refreshes when told, and a painter on it. */
function makeScreen() {
  /** @type {(() => void)[]} */
  let waiting = [];
  const screen = {
    request: (/** @type {() => void} */ run) => waiting.push(run),
    cancel: () => {
      waiting = [];
    },
  };
  const refresh = () => {
    const runs = waiting;
    waiting = [];
    for (const run of runs) run();
    return runs.length;
  };
  return { painter: new Painter(screen), refresh };
}

class Lamp {
  constructor() {
    this.isOn = false;
    this.colour = 'white';
    watch(this, 'isOn', 'colour');
  }
}

test('a job is drawn again after what it read has changed, once a refresh however often that was', () => {
  const { painter, refresh } = makeScreen();
  const lamp = new Lamp();
  /** @type {boolean[]} */
  const drawn = [];
  painter.add(() => void drawn.push(lamp.isOn));
  refresh();
  lamp.isOn = true;
  lamp.isOn = false;
  lamp.isOn = true;
  refresh();
  assert.deepEqual(drawn, [false, true]);
});

test('what a job did not read, or read the last time only, draws nothing', () => {
  const { painter, refresh } = makeScreen();
  const lamp = new Lamp();
  let n = 0;
  painter.add(() => {
    n += 1;
    if (lamp.isOn) void lamp.colour;
  });
  refresh();
  lamp.colour = 'red';
  assert.equal(refresh(), 0);
  lamp.isOn = true;
  refresh();
  lamp.colour = 'green';
  refresh();
  lamp.isOn = false;
  refresh();
  lamp.colour = 'blue';
  assert.equal(refresh(), 0);
  assert.equal(n, 4);
});

test('jobs are drawn in the order in which they were added, and at once where that is asked for', () => {
  const { painter, refresh } = makeScreen();
  /** @type {string[]} */
  const drawn = [];
  for (const name of ['first', 'second']) painter.add(() => void drawn.push(name));
  painter.flush();
  assert.deepEqual(drawn, ['first', 'second']);
  assert.equal(refresh(), 0);
});

test('nothing is drawn after the painter was put away', () => {
  const { painter, refresh } = makeScreen();
  const lamp = new Lamp();
  let n = 0;
  painter.add(() => {
    void lamp.isOn;
    n += 1;
  });
  refresh();
  painter.dispose();
  lamp.isOn = true;
  refresh();
  assert.equal(n, 1);
});

test('what is derived follows', () => {
  const lamp = new Lamp();
  const words = computed(() => `${lamp.isOn ? 'on' : 'off'} ${lamp.colour}`);
  assert.equal(words.value, 'off white');
  lamp.isOn = true;
  assert.equal(words.value, 'on white');
});

/** A page with three own labels and one suggestion. */
function makePage() {
  let n = 0;
  let left = 0;
  const labels = new Labels({
    videoId: 1,
    annotatorId: 1,
    annotator: 'Ann',
    send: (fields) => ({ edit_id: `e${++n}`, client_seq: n, ...fields }),
    newId: () => `a${++n}`,
  });
  const ids = [30, 10, 20].map((start) => labels.create(5, start, start + 5).annotation_id);
  const suggestion = { suggestion_id: 7, class_id: 5, start_frame: 3, end_frame: 9, score: 0.5, top: [] };
  const findings = { above: [{ ...suggestion, start_sd: 1, end_sd: 1 }], ghosts: [] };
  const onLeave = () => {
    left += 1;
  };
  const picked = new Picked({ labels, findings, clock: { position: 40 }, onLeave });
  return { labels, picked, ids, countLeft: () => left };
}

test('a label takes what was under review out of the hand; a suggestion takes labels out of it', () => {
  const { picked, ids, countLeft } = makePage();
  picked.chooseSuggestion(7);
  assert.equal(picked.context, 'suggestion');
  picked.chooseLabel(ids[0]);
  assert.equal(picked.context, null);
  assert.equal(countLeft(), 1);
  picked.choose([ids[0], ids[1]]);
  picked.chooseSuggestion(7);
  assert.deepEqual([picked.label, picked.labels], [null, []]);
});

test('labels selected together are in order of time, and one that is gone is none of them', () => {
  const { labels, picked, ids } = makePage();
  picked.choose(ids);
  assert.deepEqual(
    picked.labels.map((label) => label.start_frame),
    [10, 20, 30],
  );
  labels.change(ids[1], 'delete');
  assert.deepEqual(
    picked.labels.map((label) => label.start_frame),
    [20, 30],
  );
});

test('a missing mark is the play head', () => {
  const { picked } = makePage();
  assert.equal(picked.marked(), null);
  picked.setMarks(null, 12);
  assert.deepEqual(picked.marked(), { start_frame: 12, end_frame: 40 });
  assert.deepEqual(picked.marked(5), { start_frame: 5, end_frame: 12 });
});

test('a label just made is current, and no class key changes it', () => {
  const { picked, ids } = makePage();
  picked.chooseLabel(ids[0], { selected: false });
  assert.equal(picked.label?.annotation_id, ids[0]);
  assert.equal(picked.selectedId, null);
  assert.equal(picked.stretch, null);
});
