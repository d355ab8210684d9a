import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ApiError } from '../../imigue_core/web/player/core/api.js';
import { EditLog, MAX_EDITS, MAX_GROUP } from '../../imigue_core/web/player/labels/edits.js';
import { draft, makeEnv, offline, Server, Storage, settled } from './world.js';

/** @typedef {import('../../imigue_core/web/player/labels/edits.js').Edit} Edit */
/** @typedef {import('../../imigue_core/web/player/labels/edits.js').Answer} Answer */

/** @param {{server?: Server, storage?: Storage, client?: string, edits?: Edit[]}} [world] */
function open({ server = new Server(), storage = new Storage(), client = 'c1', edits } = {}) {
  const env = makeEnv(server, storage);
  /** @type {{answer: Answer, settled: Edit[]}[]} */
  const answers = [];
  const log = new EditLog({
    projectId: 'p',
    annotatorId: 7,
    client,
    edits,
    env,
    onAnswer: (answer, settledEdits) => answers.push({ answer, settled: settledEdits }),
    onStatus: () => {},
  });
  return { log, server, storage, env, answers };
}

test('every edit of a burst arrives once, in order, one request at a time', async () => {
  const { log, server, storage } = open();
  for (let i = 0; i < 50; i += 1) {
    log.append(draft());
    if (i % 7 === 0) await settled();
  }
  await settled();
  assert.deepEqual(
    server.rows.map((row) => row.client_seq),
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
  assert.equal(server.mostInFlight, 1);
  assert.equal(log.pending.length, 0);
  assert.equal(storage.length, 0);
});

test('a request names project, annotator and client and holds at most 200 edits', async () => {
  const server = new Server();
  server.failures.push(offline());
  const { log, env } = open({ server });
  for (let i = 0; i < 450; i += 1) log.append(draft());
  await settled();
  await env.runTimers();
  await settled();
  assert.deepEqual(server.requests.map((request) => request.edits.length).slice(1), [MAX_EDITS, MAX_EDITS, 50]);
  assert.deepEqual(
    [server.requests[0].project_id, server.requests[0].annotator_id, server.requests[0].client],
    ['p', 7, 'c1'],
  );
  assert.equal(server.rows.length, 450);
});

test("edits are in the browser's storage before they are sent, under project, annotator and client", () => {
  const { log, storage } = open();
  const edit = log.append(draft());
  const kept = JSON.parse(storage.getItem('imigue:p:7:c1') ?? '');
  assert.equal(kept.client, 'c1');
  assert.deepEqual(kept.edits, [edit]);
});

test('offline, edits wait with growing pauses and arrive once the server is back', async () => {
  const server = new Server();
  for (let i = 0; i < 4; i += 1) server.failures.push(offline());
  const { log, env } = open({ server });
  log.append(draft());
  log.append(draft());
  const waits = [];
  for (let i = 0; i < 4; i += 1) {
    await settled();
    waits.push(env.timers.at(-1)?.ms);
    await env.runTimers();
  }
  await settled();
  assert.deepEqual(waits, [500, 1000, 2000, 4000]);
  assert.equal(server.rows.length, 2);
  assert.equal(log.failure, null);
});

test('an answer lost on the way back makes no second row', async () => {
  const server = new Server();
  server.lostAnswers = 1;
  const { log, env } = open({ server });
  log.append(draft());
  await settled();
  assert.equal(log.pending.length, 1);
  await env.runTimers();
  await settled();
  assert.equal(server.rows.length, 1);
  assert.equal(log.pending.length, 0);
});

test('a refused edit is settled and reported; those after it go on', async () => {
  const server = new Server();
  server.refuse = (edit) => (edit.client_seq === 2 ? 'it changed elsewhere' : null);
  const { log, answers } = open({ server });
  for (let i = 0; i < 3; i += 1) log.append(draft());
  await settled();
  assert.equal(log.pending.length, 0);
  assert.deepEqual(
    server.rows.map((row) => row.client_seq),
    [1, 3],
  );
  assert.deepEqual(
    answers.flatMap(({ answer }) => (answer.refused ?? []).map((one) => one.client_seq)),
    [2],
  );
});

test('edits of another identity are kept, never dropped', async () => {
  const server = new Server();
  server.failures.push(new ApiError(403, 'IDENTITY_MISMATCH', 'kept, not applied'));
  const { log, storage, env } = open({ server });
  log.append(draft());
  await settled();
  assert.equal(log.failure?.code, 'IDENTITY_MISMATCH');
  assert.equal(JSON.parse(storage.getItem(log.key) ?? '').edits.length, 1);
  await env.runTimers();
  await settled();
  assert.equal(server.rows.length, 1);
});

test('one edit the server cannot read does not hold up the others', async () => {
  const server = new Server();
  server.malformed = (edit) => edit.class_id === WRONG;
  server.failures.push(offline());
  const { log, env, answers } = open({ server });
  for (const classId of [1, WRONG, 2, 3]) log.append({ ...draft(), class_id: classId });
  await settled();
  await env.runTimers();
  await settled();
  assert.deepEqual(
    server.rows.map((row) => row.class_id),
    [1, 2, 3],
  );
  assert.equal(log.pending.length, 0);
  const refused = answers.flatMap(({ answer }) => answer.refused ?? []);
  assert.deepEqual(
    refused.map((one) => one.code),
    ['EDIT_MALFORMED'],
  );
});

test('a server that forgot earlier edits (a restored backup) gets the rest under a new client', async () => {
  const server = new Server();
  const { log, env, storage } = open({ server });
  for (let i = 0; i < 3; i += 1) log.append(draft());
  await settled();
  server.acked.clear();
  const edit = log.append(draft());
  await settled();
  await env.runTimers();
  await settled();
  assert.notEqual(log.client, 'c1');
  assert.equal(server.rows.at(-1)?.edit_id, edit.edit_id);
  assert.equal(server.rows.at(-1)?.client_seq, 1);
  assert.equal(log.pending.length, 0);
  assert.equal(storage.length, 0);
});

test('a backup that knows a part of the log: edits past it arrive once, in order, after two requests', async () => {
  const server = new Server();
  const { log, env, storage } = open({ server });
  for (let i = 0; i < 6; i += 1) log.append(draft());
  await settled();
  server.acked.set('c1', 2);
  server.failures.push(offline());
  const late = Array.from({ length: 3 }, () => log.append(draft()));
  await settled();
  const before = server.requests.length;
  await env.runTimers();
  await env.runTimers();
  assert.deepEqual(
    server.rows.slice(6).map((row) => row.edit_id),
    late.map((edit) => edit.edit_id),
  );
  assert.equal(server.requests.length - before, 2);
  assert.equal(log.pending.length, 0);
  assert.equal(storage.length, 0);
});

test('a server that settles nothing is asked less and less often, not for ever at the same pace', async () => {
  const { log, env } = open();
  env.post = () => Promise.resolve({ acked: 0 });
  log.append(draft());
  const waits = [];
  for (let i = 0; i < 4; i += 1) {
    await settled();
    waits.push(env.timers.at(-1)?.ms);
    await env.runTimers();
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000]);
  assert.equal(log.pending.length, 1);
});

for (const code of ['HOST_DENIED', 'BODY_TYPE', 'HTTP_400']) {
  test(`${code} says nothing about the edits: all are kept and tried again`, async () => {
    const server = new Server();
    for (let i = 0; i < 3; i += 1) server.failures.push(new ApiError(400, code, 'not like this'));
    const { log, env, storage, answers } = open({ server });
    log.append(draft());
    log.append(draft());
    for (let i = 0; i < 2; i += 1) {
      await settled();
      assert.equal(log.failure?.code, code);
      assert.equal(JSON.parse(storage.getItem('imigue:p:7:c1') ?? '').edits.length, 2);
      await env.runTimers();
    }
    await env.runTimers();
    assert.equal(server.rows.length, 2);
    assert.deepEqual(
      answers.flatMap(({ answer }) => answer.refused),
      [],
    );
  });
}

for (const code of ['NUMBER_TOO_LARGE', 'JSON_NOT_FINITE']) {
  test(`an edit refused as ${code} is given up aloud`, async () => {
    const server = new Server();
    server.failures.push(new ApiError(400, code, 'no number like this'));
    const { log, answers } = open({ server });
    log.append(draft());
    await settled();
    assert.equal(log.pending.length, 0);
    assert.deepEqual(
      answers[0].answer.refused?.map((one) => one.code),
      [code],
    );
  });
}

test("an answer that is not the studio's settles nothing", async () => {
  const { log, env } = open();
  env.post = () =>
    Promise.resolve(/** @type {Answer} */ (/** @type {unknown} */ ({ status: 'welcome to our network' })));
  log.append(draft());
  await settled();
  assert.equal(log.failure?.code, 'ANSWER_UNREADABLE');
  assert.equal(log.pending.length, 1);
});

test('when the page goes, what fits into a last request is sent with keepalive and stays stored', async () => {
  const server = new Server();
  server.failures.push(offline());
  const { log, storage } = open({ server });
  for (let i = 0; i < 300; i += 1) log.append(draft());
  await settled();
  log.sendLast();
  const last = server.requests.at(-1);
  assert.equal(last?.keepalive, true);
  assert.ok(last?.edits.length > 0 && last?.edits.length <= MAX_EDITS);
  assert.ok(JSON.stringify(last?.edits).length < 64 * 1024);
  assert.equal(JSON.parse(storage.getItem(log.key) ?? '').edits.length, 300);
});

test('a full storage is noticed; memory still holds the edits and they arrive', async () => {
  const storage = new Storage();
  storage.isFull = true;
  const { log, server } = open({ storage });
  log.append(draft());
  assert.equal(log.isStored, false);
  await settled();
  assert.equal(server.rows.length, 1);
});

/** A class that the server cannot read. */
const WRONG = -1;
const member = () => ({ ...draft(), group_id: 'g' });

test('a group is stored and sent as a whole, and says how many edits it has', async () => {
  const server = new Server();
  server.failures.push(offline());
  const { log, storage, env } = open({ server });
  /** @type {number[]} */
  const writes = [];
  const keep = storage.setItem.bind(storage);
  storage.setItem = (key, value) => {
    writes.push(JSON.parse(value).edits.length);
    keep(key, value);
  };
  const made = log.group(() => [log.append(member()), log.append(member()), log.append(member())]);
  await settled();
  assert.deepEqual(
    made.map((edit) => [edit.group_id, edit.group_size]),
    [
      ['g', 3],
      ['g', 3],
      ['g', 3],
    ],
  );
  assert.deepEqual(writes, [3]);
  await env.runTimers();
  assert.deepEqual(
    server.requests.map((request) => request.edits.length),
    [3, 3],
  );
});

test('a group of one is an edit like any other, and an empty one is nothing', async () => {
  const { log, server } = open();
  log.group(() => log.append(member()));
  log.group(() => {});
  await settled();
  assert.deepEqual(
    server.rows.map((row) => [row.group_id, row.group_size]),
    [[undefined, undefined]],
  );
});

test('no request holds a part of a group', async () => {
  const server = new Server();
  server.failures.push(offline());
  const { log, env } = open({ server });
  log.append(draft());
  for (const [name, n] of Object.entries({ a: 150, b: 60, c: 300 }))
    log.group(() => Array.from({ length: n }, () => log.append({ ...draft(), group_id: name })));
  log.append(draft());
  await settled();
  await env.runTimers();
  await settled();
  assert.deepEqual(
    server.requests.map((request) => request.edits.length),
    [1, 151, 60, 300, 1],
  );
  assert.equal(log.pending.length, 0);
});

test('a group that comes to nothing leaves nothing, in memory or in the storage', async () => {
  const { log, server, storage } = open();
  assert.throws(
    () =>
      log.group(() => {
        log.append(member());
        throw new Error('there is no such label');
      }),
    /no such label/,
  );
  assert.throws(
    () => log.group(() => Array.from({ length: MAX_GROUP + 1 }, () => log.append(member()))),
    /At most 1,000/,
  );
  assert.deepEqual([log.pending, storage.length], [[], 0]);
  log.append(draft());
  await settled();
  assert.deepEqual(
    server.rows.map((row) => row.client_seq),
    [1],
  );
});

test('a group that cannot be read is given up as a whole, and what stands around it goes on', async () => {
  const server = new Server();
  server.malformed = (edit) => edit.class_id === WRONG;
  server.failures.push(offline());
  const { log, env, answers } = open({ server });
  log.append({ ...draft(), class_id: 1 });
  log.group(() => {
    for (const classId of [2, WRONG, 3]) log.append({ ...member(), class_id: classId });
  });
  log.append({ ...draft(), class_id: 4 });
  await settled();
  await env.runTimers();
  await settled();
  assert.deepEqual(
    server.rows.map((row) => row.class_id),
    [1, 4],
  );
  assert.deepEqual(
    answers.flatMap(({ answer }) => answer.refused ?? []).map((one) => one.code),
    ['EDIT_MALFORMED', 'EDIT_MALFORMED', 'EDIT_MALFORMED'],
  );
});

test('the last request of a page carries whole groups or none of them', () => {
  const { log, server } = open({ server: new Server() });
  log.inFlight = true;
  log.append(draft());
  log.group(() => Array.from({ length: 4 }, () => log.append({ ...member(), note: 'x'.repeat(20_000) })));
  log.sendLast();
  assert.deepEqual(
    server.requests.map((request) => request.edits.length),
    [1],
  );
});
