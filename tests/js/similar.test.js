import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Labels } from '../../imigue_core/web/player/labels/labels.js';
import { fitPerson, frameOfClip } from '../../imigue_core/web/player/picture/clip_geometry.js';
import {
  describeCount,
  describeMissing,
  describeTime,
  findThere,
  formatAlike,
  makeQuery,
  moveTo,
  nextOpen,
} from '../../imigue_core/web/player/similar/similar_items.js';
import { SimilarLabels } from '../../imigue_core/web/player/similar/similar_labels.js';

/**
 * @typedef {import('../../imigue_core/web/player/labels/edits.js').Answer} Answer
 * @typedef {import('../../imigue_core/web/player/labels/edits.js').Draft} Draft
 * @typedef {import('../../imigue_core/web/player/labels/edits.js').Edit} Edit
 * @typedef {import('../../imigue_core/web/player/similar/similar_items.js').Found} Found
 */

/** @type {Parameters<typeof makeQuery>[0]} */
const nothing = { suggestion: null, nudged: null, marks: [null, null], position: 50, label: null, ghost: null };
const label = { start_frame: 10, end_frame: 20, class_id: 5 };

test('a suggestion is asked about first, as it was nudged; then marks, the label, a rejected suggestion', () => {
  const suggestion = { start_frame: 30, end_frame: 40, class_id: 7 };
  const all = { ...nothing, suggestion, marks: [60, null], label, ghost: suggestion };
  assert.deepEqual(makeQuery(all)?.span, { start_frame: 30, end_frame: 40 });
  assert.deepEqual(makeQuery({ ...all, nudged: { start_frame: 31, end_frame: 40 } })?.span, {
    start_frame: 31,
    end_frame: 40,
  });
  const marked = makeQuery({ ...all, suggestion: null });
  assert.deepEqual([marked?.span, marked?.classId], [{ start_frame: 50, end_frame: 60 }, null]);
  assert.equal(makeQuery({ ...nothing, label, ghost: suggestion })?.classId, 5);
  assert.equal(makeQuery({ ...nothing, ghost: suggestion })?.classId, 7);
  assert.equal(makeQuery(nothing), null);
});

test('a label is there when half of the shorter lies in the other; the one that shares most counts', () => {
  const found = { start_frame: 100, end_frame: 119 };
  /** @param {number} start_frame @param {number} end_frame */
  const at = (start_frame, end_frame) => ({ start_frame, end_frame });
  assert.equal(findThere(found, [at(80, 108)]), null);
  assert.deepEqual(findThere(found, [at(80, 109)]), at(80, 109));
  assert.deepEqual(findThere(found, [at(112, 115), at(101, 118)]), at(101, 118));
  assert.deepEqual(findThere(found, [at(0, 999)]), at(0, 999));
});

test('after one is labelled the next open one is selected, round the end', () => {
  assert.equal(nextOpen([true, true, false], 0), 2);
  assert.equal(nextOpen([false, true, true], 2), 0);
  assert.equal(nextOpen([true, true], 1), 1);
});

test('arrows walk by where the cards lie, over both lists', () => {
  /** @param {number} top @param {number} n */
  const row = (top, n) => Array.from({ length: n }, (_, i) => ({ left: i * 100, top, width: 90 }));
  const boxes = [...row(0, 3), ...row(120, 2), ...row(300, 3)];
  assert.equal(moveTo(boxes, 0, 'ArrowRight'), 1);
  assert.equal(moveTo(boxes, 0, 'ArrowLeft'), 0);
  assert.equal(moveTo(boxes, 2, 'ArrowDown'), 4);
  assert.equal(moveTo(boxes, 4, 'ArrowDown'), 6);
  assert.equal(moveTo(boxes, 7, 'ArrowDown'), 7);
  assert.equal(moveTo(boxes, 6, 'ArrowUp'), 4);
  assert.equal(moveTo(boxes, 4, 'End'), 7);
  assert.equal(moveTo(boxes, 4, 'Home'), 0);
});

test('numbers as people read them', () => {
  assert.equal(formatAlike(0.874), '87 %');
  assert.equal(formatAlike(-0.1), '0 %');
  assert.equal(describeTime({ start_frame: 250, fps: 25 }), '00:10.00');
  assert.deepEqual([[], [{ score: 0.9 }, { score: 0.2 }], [{ score: 0.4 }]].map(describeCount), [
    '',
    '2',
    'nothing much alike',
  ]);
  assert.equal(describeMissing(0, 40), '');
  assert.equal(describeMissing(3, 40), '3 of 40 videos have not been scanned.');
  assert.equal(describeMissing(1, 2), '1 of 2 videos has not been scanned.');
});

test('a clip loops, with a moment on its last frame', () => {
  assert.equal(frameOfClip(0, 25, 10), 0);
  assert.equal(frameOfClip(200, 25, 10), 5);
  assert.equal(frameOfClip(500, 25, 10), 9);
  assert.equal(frameOfClip(751, 25, 10), 0);
  assert.equal(frameOfClip(100, 25, 0), 0);
});

test('a clip shows where the person is; without one, the whole picture', () => {
  const pose = { x: new Float32Array(137), y: new Float32Array(137), confidence: new Float32Array(137) };
  const source = { width: 1000, height: 500 };
  const canvas = { width: 240, height: 150 };
  const whole = fitPerson([null, pose], source, canvas);
  assert.ok(whole.x + 1000 * whole.scale <= 240 && whole.x >= 0);
  pose.x.set([400, 600]);
  pose.y.set([100, 300]);
  pose.confidence.set([1, 1]);
  const view = fitPerson([pose], source, canvas);
  assert.ok(Math.abs(view.x + 500 * view.scale - 120) < 1e-3 && Math.abs(view.y + 200 * view.scale - 75) < 1e-3);
  assert.ok(200 * view.scale < 150 && 200 * view.scale > 120);
});

/** A page of video 1 with its log; nothing is sent. */
function makePage() {
  /** @type {Edit[]} */
  const pending = [];
  let n = 0;
  /** @param {Draft} fields */
  const append = (fields) => {
    const edit = { edit_id: `e${++n}`, client_seq: n, ...fields };
    pending.push(edit);
    return edit;
  };
  const who = { videoId: 1, annotatorId: 1, annotator: 'Ann' };
  const labels = new Labels({ ...who, send: append, newId: () => `a${++n}` });
  /** @type {Set<(answer: Answer, settled: Edit[]) => void>} */
  const listeners = new Set();
  const edits = { append, own: { pending }, listeners };
  const similar = new SimilarLabels({ videoId: 1, labels, edits, provenance: () => ({}), onChange: () => {} });
  /** @param {Answer} answer */
  const settle = (answer) => {
    const settled = pending.splice(0);
    labels.settle(answer, settled);
    for (const listener of listeners) listener(answer, settled);
  };
  return { pending, labels, similar, settle };
}

/** @param {number} videoId @param {Partial<Found>} [extra] @returns {Found} */
const found = (videoId, extra = {}) => ({
  ...{ video_id: videoId, start_frame: 10, end_frame: 19, own: null, others: [] },
  ...{ name: `video ${videoId}`, score: 0.9, fps: 25, n_frames: 1000 },
  ...extra,
});

test('a stretch of this video is labelled among its labels, and undo is that of the page', () => {
  const { labels, similar, pending } = makePage();
  assert.equal(similar.label(found(1), 5), true);
  assert.deepEqual(
    pending.map(({ kind, video_id: video }) => [kind, video]),
    [['create', 1]],
  );
  assert.equal(similar.ownOf(found(1))?.class_id, 5);
  assert.equal(similar.label(found(1), 5), false);
  assert.equal(similar.label(found(1), 6), true);
  assert.equal(similar.ownOf(found(1))?.class_id, 6);
  assert.equal(similar.undo(), '1:10:19');
  assert.equal(similar.ownOf(found(1))?.class_id, 5);
  similar.undo();
  assert.equal(similar.ownOf(found(1)), null);
  assert.deepEqual(
    pending.map((edit) => edit.kind),
    ['create', 'relabel', 'undo', 'undo'],
  );
  assert.equal(labels.redoStack.length, 2);
  assert.equal(similar.undo(), null);
});

test('a label that is not the last edit is deleted instead; one that was changed meanwhile stays', () => {
  const { labels, similar, pending } = makePage();
  similar.label(found(1), 5);
  labels.create(7, 100, 120);
  similar.undo();
  assert.equal(pending.at(-1)?.kind, 'delete');
  similar.label(found(1), 5);
  const id = similar.ownOf(found(1))?.annotation_id ?? '';
  labels.change(id, 'relabel', { class_id: 8 });
  similar.undo();
  assert.equal(labels.annotations.get(id)?.class_id, 8);
});

test('a stretch of another video becomes an edit of that video, and undo names that edit', () => {
  const { labels, similar, pending, settle } = makePage();
  similar.label(found(2), 5);
  const [create] = pending;
  assert.deepEqual(
    [create.kind, create.video_id, create.base_version, create.start_frame, create.end_frame],
    ['create', 2, 0, 10, 19],
  );
  assert.equal(labels.annotations.size, 0);
  assert.equal(similar.ownOf(found(2))?.class_id, 5);
  assert.equal(similar.isSaving(found(2)), true);
  settle({
    acked: 1,
    changes: [{ annotation_id: String(create.annotation_id), video_id: 2, class_id: 5, version: 1, deleted: false }],
  });
  assert.equal(similar.isSaving(found(2)), false);
  similar.undo();
  assert.deepEqual(
    [pending[0].kind, pending[0].video_id, pending[0].base_version, pending[0].target_edit_id],
    ['undo', 2, 1, create.edit_id],
  );
  assert.equal(similar.ownOf(found(2)), null);
});

test('undo before the answer came is not overtaken by it', () => {
  const { similar, pending, settle } = makePage();
  similar.label(found(2, { own: { annotation_id: 'x', class_id: 4, version: 3 } }), 5);
  const [relabel] = pending.splice(0, 1);
  assert.deepEqual([relabel.kind, relabel.annotation_id, relabel.base_version], ['relabel', 'x', 3]);
  similar.undo();
  assert.deepEqual([pending[0].kind, pending[0].base_version], ['undo', 4]);
  const waiting = pending.splice(0);
  settle({ acked: 1, changes: [{ annotation_id: 'x', video_id: 2, class_id: 5, version: 4, deleted: false }] });
  assert.equal(similar.ownOf(found(2))?.class_id, 4);
  pending.push(...waiting);
  settle({ acked: 2, changes: [{ annotation_id: 'x', video_id: 2, class_id: 4, version: 5, deleted: false }] });
  assert.deepEqual(similar.ownOf(found(2)), { annotation_id: 'x', class_id: 4, version: 5 });
});

test('what the server refuses is not there, and says why; a refused undo leaves the label', () => {
  const { similar, pending, settle } = makePage();
  similar.label(found(2), 5);
  settle({
    acked: 1,
    refused: [
      {
        edit_id: pending[0].edit_id,
        client_seq: 1,
        code: 'OVERLAP_REFUSED',
        message: 'it would overlap',
        current: null,
      },
    ],
  });
  assert.equal(similar.ownOf(found(2)), null);
  assert.equal(similar.refusals.get('2:10:19'), 'it would overlap');
  assert.equal(similar.undo(), null);
  similar.label(found(3), 5);
  settle({
    acked: 2,
    changes: [
      { annotation_id: String(pending[0].annotation_id), video_id: 3, class_id: 5, version: 1, deleted: false },
    ],
  });
  similar.undo();
  settle({
    acked: 3,
    refused: [
      { edit_id: pending[0].edit_id, client_seq: 3, code: 'UNDO_IMPOSSIBLE', message: 'changed since', current: null },
    ],
  });
  assert.equal(similar.ownOf(found(3))?.class_id, 5);
});

test('a new answer of the server is believed, unless an edit is still on its way', () => {
  const { similar, pending, settle } = makePage();
  similar.label(found(2), 5);
  similar.adopt([found(2)]);
  assert.equal(similar.ownOf(found(2))?.class_id, 5);
  settle({
    acked: 1,
    changes: [
      { annotation_id: String(pending[0].annotation_id), video_id: 2, class_id: 5, version: 1, deleted: false },
    ],
  });
  similar.adopt([found(2)]);
  assert.equal(similar.ownOf(found(2)), null);
});
