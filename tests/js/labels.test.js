import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Labels } from '../../imigue_core/web/player/labels/labels.js';

const VIDEO = 3;
const ME = 7;
/** @typedef {import('../../imigue_core/web/player/labels/labels.js').Label} Label */
/** @typedef {import('../../imigue_core/web/player/labels/edits.js').Edit} Edit */
/** @typedef {import('../../imigue_core/web/player/labels/edits.js').Answer} Answer */
/** @typedef {Parameters<Labels['load']>[0]} State */

/** @param {string} id @param {Partial<Label>} [more] @returns {Label} */
const label = (id, more = {}) => ({
  annotation_id: id,
  video_id: VIDEO,
  annotator_id: ME,
  annotator: 'Ann',
  label_id: 1,
  class_id: 5,
  start_frame: 10,
  end_frame: 20,
  version: 1,
  deleted: false,
  suggestion_id: null,
  suggestion_rank: null,
  confidence: null,
  mark: '',
  note: '',
  ...more,
});

/** @param {Label[]} annotations @param {Partial<State>} more */
function open(annotations = [], more = {}) {
  /** @type {Edit[]} */
  const sent = [];
  let n = 0;
  const labels = new Labels({
    videoId: VIDEO,
    annotatorId: ME,
    annotator: 'Ann',
    send: (fields) => {
      const edit = { client_seq: sent.length + 1, edit_id: `e${sent.length + 1}`, ...fields };
      sent.push(edit);
      return edit;
    },
    newId: () => `new-${++n}`,
  });
  labels.load({ revision: 1, annotations, ratings: [], undo: [], redo: [], ...more }, []);
  return { labels, sent };
}

/**
 * The server accepts edits and says what stands.
 * @param {Labels} labels @param {Edit[]} edits @param {Answer['changes']} changes @param {Partial<Answer>} [more]
 */
const accept = (labels, edits, changes, more = {}) =>
  labels.settle(
    { acked: 99, changes, ratings: [], refused: [], revisions: { [VIDEO]: labels.revision + 1 }, ...more },
    edits,
  );
/** @param {Labels} labels @param {Edit} edit @param {Label|null} [current] */
const refuse = (labels, edit, current = null) =>
  labels.settle(
    {
      acked: edit.client_seq,
      changes: [],
      ratings: [],
      revisions: {},
      refused: [{ edit_id: edit.edit_id, client_seq: edit.client_seq, code: 'CONFLICT', message: 'no', current }],
    },
    [edit],
  );

test('a label is shown at once and keeps its place when the server numbers it', () => {
  const { labels, sent } = open();
  const made = labels.create(5, 10, 20);
  assert.deepEqual(
    [made.class_id, made.start_frame, made.end_frame, made.version, made.label_id],
    [5, 10, 20, 1, null],
  );
  assert.equal(sent[0].base_version, 0);
  assert.equal(accept(labels, sent, [label(made.annotation_id, { label_id: 12 })]), true);
  assert.equal(labels.annotations.get(made.annotation_id)?.label_id, 12);
  assert.equal(labels.annotations.get(made.annotation_id)?.annotator, 'Ann');
});

test('versions are predicted, so quick edits on one label follow each other without waiting', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'move', { start_frame: 12, end_frame: 22 });
  labels.change('a', 'relabel', { class_id: 9 });
  labels.change('a', 'annotate', { note: 'hm' });
  assert.deepEqual(
    sent.map((edit) => edit.base_version),
    [1, 2, 3],
  );
  const shown = labels.annotations.get('a');
  assert.deepEqual([shown?.start_frame, shown?.class_id, shown?.note, shown?.version], [12, 9, 'hm', 4]);
});

test('an answer to the first of two edits does not take the second off the screen', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'move', { start_frame: 12, end_frame: 22 });
  labels.change('a', 'relabel', { class_id: 9 });
  accept(labels, [sent[0]], [label('a', { start_frame: 12, end_frame: 22, version: 2 })]);
  assert.deepEqual([labels.annotations.get('a')?.class_id, labels.annotations.get('a')?.version], [9, 3]);
});

test('a deleted label is gone at once and stays gone', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'delete');
  assert.equal(labels.annotations.has('a'), false);
  accept(labels, sent, [{ annotation_id: 'a', video_id: VIDEO, version: 2, deleted: true }]);
  assert.equal(labels.annotations.has('a'), false);
});

test('undo and redo of own edits show at once and count versions on', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  labels.change('a', 'delete');
  assert.deepEqual(labels.undo(), ['a']);
  assert.deepEqual([labels.annotations.get('a')?.class_id, labels.annotations.get('a')?.version], [9, 4]);
  labels.undo();
  assert.equal(labels.annotations.get('a')?.class_id, 5);
  labels.redo();
  assert.deepEqual([labels.annotations.get('a')?.class_id, labels.annotations.get('a')?.version], [9, 6]);
  assert.deepEqual(
    sent.slice(2).map((edit) => [edit.kind, edit.target_edit_id]),
    [
      ['undo', 'e2'],
      ['undo', 'e1'],
      ['redo', 'e1'],
    ],
  );
});

test('undoing a creation takes the label away, redoing brings it back', () => {
  const { labels } = open();
  const { annotation_id: id } = labels.create(5, 1, 2);
  labels.undo();
  assert.equal(labels.annotations.has(id), false);
  labels.redo();
  assert.equal(labels.annotations.get(id)?.class_id, 5);
  assert.equal(labels.annotations.get(id)?.version, 3);
});

test('undone edits stay undone on the screen while answers come in', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  labels.undo();
  accept(labels, [sent[0]], [label('a', { class_id: 9, version: 2 })]);
  assert.equal(labels.annotations.get('a')?.class_id, 5);
  accept(labels, [sent[1]], [label('a', { version: 3, deleted: false })]);
  assert.deepEqual([labels.annotations.get('a')?.class_id, labels.annotations.get('a')?.version], [5, 3]);
});

test('a new edit ends what could be redone', () => {
  const { labels } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  labels.undo();
  labels.change('a', 'move', { start_frame: 0, end_frame: 3 });
  assert.deepEqual(labels.redo(), []);
  assert.deepEqual([labels.undoStack, labels.redoStack], [['e3'], []]);
});

test('undo reaches back before this page load: the server knows what to restore', () => {
  const { labels, sent } = open([label('a', { class_id: 9, version: 2 })], { undo: ['old-1', 'old-2'] });
  labels.undo();
  assert.deepEqual([sent[0].target_edit_id, sent[0].annotation_id], ['old-2', null]);
  assert.equal(accept(labels, sent, [label('a', { version: 3 })]), true);
  assert.equal(labels.annotations.get('a')?.class_id, 5);
  assert.deepEqual([labels.undoStack, labels.redoStack], [['old-1'], ['old-2']]);
});

test('a refused edit falls away: what the server has shows again, and undo forgets it', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  refuse(labels, sent[0], label('a', { class_id: 1, version: 2 }));
  assert.deepEqual([labels.annotations.get('a')?.class_id, labels.annotations.get('a')?.version], [1, 2]);
  assert.deepEqual(labels.undoStack, []);
});

test('when a creation is refused, edits made on it meanwhile leave no ghost', () => {
  const { labels, sent } = open();
  const { annotation_id: id } = labels.create(5, 10, 20);
  labels.change(id, 'move', { start_frame: 11, end_frame: 20 });
  refuse(labels, sent[0]);
  assert.equal(labels.annotations.has(id), false);
  refuse(labels, sent[1]);
  assert.equal(labels.annotations.size, 0);
});

test('an answer that does not explain an edit, or skips a revision, asks for the whole state', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  assert.equal(accept(labels, sent, []), false);
  labels.change('a', 'relabel', { class_id: 8 });
  const change = [label('a', { class_id: 8, version: 3 })];
  assert.equal(accept(labels, [sent[1]], change, { revisions: { [VIDEO]: labels.revision + 2 } }), false);
});

test('a smaller revision than before (a restored backup) or a label unknown to the server asks for the state', () => {
  const { labels, sent } = open([label('a')], { revision: 9 });
  labels.change('a', 'relabel', { class_id: 9 });
  assert.equal(accept(labels, sent, [label('a', { class_id: 9, version: 2 })], { revisions: { [VIDEO]: 4 } }), false);
  labels.change('a', 'relabel', { class_id: 8 });
  assert.equal(refuse(labels, sent[1]), false);
});

test('an answer that says what is on the screen already changes nothing there', () => {
  const { labels, sent } = open([label('a')]);
  const { annotation_id: id } = labels.create(4, 1, 2);
  labels.change('a', 'relabel', { class_id: 9 });
  const before = labels.changeCount;
  accept(labels, sent, [
    label(id, { class_id: 4, start_frame: 1, end_frame: 2, label_id: 8 }),
    label('a', { class_id: 9, version: 2 }),
  ]);
  assert.equal(labels.changeCount, before);
  assert.equal(labels.annotations.get(id)?.label_id, 8);
});

test('an answer that says something else is drawn', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  const before = labels.changeCount;
  accept(labels, sent, [label('a', { class_id: 9, start_frame: 11, version: 3 })]);
  assert.ok(labels.changeCount > before);
});

test('edits on their way are shown on top of a state read again, once', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  const { annotation_id: id } = labels.create(4, 1, 2);
  labels.load(
    { revision: 5, annotations: [label('a', { class_id: 9, version: 2 })], ratings: [], undo: ['e1'], redo: [] },
    sent,
  );
  assert.deepEqual([labels.annotations.get('a')?.class_id, labels.annotations.get('a')?.version], [9, 2]);
  assert.equal(labels.annotations.get(id)?.class_id, 4);
  assert.deepEqual(labels.undoStack, ['e1', 'e2']);
});

test('a rating is one thing with versions of its own, and can be undone', () => {
  const { labels, sent } = open();
  labels.rate({ emotion: 'negative', note: '', valence: 2 });
  labels.rate({ emotion: 'unsure', note: 'mixed' });
  assert.deepEqual(
    sent.map((edit) => edit.base_version),
    [0, 1],
  );
  labels.undo();
  assert.equal(labels.rating.emotion, 'negative');
  labels.undo();
  assert.equal(labels.rating.emotion, null);
  assert.equal(labels.rating.version, 4);
});

test('answers about other videos change nothing here', () => {
  const { labels } = open([label('a')]);
  /** @type {Edit} */
  const foreign = { client_seq: 1, edit_id: 'x', kind: 'create', video_id: 99, annotation_id: 'b', base_version: 0 };
  assert.equal(
    labels.settle({ acked: 1, changes: [{ ...label('b'), video_id: 99 }], revisions: { 99: 4 } }, [foreign]),
    true,
  );
  assert.deepEqual([...labels.annotations.keys()], ['a']);
});

/** @param {Labels} labels @param {number} id */
const decided = (labels, id) => labels.decisions.get(id)?.verdict ?? null;

test('a decision about a suggestion shows at once, keeps the predicted version and can be undone', () => {
  const { labels, sent } = open();
  labels.review(4, 'skipped');
  labels.review(4, 'rejected');
  assert.deepEqual(
    sent.map((edit) => [edit.kind, edit.suggestion_id, edit.verdict, edit.base_version]),
    [
      ['review', 4, 'skipped', 0],
      ['review', 4, 'rejected', 1],
    ],
  );
  assert.equal(decided(labels, 4), 'rejected');
  assert.deepEqual(labels.undo(), ['review:4']);
  assert.deepEqual([decided(labels, 4), sent[2].annotation_id, sent[2].base_version], ['skipped', null, 2]);
  labels.undo();
  assert.equal(decided(labels, 4), 'open');
  labels.redo();
  assert.equal(decided(labels, 4), 'skipped');
});

test('the server confirms decisions, and a refused one falls away', () => {
  const { labels, sent } = open();
  labels.review(4, 'rejected');
  assert.equal(
    accept(labels, [sent[0]], [], { reviews: [{ suggestion_id: 4, verdict: 'rejected', version: 1 }] }),
    true,
  );
  assert.equal(decided(labels, 4), 'rejected');
  labels.review(5, 'rejected');
  refuse(labels, sent[1]);
  assert.equal(decided(labels, 5), null);
  labels.review(4, 'open');
  assert.equal(sent[2].base_version, 1);
});

test('an answer that says nothing of a decision does not explain it', () => {
  const { labels, sent } = open();
  labels.review(4, 'rejected');
  assert.equal(accept(labels, sent, []), false);
});

test('decisions outlast reading the labels again, and pending ones are applied on top', () => {
  const { labels } = open();
  labels.loadDecisions([{ suggestion_id: 4, verdict: 'rejected', version: 3 }]);
  /** @type {Edit[]} */
  const pending = [
    {
      client_seq: 1,
      edit_id: 'p',
      kind: 'review',
      video_id: VIDEO,
      annotation_id: null,
      suggestion_id: 5,
      verdict: 'skipped',
      base_version: 0,
    },
  ];
  labels.load({ revision: 2, annotations: [], ratings: [], undo: [], redo: [] }, pending);
  assert.deepEqual([decided(labels, 4), decided(labels, 5)], ['rejected', 'skipped']);
  labels.loadDecisions([{ suggestion_id: 4, verdict: 'open', version: 2 }]);
  assert.equal(decided(labels, 4), 'rejected'); // an older answer
});

test('an accepted suggestion stands in its label, before and after the undo', () => {
  const { labels, sent } = open();
  const made = labels.create(5, 10, 20, { suggestion_id: 8, rank: 2 });
  assert.deepEqual(sent[0].suggestion, { suggestion_id: 8, rank: 2 });
  assert.deepEqual([made.suggestion_id, made.suggestion_rank], [8, 2]);
  const [id] = labels.undo();
  assert.equal(labels.annotations.size, 0);
  assert.equal(labels.suggestionOf(id), 8);
  assert.equal(labels.suggestionOf('review:3'), 3);
  assert.equal(labels.suggestionOf(null), null);
  assert.equal('suggestion' in (labels.create(5, 10, 20) && /** @type {object} */ (sent.at(-1))), false);
});

test('what others changed shows, is gone when they delete it, and leaves own unsent edits on top', () => {
  const { labels, sent } = open([label('mine')]);
  labels.change('mine', 'move', { start_frame: 1, end_frame: 2 });
  const theirs = label('theirs', { annotator_id: 8, annotator: 'Ben' });
  labels.merge({ revision: 5, annotations: [theirs, label('mine')], deleted: [], ratings: [] });
  assert.equal(labels.annotations.get('theirs')?.annotator, 'Ben');
  assert.equal(labels.annotations.get('mine')?.start_frame, 1);
  assert.equal(labels.revision, 5);
  labels.merge({ revision: 6, annotations: [], deleted: ['theirs', 'never seen'], ratings: [] });
  assert.deepEqual([...labels.annotations.keys()], ['mine']);
  assert.equal(sent.length, 1);
});

test('an answer about an own label that comes before its own acknowledgement is not applied twice', () => {
  const { labels, sent } = open();
  const made = labels.create(5, 10, 20);
  labels.merge({ revision: 2, annotations: [label(made.annotation_id, { label_id: 4 })], deleted: [], ratings: [] });
  assert.deepEqual(
    [labels.annotations.get(made.annotation_id)?.version, labels.annotations.get(made.annotation_id)?.label_id],
    [1, 4],
  );
  assert.equal(
    labels.settle({ acked: 1, changes: [label(made.annotation_id, { label_id: 4 })], revisions: { [VIDEO]: 2 } }, sent),
    true,
  );
  assert.equal(labels.annotations.size, 1);
});

/**
 * Cuts a label in two at a frame, the new part first.
 * @param {Labels} labels @param {string} id @param {number} frame
 */
const cut = (labels, id, frame) =>
  labels.group(() => {
    const { class_id: classId, start_frame: start, end_frame: end } = /** @type {Label} */ (labels.annotations.get(id));
    const part = labels.create(classId, frame, end);
    labels.change(id, 'move', { start_frame: start, end_frame: frame - 1 });
    return part.annotation_id;
  });
/** @param {Labels} labels */
const spans = (labels) => [...labels.annotations.values()].map((one) => [one.start_frame, one.end_frame]).sort();

test('a group carries one id and is undone and redone by one step', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  cut(labels, 'a', 15);
  assert.deepEqual(
    sent.map((edit) => edit.group_id !== undefined),
    [false, true, true],
  );
  assert.equal(sent[1].group_id, sent[2].group_id);
  assert.deepEqual(spans(labels), [
    [10, 14],
    [15, 20],
  ]);
  assert.equal(labels.undo().length, 2);
  assert.deepEqual(spans(labels), [[10, 20]]);
  assert.equal(labels.annotations.get('a')?.class_id, 9);
  assert.deepEqual(
    sent.slice(3).map((edit) => [edit.kind, edit.target_edit_id]),
    [
      ['undo', 'e3'],
      ['undo', 'e2'],
    ],
  );
  assert.ok(sent[3].group_id && sent[3].group_id === sent[4].group_id && sent[3].group_id !== sent[1].group_id);
  labels.redo();
  assert.deepEqual(spans(labels), [
    [10, 14],
    [15, 20],
  ]);
  assert.deepEqual(
    sent.slice(5).map((edit) => [edit.kind, edit.target_edit_id]),
    [
      ['redo', 'e2'],
      ['redo', 'e3'],
    ],
  );
  labels.undo();
  labels.undo();
  assert.equal(labels.annotations.get('a')?.class_id, 5);
  assert.deepEqual(labels.undoStack, []);
});

test('two groups one after the other are two steps, and a group within a group is part of it', () => {
  const { labels, sent } = open([label('a'), label('b')]);
  const both = (/** @type {number} */ classId) =>
    labels.group(() => {
      labels.change('a', 'relabel', { class_id: classId });
      labels.group(() => labels.change('b', 'relabel', { class_id: classId }));
    });
  both(6);
  both(7);
  assert.equal(new Set(sent.map((edit) => edit.group_id)).size, 2);
  labels.undo();
  assert.deepEqual(
    labels.list(() => true).map((one) => one.class_id),
    [6, 6],
  );
});

test('a group of an earlier page load is undone by one step, newest edit first', () => {
  const { labels, sent } = open([label('a')], {
    undo: ['x', 'g1', 'g2'],
    redo: ['h2', 'h1'],
    groups: { g1: 'g', g2: 'g', h1: 'h', h2: 'h' },
  });
  labels.redo();
  assert.deepEqual(
    sent.map((edit) => edit.target_edit_id),
    ['h1', 'h2'],
  );
  labels.undo();
  labels.undo();
  labels.undo();
  assert.deepEqual(
    sent.slice(2).map((edit) => edit.target_edit_id),
    ['h2', 'h1', 'g2', 'g1', 'x'],
  );
  assert.equal(sent.at(-1)?.group_id, undefined);
  assert.equal(accept(labels, sent, [label('a', { version: 9 })]), true);
});

test('a refused group falls away as a whole', () => {
  const { labels, sent } = open([label('a')]);
  cut(labels, 'a', 15);
  const now = label('a', { start_frame: 3, version: 5 });
  const refused = [
    { edit_id: 'e1', client_seq: 1, code: 'GROUP_REFUSED', message: 'no', current: null },
    { edit_id: 'e2', client_seq: 2, code: 'CONFLICT', message: 'no', current: now },
  ];
  labels.settle({ acked: 2, changes: [], refused, revisions: {} }, sent);
  assert.deepEqual(spans(labels), [[3, 20]]);
  assert.deepEqual([labels.undoStack, labels.redoStack], [[], []]);
});

test('the part of a group that changed since is left, the rest is undone and can be redone', () => {
  const { labels, sent } = open([label('a'), label('b')]);
  labels.group(() => {
    for (const id of ['a', 'b']) labels.change(id, 'relabel', { class_id: 9 });
  });
  accept(labels, sent, [label('a', { class_id: 9, version: 2 }), label('b', { class_id: 9, version: 2 })]);
  labels.undo();
  const theirs = label('b', { class_id: 9, start_frame: 1, version: 3 });
  const refused = [{ edit_id: 'e3', client_seq: 3, code: 'CONFLICT', message: 'no', current: theirs }];
  accept(labels, sent.slice(2), [label('a', { version: 3 })], { refused });
  assert.deepEqual(
    [
      labels.annotations.get('a')?.class_id,
      labels.annotations.get('b')?.class_id,
      labels.annotations.get('b')?.start_frame,
    ],
    [5, 9, 1],
  );
  assert.deepEqual([labels.undoStack, labels.redoStack], [[], ['e1']]);
});

test('a group that comes to nothing changes nothing', () => {
  const { labels } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  labels.undo();
  assert.throws(
    () =>
      labels.group(() => {
        labels.change('a', 'delete');
        labels.create(5, 1, 2);
        throw new Error('enough');
      }),
    /enough/,
  );
  assert.deepEqual([spans(labels), labels.undoStack, labels.redoStack], [[[10, 20]], [], ['e1']]);
});

test('what an old step is about is known: later edits do not conflict, what it did comes with the answer', () => {
  const more = {
    undo: ['made', 'moved', 'rated', 'decided'],
    objects: { made: 'a', moved: 'a', rated: 'rating:3:7', decided: 'review:8:7' },
  };
  const { labels, sent } = open([label('a', { version: 2 })], more);
  assert.deepEqual([labels.undo(), labels.undo(), labels.undo()], [['review:8'], ['rating'], ['a']]);
  labels.change('a', 'relabel', { class_id: 9 });
  assert.deepEqual(
    sent.slice(2).map((edit) => [edit.kind, edit.annotation_id, edit.base_version]),
    [
      ['undo', 'a', 2],
      ['relabel', 'a', 3],
    ],
  );
  assert.equal(accept(labels, [sent[2]], [label('a', { start_frame: 3, version: 3 })]), true);
  assert.deepEqual([labels.annotations.get('a')?.start_frame, labels.annotations.get('a')?.class_id], [3, 9]);
});

test('an old creation that is undone and redone is gone and back when the server says so', () => {
  const { labels, sent } = open([label('a')], { undo: ['made'], objects: { made: 'a' } });
  labels.undo();
  accept(labels, [sent[0]], [{ annotation_id: 'a', video_id: VIDEO, annotator_id: ME, version: 2, deleted: true }]);
  assert.deepEqual(spans(labels), []);
  labels.redo();
  accept(labels, [sent[1]], [label('a', { version: 3, deleted: false })]);
  assert.deepEqual(spans(labels), [[10, 20]]);
});
