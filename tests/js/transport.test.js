import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LockedLoop } from '../../imigue_core/web/player/picture/locked_loop.js';
import { FASTEST_LOOP, RATES, Transport } from '../../imigue_core/web/player/picture/transport.js';

/** @typedef {import('../../imigue_core/web/player/timeline/geometry.js').Spanlike} Spanlike */

/** @param {number} start @param {number} end @returns {Spanlike} */
const span = (start, end) => ({ start_frame: start, end_frame: end });

/** A picture whose frames are shown by hand and whose seeks arrive when told, with the transport that moves it. */
class Player {
  frame = 0;
  nFrames = 100;
  fps = 25;
  /** @type {(() => void)[]} seeks on their way */
  waiting = [];
  isSlow = false;
  /** @type {[string, number?][]} */
  calls = [];
  frames = {
    play: (/** @type {number} */ rate) => void this.calls.push(['play', rate]),
    pause: () => void this.calls.push(['pause']),
  };
  transport = new Transport({ clock: this, frames: () => this.frames, seek: (frame) => this.seek(frame) });

  /** @param {number} frame @returns {Promise<void>} */
  seek(frame) {
    const arrive = () => this.show(frame);
    if (!this.isSlow) return Promise.resolve(arrive());
    return new Promise((next) => this.waiting.push(() => next(arrive())));
  }

  /** @param {number} frame */
  show(frame) {
    this.frame = frame;
    this.transport.onFrame(frame);
  }

  async arrive() {
    for (const next of this.waiting.splice(0)) next();
    await settled();
  }
}

const settled = async () => {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
};

test('a loop goes back to its start at its last frame', async () => {
  const player = new Player();
  await player.transport.loopSpan(span(10, 14));
  for (const frame of [11, 12, 13, 14]) player.show(frame);
  await settled();
  assert.equal(player.frame, 10);
  assert.ok(player.transport.isPlaying && player.transport.loop);
});

test('in a loop L stops at four times, Shift L at a tenth, and the loop stays', async () => {
  const player = new Player();
  const { transport } = player;
  await transport.loopSpan(span(10, 14));
  const up = [];
  for (let i = 0; i < 8; i += 1) {
    transport.faster();
    await settled();
    up.push(transport.rate);
  }
  assert.deepEqual([...new Set(up)], [1.5, 2, 4]);
  const down = [];
  for (let i = 0; i < 9; i += 1) {
    transport.slower();
    await settled();
    down.push(transport.rate);
  }
  assert.deepEqual([...new Set(down)], [2, 1.5, 1, 0.5, 0.25, 0.1]);
  assert.deepEqual(transport.loop, span(10, 14));
  assert.deepEqual(player.calls.at(-1), ['play', 0.1]);
  assert.equal(RATES[0], 0.1);
  assert.equal(FASTEST_LOOP, 4);
});

test('the speed of the last loop is that of the next; speeds of plain playing above 1 are not', async () => {
  const player = new Player();
  const { transport } = player;
  await transport.play(16);
  await transport.loopSpan(span(10, 14));
  assert.equal(transport.rate, 1);
  transport.faster();
  await settled();
  transport.stop();
  await transport.loopSpan(span(20, 24));
  assert.equal(transport.rate, 1.5);
  transport.stop();
  await transport.play(0.25);
  await transport.loopSpan(span(20, 24));
  assert.equal(transport.rate, 0.25);
});

test('jumps that overtake each other play on', async () => {
  const player = new Player();
  const { transport } = player;
  await transport.play(2);
  player.isSlow = true;
  void transport.jump(30);
  void transport.jump(40);
  assert.ok(transport.isPlaying);
  await player.arrive();
  assert.equal(player.frame, 40);
  assert.deepEqual([transport.direction, transport.rate], [1, 2]);
});

test('a jump out of the loop ends it, one within does not; a stop during a jump is a stop', async () => {
  const player = new Player();
  const { transport } = player;
  await transport.loopSpan(span(10, 14));
  await transport.jump(12);
  assert.ok(transport.loop);
  await transport.jump(50);
  assert.equal(transport.loop, null);
  player.isSlow = true;
  void transport.jump(60);
  transport.stop();
  await player.arrive();
  assert.equal(transport.isPlaying, false);
});

test('a loop over the last frame goes on when the frames run out', async () => {
  const player = new Player();
  const { transport } = player;
  await transport.loopSpan(span(90, 99));
  player.show(99);
  transport.onEnd(); // as a clock says it in the same moment
  await settled();
  assert.equal(player.frame, 90);
  assert.ok(transport.isPlaying && transport.loop);
});

test('a single frame stands still and is left as it was entered', async () => {
  const player = new Player();
  const { transport } = player;
  await transport.loopSpan(span(10, 10));
  assert.equal(transport.isPlaying, true);
  assert.deepEqual(
    player.calls.filter(([call]) => call === 'play'),
    [],
  );
  transport.moveLoop(span(10, 20));
  await settled();
  assert.deepEqual(player.calls.at(-1), ['play', 1]);
  transport.stop();
  assert.equal(transport.isPlaying, false);
});

/** A player with one label, for locked loops. */
class Locked extends Player {
  annotations = new Map([['a', { annotation_id: 'a', ...span(10, 20) }]]);
  /** @type {string[]} */
  said = [];
  picked = { ...nothing(), labelId: /** @type {string|null} */ ('a') };
  lockedLoop = new LockedLoop({
    picked: this.picked,
    labels: { find: (id) => this.annotations.get(id) ?? null },
    clock: this,
    transport: this.transport,
    seek: (frame) => this.seek(frame),
    say: (text) => void this.said.push(text),
  });

  /** @param {number} start @param {number} end */
  change(start, end) {
    this.annotations.set('a', { annotation_id: 'a', ...span(start, end) });
    this.lockedLoop.sync();
  }
}

/** @returns {import('../../imigue_core/web/player/picture/locked_loop.js').Locking} nothing selected */
function nothing() {
  return {
    suggestion: null,
    suggestionId: null,
    ghost: null,
    span: null,
    markIn: null,
    markOut: null,
    labels: [],
    labelId: null,
  };
}

test('a locked loop stays with its label while its edges move, and ends with it', async () => {
  const player = new Locked();
  const { transport, lockedLoop } = player;
  lockedLoop.start();
  await settled();
  player.change(15, 30);
  await settled();
  assert.deepEqual(transport.loop, span(15, 30));
  assert.equal(player.frame, 15); // it lay outside
  assert.ok(transport.isPlaying && lockedLoop.isActive);
  player.annotations.delete('a');
  lockedLoop.sync();
  assert.equal(transport.isPlaying, false);
});

test('a nudged edge is what plays next; without a lock it is the frame that shows', async () => {
  const player = new Locked();
  const { transport, lockedLoop } = player;
  lockedLoop.start();
  await settled();
  player.change(10, 60);
  lockedLoop.showEdge(span(10, 60), 'end');
  await settled();
  assert.equal(player.frame, 60 - 13);
  player.change(8, 60);
  lockedLoop.showEdge(span(8, 60), 'start');
  await settled();
  assert.equal(player.frame, 8);
  transport.stop();
  lockedLoop.showEdge(span(8, 60), 'end');
  await settled();
  assert.deepEqual([player.frame, transport.isPlaying], [60, false]);
});

test('a drag holds the loop and lets it go on, where the label is then', async () => {
  const player = new Locked();
  const { transport, lockedLoop } = player;
  lockedLoop.start();
  await settled();
  lockedLoop.hold();
  assert.equal(transport.isPlaying, false);
  await transport.jump(70);
  player.change(10, 70);
  lockedLoop.letGo();
  await settled();
  assert.deepEqual(transport.loop, span(10, 70));
  assert.ok(transport.isPlaying && lockedLoop.isActive);
});

test('what is locked: the suggestion, else the marked span, else several labels, else the current one', async () => {
  const player = new Locked();
  const { transport, lockedLoop, picked } = player;
  const locked = async () => {
    lockedLoop.start();
    await settled();
    return [transport.loop?.start_frame, transport.loop?.end_frame];
  };
  assert.deepEqual(await locked(), [10, 20]);
  picked.labels = [span(5, 30), span(6, 8)];
  assert.deepEqual(await locked(), [5, 30]);
  Object.assign(picked, { markIn: 40, markOut: 44 });
  assert.deepEqual(await locked(), [40, 44]);
  const selected = { suggestion_id: 1, ...span(50, 55) };
  Object.assign(picked, { suggestion: selected, suggestionId: 1, span: selected });
  assert.deepEqual(await locked(), [50, 55]);
  Object.assign(picked, nothing());
  lockedLoop.start();
  assert.equal(player.said.length, 1);
});
