import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Labels } from '../../imigue_core/web/player/labels.js';

const VIDEO = 3;
const ME = 7;
const label = (id, more = {}) => ({ annotation_id: id, video_id: VIDEO, annotator_id: ME, annotator: 'Ann', label_id: 1, class_id: 5, start_frame: 10, end_frame: 20, version: 1, confidence: null, mark: '', note: '', ...more });

function open(annotations = [], more = {}) {
  const sent = [];
  const changes = [];
  let n = 0;
  const labels = new Labels({
    videoId: VIDEO, annotatorId: ME, annotator: 'Ann',
    send: (fields) => {
      const edit = { client_seq: sent.length + 1, edit_id: `e${sent.length + 1}`, ...fields };
      sent.push(edit);
      return edit;
    },
    newId: () => `new-${(n += 1)}`,
    onChange: (isVisible) => changes.push(isVisible),
  });
  labels.load({ revision: 1, annotations, ratings: [], undo: [], redo: [], ...more }, []);
  return { labels, sent, changes };
}

/** The server accepts edits and says what stands. */
const accept = (labels, edits, changes, more = {}) => labels.settle({ acked: 99, changes, ratings: [], refused: [], revisions: { [VIDEO]: labels.revision + 1 }, ...more }, edits);
const refuse = (labels, edit, current = null) =>
  labels.settle({ acked: edit.client_seq, changes: [], ratings: [], revisions: {}, refused: [{ edit_id: edit.edit_id, client_seq: edit.client_seq, code: 'CONFLICT', message: 'no', current }] }, [edit]);

test('a label is shown at once and keeps its place when the server numbers it', () => {
  const { labels, sent } = open();
  const made = labels.create(5, 10, 20);
  assert.deepEqual([made.class_id, made.start_frame, made.end_frame, made.version, made.label_id], [5, 10, 20, 1, null]);
  assert.equal(sent[0].base_version, 0);
  assert.equal(accept(labels, sent, [label(made.annotation_id, { label_id: 12 })]), true);
  assert.equal(labels.annotations.get(made.annotation_id).label_id, 12);
  assert.equal(labels.annotations.get(made.annotation_id).annotator, 'Ann');
});

test('versions are predicted, so quick edits on one label follow each other without waiting', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'move', { start_frame: 12, end_frame: 22 });
  labels.change('a', 'relabel', { class_id: 9 });
  labels.change('a', 'annotate', { note: 'hm' });
  assert.deepEqual(sent.map((edit) => edit.base_version), [1, 2, 3]);
  const shown = labels.annotations.get('a');
  assert.deepEqual([shown.start_frame, shown.class_id, shown.note, shown.version], [12, 9, 'hm', 4]);
});

test('an answer to the first of two edits does not take the second off the screen', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'move', { start_frame: 12, end_frame: 22 });
  labels.change('a', 'relabel', { class_id: 9 });
  accept(labels, [sent[0]], [label('a', { start_frame: 12, end_frame: 22, version: 2 })]);
  assert.deepEqual([labels.annotations.get('a').class_id, labels.annotations.get('a').version], [9, 3]);
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
  assert.equal(labels.undo(), 'a');
  assert.deepEqual([labels.annotations.get('a').class_id, labels.annotations.get('a').version], [9, 4]);
  labels.undo();
  assert.equal(labels.annotations.get('a').class_id, 5);
  labels.redo();
  assert.deepEqual([labels.annotations.get('a').class_id, labels.annotations.get('a').version], [9, 6]);
  assert.deepEqual(sent.slice(2).map((edit) => [edit.kind, edit.target_edit_id]), [['undo', 'e2'], ['undo', 'e1'], ['redo', 'e1']]);
});

test('undoing a creation takes the label away, redoing brings it back', () => {
  const { labels } = open();
  const { annotation_id: id } = labels.create(5, 1, 2);
  labels.undo();
  assert.equal(labels.annotations.has(id), false);
  labels.redo();
  assert.equal(labels.annotations.get(id).class_id, 5);
  assert.equal(labels.annotations.get(id).version, 3);
});

test('undone edits stay undone on the screen while answers come in', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  labels.undo();
  accept(labels, [sent[0]], [label('a', { class_id: 9, version: 2 })]);
  assert.equal(labels.annotations.get('a').class_id, 5);
  accept(labels, [sent[1]], [label('a', { version: 3 })]);
  assert.deepEqual([labels.annotations.get('a').class_id, labels.annotations.get('a').version], [5, 3]);
});

test('a new edit ends what could be redone', () => {
  const { labels } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  labels.undo();
  labels.change('a', 'move', { start_frame: 0, end_frame: 3 });
  assert.equal(labels.redo(), null);
  assert.deepEqual([labels.undoStack, labels.redoStack], [['e3'], []]);
});

test('undo reaches back before this page load: the server knows what to restore', () => {
  const { labels, sent } = open([label('a', { class_id: 9, version: 2 })], { undo: ['old-1', 'old-2'] });
  labels.undo();
  assert.deepEqual([sent[0].target_edit_id, sent[0].annotation_id], ['old-2', null]);
  assert.equal(accept(labels, sent, [label('a', { version: 3 })]), true);
  assert.equal(labels.annotations.get('a').class_id, 5);
  assert.deepEqual([labels.undoStack, labels.redoStack], [['old-1'], ['old-2']]);
});

test('a refused edit falls away: what the server has shows again, and undo forgets it', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  refuse(labels, sent[0], label('a', { class_id: 1, version: 2 }));
  assert.deepEqual([labels.annotations.get('a').class_id, labels.annotations.get('a').version], [1, 2]);
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

test('a smaller revision than before (a restored backup) and a label the server does not know ask for the whole state', () => {
  const { labels, sent } = open([label('a')], { revision: 9 });
  labels.change('a', 'relabel', { class_id: 9 });
  assert.equal(accept(labels, sent, [label('a', { class_id: 9, version: 2 })], { revisions: { [VIDEO]: 4 } }), false);
  labels.change('a', 'relabel', { class_id: 8 });
  assert.equal(refuse(labels, sent[1]), false);
});

test('an answer that says what is on the screen already changes nothing there', () => {
  const { labels, sent, changes } = open([label('a')]);
  const { annotation_id: id } = labels.create(4, 1, 2);
  labels.change('a', 'relabel', { class_id: 9 });
  const before = labels.changeCount;
  accept(labels, sent, [label(id, { class_id: 4, start_frame: 1, end_frame: 2, label_id: 8 }), label('a', { class_id: 9, version: 2 })]);
  assert.equal(labels.changeCount, before);
  assert.equal(changes.at(-1), false);
  assert.equal(labels.annotations.get(id).label_id, 8);
});

test('an answer that says something else is drawn', () => {
  const { labels, sent, changes } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  const before = labels.changeCount;
  accept(labels, sent, [label('a', { class_id: 9, start_frame: 11, version: 3 })]);
  assert.ok(labels.changeCount > before);
  assert.equal(changes.at(-1), true);
});

test('edits on their way are shown on top of a state read again, once', () => {
  const { labels, sent } = open([label('a')]);
  labels.change('a', 'relabel', { class_id: 9 });
  const { annotation_id: id } = labels.create(4, 1, 2);
  labels.load({ revision: 5, annotations: [label('a', { class_id: 9, version: 2 })], ratings: [], undo: ['e1'], redo: [] }, sent);
  assert.deepEqual([labels.annotations.get('a').class_id, labels.annotations.get('a').version], [9, 2]);
  assert.equal(labels.annotations.get(id).class_id, 4);
  assert.deepEqual(labels.undoStack, ['e1', 'e2']);
});

test('a rating is one thing with versions of its own, and can be undone', () => {
  const { labels, sent } = open();
  labels.rate('negative', '');
  labels.rate('unsure', 'mixed');
  assert.deepEqual(sent.map((edit) => edit.base_version), [0, 1]);
  labels.undo();
  assert.equal(labels.rating.emotion, 'negative');
  labels.undo();
  assert.equal(labels.rating.emotion, null);
  assert.equal(labels.rating.version, 4);
});

test('answers about other videos change nothing here', () => {
  const { labels } = open([label('a')]);
  const foreign = { client_seq: 1, edit_id: 'x', kind: 'create', video_id: 99, annotation_id: 'b', base_version: 0 };
  assert.equal(labels.settle({ acked: 1, changes: [{ ...label('b'), video_id: 99 }], revisions: { 99: 4 } }, [foreign]), true);
  assert.deepEqual([...labels.annotations.keys()], ['a']);
});

const decided = (labels, id) => labels.decisions.get(id)?.verdict ?? null;

test('a decision about a suggestion shows at once, keeps the predicted version and can be undone', () => {
  const { labels, sent } = open();
  labels.review(4, 'skipped');
  labels.review(4, 'rejected');
  assert.deepEqual(sent.map((edit) => [edit.kind, edit.suggestion_id, edit.verdict, edit.base_version]), [['review', 4, 'skipped', 0], ['review', 4, 'rejected', 1]]);
  assert.equal(decided(labels, 4), 'rejected');
  assert.equal(labels.undo(), 'review:4');
  assert.deepEqual([decided(labels, 4), sent[2].annotation_id, sent[2].base_version], ['skipped', null, 2]);
  labels.undo();
  assert.equal(decided(labels, 4), 'open');
  labels.redo();
  assert.equal(decided(labels, 4), 'skipped');
});

test('the server confirms decisions, and a refused one falls away', () => {
  const { labels, sent } = open();
  labels.review(4, 'rejected');
  assert.equal(accept(labels, [sent[0]], [], { reviews: [{ suggestion_id: 4, verdict: 'rejected', version: 1 }] }), true);
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
  const pending = [{ client_seq: 1, edit_id: 'p', kind: 'review', video_id: VIDEO, annotation_id: null, suggestion_id: 5, verdict: 'skipped', base_version: 0 }];
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
  const id = labels.undo();
  assert.equal(labels.annotations.size, 0);
  assert.equal(labels.suggestionOf(id), 8);
  assert.equal(labels.suggestionOf('review:3'), 3);
  assert.equal(labels.suggestionOf(null), null);
  assert.equal('suggestion' in (labels.create(5, 10, 20) && sent.at(-1)), false);
});

test('what others changed shows, is gone when they delete it, and leaves own unsent edits on top', () => {
  const { labels, sent } = open([label('mine')]);
  labels.change('mine', 'move', { start_frame: 1, end_frame: 2 });
  const theirs = label('theirs', { annotator_id: 8, annotator: 'Ben' });
  labels.merge({ revision: 5, annotations: [theirs, label('mine')], deleted: [], ratings: [] });
  assert.equal(labels.annotations.get('theirs').annotator, 'Ben');
  assert.equal(labels.annotations.get('mine').start_frame, 1);
  assert.equal(labels.revision, 5);
  labels.merge({ revision: 6, annotations: [], deleted: ['theirs', 'never seen'], ratings: [] });
  assert.deepEqual([...labels.annotations.keys()], ['mine']);
  assert.equal(sent.length, 1);
});

test('an answer about an own label that comes before its own acknowledgement is not applied twice', () => {
  const { labels, sent } = open();
  const made = labels.create(5, 10, 20);
  labels.merge({ revision: 2, annotations: [label(made.annotation_id, { label_id: 4 })], deleted: [], ratings: [] });
  assert.deepEqual([labels.annotations.get(made.annotation_id).version, labels.annotations.get(made.annotation_id).label_id], [1, 4]);
  assert.equal(labels.settle({ acked: 1, changes: [label(made.annotation_id, { label_id: 4 })], revisions: { [VIDEO]: 2 } }, sent), true);
  assert.equal(labels.annotations.size, 1);
});
