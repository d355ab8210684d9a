import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ApiError } from '../../imigue_core/web/player/core/api.js';
import { Outbox } from '../../imigue_core/web/player/labels/outbox.js';
import { draft, makeEnv, offline, Server, Storage, settled } from './world.js';

/** @typedef {(lock: {name: string}|null) => unknown} Work */

/** Locks as browsers have them, shared by tabs. */
class Locks {
  /** @type {Map<string, Promise<unknown>>} */
  held = new Map();
  /**
   * @param {string} name @param {{ifAvailable: boolean}|Work} options @param {Work} [run]
   * @returns {Promise<unknown>}
   */
  request(name, options, run) {
    const work = /** @type {Work} */ (run ?? options);
    const before = this.held.get(name);
    if (before) {
      if ('ifAvailable' in options) return Promise.resolve(work(null));
      return before.then(() => this.request(name, options, run));
    }
    const done = Promise.resolve(work({ name })).finally(() => this.held.delete(name));
    this.held.set(name, done);
    return done;
  }
}

/**
 * @param {{server: Server, storage?: Storage, locks?: Locks, projectId?: string, annotatorId?: number,
 *          now?: () => number}} world
 */
function openTab({ server, storage = new Storage(), locks = new Locks(), projectId = 'p', annotatorId = 7, now }) {
  const env = makeEnv(server, storage);
  return {
    outbox: new Outbox({
      projectId,
      annotatorId,
      env,
      locks: /** @type {Pick<LockManager, 'request'>} */ (locks),
      now,
    }),
    env,
    storage,
    locks,
  };
}

/** @param {Server} server @param {number} edits @param {Partial<Parameters<typeof openTab>[0]>} [ids] */
async function leave(server, edits, ids = {}) {
  server.failures.push(offline());
  const tab = openTab({ server, ...ids });
  for (let i = 0; i < edits; i += 1) tab.outbox.append(draft());
  await settled();
  return tab;
}

test("a closed tab's edits are sent by the next one, under their own client, and nothing stays behind", async () => {
  const server = new Server();
  const old = await leave(server, 25);
  assert.equal(server.rows.length, 0);
  const next = openTab({ server, storage: old.storage });
  await next.outbox.replayLeftovers();
  assert.equal(server.rows.length, 25);
  assert.equal(server.requests.at(-1)?.client, old.outbox.own.client);
  assert.equal(old.storage.length, 0);
  assert.equal(next.outbox.pendingCount, 0);
});

test('edits that had arrived although the answer was lost are not made twice', async () => {
  const server = new Server();
  server.lostAnswers = 1;
  const old = openTab({ server });
  for (let i = 0; i < 3; i += 1) old.outbox.append(draft());
  await settled();
  const next = openTab({ server, storage: old.storage });
  await next.outbox.replayLeftovers();
  assert.deepEqual(
    server.rows.map((row) => row.client_seq),
    [1, 2, 3],
  );
});

test('the log of a tab that is still open is left to that tab', async () => {
  const server = new Server();
  const locks = new Locks();
  const first = await leave(server, 2, { locks });
  const second = openTab({ server, storage: first.storage, locks });
  await second.outbox.replayLeftovers();
  assert.equal(server.rows.length, 0);
  first.outbox.retry();
  await settled();
  assert.equal(server.rows.length, 2);
});

test('logs of other projects and other people are never touched', async () => {
  const server = new Server();
  const storage = new Storage();
  await leave(server, 1, { storage, projectId: 'other' });
  await leave(server, 1, { storage, annotatorId: 8 });
  const tab = openTab({ server, storage });
  await tab.outbox.replayLeftovers();
  assert.equal(server.rows.length, 0);
  assert.equal(storage.length, 2);
});

for (const text of ['{"edits": [', '{}', '[]', 'null', '{"edits": [null]}', '{"edits": [{"client_seq": "1"}]}']) {
  test(`an unreadable leftover (${text}) is kept aside, named once, and harms nobody`, async () => {
    const server = new Server();
    const storage = new Storage([['imigue:p:7:broken', text]]);
    const { outbox } = openTab({ server, storage });
    await outbox.replayLeftovers();
    await outbox.replayLeftovers();
    assert.deepEqual([...storage.map], [['imigue:p:7:broken:unreadable', text]]);
    assert.deepEqual(
      outbox.refusals.map(({ code }) => code),
      ['LOG_UNREADABLE'],
    );
    outbox.append(draft());
    await settled();
    assert.equal(server.rows.length, 1);
  });
}

test('an unreadable leftover stays where it is when the storage is full', async () => {
  const storage = new Storage([['imigue:p:7:broken', '{']]);
  storage.isFull = true;
  const { outbox } = openTab({ server: new Server(), storage });
  await outbox.replayLeftovers();
  assert.deepEqual([...storage.map], [['imigue:p:7:broken', '{']]);
});

test('after a restored backup the number of the last saved row follows the server down', async () => {
  const server = new Server();
  const { outbox, env } = openTab({ server });
  for (let i = 0; i < 3; i += 1) outbox.append(draft());
  await settled();
  assert.equal(outbox.status.text, 'Saved · #3');
  server.acked.clear();
  server.rows.length = 0;
  outbox.append(draft());
  await settled();
  await env.runTimers();
  assert.equal(outbox.status.text, 'Saved · #1');
});

test('the sentence about saving follows what happens', async () => {
  const server = new Server();
  let now = 0;
  const { outbox, env } = openTab({ server, now: () => now });
  assert.equal(outbox.status.text, 'Saved');
  outbox.append(draft());
  assert.equal(outbox.status.text, 'Saving…');
  await settled();
  assert.equal(outbox.status.text, 'Saved · #1');

  server.failures.push(offline());
  outbox.append(draft());
  await settled();
  assert.equal(outbox.status.text, 'Offline – 1 edit kept');
  await env.runTimers();
  assert.equal(outbox.status.text, 'Saved · #2');

  server.failures.push(new ApiError(503, 'STORAGE_FULL', 'the disk is full'));
  outbox.append(draft());
  await settled();
  assert.equal(outbox.status.text, 'Not saved (STORAGE_FULL) – 1 edit kept');
  assert.equal(outbox.detail, 'the disk is full');
  await env.runTimers();

  server.refuse = () => 'it changed elsewhere';
  outbox.append(draft());
  await settled();
  assert.equal(outbox.status.text, 'Refused: it changed elsewhere');
  assert.equal(outbox.refusals[0].edit.kind, 'create');
  now += 60_000;
  assert.equal(outbox.status.text, 'Saved · #3');
});
