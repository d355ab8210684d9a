import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chooseView, nextView } from '../../imigue_core/web/player/picture/views.js';

/** @typedef {import('../../imigue_core/web/player/picture/views.js').View} View */

test('V goes round the views that are allowed and there', () => {
  /** @type {View[]} */
  const all = ['skeleton', 'masked', 'source'];
  assert.deepEqual(
    all.map((view) => nextView(view, all)),
    ['masked', 'source', 'skeleton'],
  );
  assert.equal(nextView('skeleton', ['skeleton', 'source']), 'source');
  assert.equal(nextView('masked', ['skeleton', 'source']), 'skeleton');
  assert.equal(nextView('skeleton', ['skeleton']), 'skeleton');
});

test('the view chosen last comes back, or the nearest that reveals less', () => {
  /** @type {View[]} */
  const all = ['skeleton', 'masked', 'source'];
  for (const view of all) assert.equal(chooseView(view, all), view);
  assert.equal(chooseView('source', ['skeleton', 'masked']), 'masked');
  assert.equal(chooseView('masked', ['skeleton', 'source']), 'skeleton');
  assert.equal(chooseView('masked', ['skeleton']), 'skeleton');
});

test('without a choice, or with a strange one, it is the skeleton', () => {
  for (const chosen of [null, '', 'everything'])
    assert.equal(chooseView(chosen, ['skeleton', 'masked', 'source']), 'skeleton');
});
