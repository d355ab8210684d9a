import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Preferences } from '../../imigue_core/web/player/core/preferences.js';

/** @typedef {import('../../imigue_core/web/player/core/api.js').Api} Api */

/** A server that keeps preferences, and one timer that fires when told. @param {Record<string, unknown>} [stored] */
function setUp(stored = {}) {
  const server = {
    stored,
    isDown: false,
    posts: /** @type {Record<string, unknown>[]} */ ([]),
    getJson: async () => {
      if (server.isDown) throw new Error('offline');
      return JSON.parse(JSON.stringify(server.stored));
    },
    /** @param {string} _path @param {{name: string, value: unknown}} body @param {object} [options] */
    postJson: async (_path, { name, value }, options = {}) => {
      if (server.isDown) throw new Error('offline');
      server.posts.push({ name, value, ...options });
      server.stored[name] = value;
    },
  };
  const timers = { set: 0, setTimer: () => (timers.set += 1), clearTimer: () => {} };
  return { server, timers, preferences: new Preferences(/** @type {Api} */ (/** @type {unknown} */ (server)), timers) };
}

test('what is stored is there after loading, else the fallback', async () => {
  const { preferences } = setUp({ player: { view: 'masked', recent: [1, 2] }, keymap: { version: 1 } });
  assert.equal(preferences.get('view', 'skeleton'), 'skeleton');
  await preferences.load();
  assert.equal(preferences.get('view', 'skeleton'), 'masked');
  assert.deepEqual(preferences.get('recent', []), [1, 2]);
  assert.deepEqual(preferences.get('keymap', /** @type {unknown} */ (null)), { version: 1 });
  assert.equal(preferences.get('follow', true), true);
});

test('a value of another kind is not taken', async () => {
  const { preferences } = setUp({ player: { follow: 'yes', recent: { 0: 1 } } });
  await preferences.load();
  assert.equal(preferences.get('follow', true), true);
  assert.deepEqual(preferences.get('recent', []), []);
});

test('changes are seen at once and written together, each preference once', async () => {
  const { server, preferences } = setUp({ player: { view: 'masked' } });
  await preferences.load();
  preferences.set('follow', false);
  preferences.set('follow', true);
  preferences.set('keymap', { version: 1 });
  assert.equal(preferences.get('follow', false), true);
  await preferences.flush();
  assert.deepEqual(
    server.posts.map((one) => one.name),
    ['keymap', 'player'],
  );
  assert.deepEqual(server.stored, { player: { view: 'masked', follow: true }, keymap: { version: 1 } });
  await preferences.flush();
  assert.equal(server.posts.length, 2);
});

test('what another browser of this person changed meanwhile stays', async () => {
  const { server, preferences } = setUp({ player: { view: 'masked' } });
  await preferences.load();
  server.stored.player = { view: 'source', order: 'doubt' };
  preferences.set('follow', false);
  await preferences.flush();
  assert.deepEqual(server.stored.player, { view: 'source', order: 'doubt', follow: false });
});

test('a server that does not answer costs nothing but the waiting', async () => {
  const { server, preferences } = setUp({ player: { view: 'masked' } });
  server.isDown = true;
  await preferences.load();
  preferences.set('follow', false);
  await preferences.flush();
  preferences.sendLast(); // nothing was read: it would overwrite what is there
  assert.equal(preferences.get('follow', true), false);
  server.isDown = false;
  preferences.set('traces', true);
  await preferences.flush();
  assert.deepEqual(server.stored.player, { view: 'masked', follow: false, traces: true });
});

test('a page that goes away sends what it still has', async () => {
  const { server, timers, preferences } = setUp({ player: { view: 'masked' } });
  await preferences.load();
  preferences.set('follow', false);
  assert.equal(timers.set, 1);
  preferences.dispose();
  assert.deepEqual(server.posts, [{ name: 'player', value: { view: 'masked', follow: false }, keepalive: true }]);
});

test('what no server would take is not kept', () => {
  const { timers, preferences } = setUp();
  preferences.set('keymap', 'x'.repeat(30_000));
  assert.equal(timers.set, 0);
});
