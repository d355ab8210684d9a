import assert from 'node:assert/strict';
import { test } from 'node:test';

import { describeNotice } from '../../imigue_core/web/player/core/notices.js';

/** @typedef {Parameters<typeof describeNotice>[0]} Facts */
/** @typedef {import('../../imigue_core/web/player/core/server.js').Job} Job */

/** @param {Partial<Facts>} [more] @returns {Facts} */
const facts = (more = {}) => ({
  video: { kind: 'video', n_frames: 1000, has_proxy: true },
  jobs: [],
  poses: { n_ready: 0 },
  show: { video: false },
  hasSkeletonHere: false,
  mostRevealing: 'source',
  askReveal: false,
  ...more,
});
/** @param {Job['state']} state @param {string} [words] @param {Partial<Job>} [more] @returns {Job} */
const job = (state, words = '', more = {}) => ({
  kind: 'poses',
  words,
  is_aside: false,
  state,
  progress_done: 0,
  progress_total: 0,
  error_code: null,
  error_text: null,
  ...more,
});

test('nothing is said over a skeleton or a picture', () => {
  assert.equal(describeNotice(facts({ hasSkeletonHere: true })), null);
  assert.equal(describeNotice(facts({ show: { video: 'masked' } })), null);
});

test('a failed step is named with its reason and with where it is run again', () => {
  for (const reason of ['the disk is full', 'the disk is full.']) {
    const notice = describeNotice(facts({ jobs: [job('failed', `Finding the skeleton failed: ${reason}`)] }));
    assert.equal(
      notice?.text,
      'Finding the skeleton failed: the disk is full. Details on the Library page can run the failed steps again.',
    );
  }
});

test('with nothing under way it is said how to start it', () => {
  const words = 'Nothing is at work on it; adding the same file again starts that.';
  assert.equal(describeNotice(facts({ jobs: [job('cancelled')] }))?.text, words);
  const partly = describeNotice(facts({ jobs: [job('cancelled')], poses: { n_ready: 251 } }));
  assert.equal(partly?.text, `Skeleton to frame 250 of 1,000. ${words}`);
});

test('a step under way shows how far it is', () => {
  const notice = describeNotice(
    facts({
      jobs: [job('running', 'Finding the skeleton: 250 of 1,000', { progress_done: 250, progress_total: 1000 })],
    }),
  );
  assert.deepEqual([notice?.text, notice?.progress], ['Finding the skeleton: 250 of 1,000.', 0.25]);
});

test('the question how much to show offers the masked picture first', () => {
  const notice = describeNotice(facts({ askReveal: true, mostRevealing: 'skeleton' }));
  assert.deepEqual(
    notice?.actions?.map(({ action, value }) => [action, value]),
    [
      ['allowView', 'masked'],
      ['allowView', 'source'],
      ['closeReveal', undefined],
    ],
  );
});

test('masking under way is no reason to miss a skeleton', () => {
  const failed = job('failed', 'Finding the skeleton failed: the disk is full.');
  assert.match(
    describeNotice(facts({ jobs: [failed, job('running', 'Masking the face', { is_aside: true })] }))?.text ?? '',
    /^Finding the skeleton failed/,
  );
});
