import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  findPartner,
  inherited,
  MAX_NOTE,
  planDuplicate,
  planMerge,
  planSplit,
} from '../../imigue_core/web/player/labels/span_plans.js';
import { listCases, planRepeat, shorten } from '../../imigue_core/web/player/panel/refusals.js';

/** @typedef {import('../../imigue_core/web/player/labels/labels.js').Label} Label */
/** @typedef {import('../../imigue_core/web/player/labels/edits.js').Edit} Edit */
/** @typedef {import('../../imigue_core/web/player/labels/span_plans.js').MergePlan} MergePlan */

/** @param {string} id @param {number} start @param {number} end @param {Partial<Label>} [more] @returns {Label} */
const label = (id, start, end, more = {}) => ({
  annotation_id: id,
  video_id: 3,
  annotator_id: 7,
  label_id: 1,
  version: 1,
  deleted: false,
  suggestion_rank: null,
  class_id: 5,
  start_frame: start,
  end_frame: end,
  confidence: null,
  mark: '',
  note: '',
  suggestion_id: null,
  ...more,
});
/** @param {number} start @param {number} end */
const span = (start, end) => ({ start_frame: start, end_frame: end });

/** A plan for what can be joined. @param {Parameters<typeof planMerge>} args @returns {MergePlan} */
function merge(...args) {
  const plan = planMerge(...args);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

test('a label is cut before the play head, so that the head lies in the second part', () => {
  assert.deepEqual(planSplit(label('a', 10, 20), 15), [span(10, 14), span(15, 20)]);
  assert.deepEqual(planSplit(label('a', 10, 20), 20), [span(10, 19), span(20, 20)]);
  assert.deepEqual(planSplit(label('a', 10, 11), 11), [span(10, 10), span(11, 11)]);
});

test('nothing is cut off the first frame or outside the label', () => {
  assert.match(String(planSplit(label('a', 10, 20), 10)), /first frame/);
  for (const frame of [9, 21]) assert.match(String(planSplit(label('a', 10, 20), frame)), /does not lie in this label/);
});

test('the partner is the next or previous label of the class, touching or not', () => {
  const own = [
    label('long', 0, 300),
    label('a', 10, 20),
    label('x', 15, 30, { class_id: 6 }),
    label('b', 21, 40),
    label('c', 90, 95),
  ];
  assert.equal(findPartner(own[1], own, 1)?.annotation_id, 'b');
  assert.equal(findPartner(own[3], own, 1)?.annotation_id, 'c');
  assert.equal(findPartner(own[4], own, 1), null);
  assert.equal(findPartner(own[2], own, 1), null);
  assert.equal(findPartner(own[3], own, -1)?.annotation_id, 'long'); // it reaches nearest
  assert.equal(findPartner(own[0], own, -1), null);
});

test('joined labels reach from the first start to the last end, and say what none of them covered', () => {
  const [a, b, c] = [label('a', 10, 20), label('b', 12, 14), label('c', 24, 30)];
  const plan = merge(a, [a, b, c]);
  assert.deepEqual([plan.span, plan.gap, plan.survivor, plan.gone], [span(10, 30), 3, a, [b, c]]);
  assert.equal(merge(a, [a, label('t', 21, 22)]).gap, 0);
});

test('notes are joined, the most doubtful certainty and any mark stay', () => {
  const a = label('a', 10, 20, { note: 'left hand', confidence: 0.75 });
  const b = label('b', 21, 30, { note: 'both', confidence: 0.25, mark: 'discuss' });
  assert.deepEqual(merge(a, [a, b]).fields, { note: 'left hand / both', confidence: 0.25, mark: 'discuss' });
  assert.deepEqual(merge(b, [a, b]).fields, { note: 'left hand / both' });
  const same = label('c', 31, 40, { note: 'left hand ', confidence: 0.75 });
  assert.deepEqual(merge(a, [a, same]).fields, {});
  assert.deepEqual(merge(label('d', 50, 60), [a, label('d', 50, 60)]).fields, {
    note: 'left hand',
    confidence: 0.75,
  });
});

test('no word of a note is lost to a limit', () => {
  const [a, b] = [label('a', 1, 2, { note: 'x'.repeat(MAX_NOTE) }), label('b', 3, 4, { note: 'y' })];
  assert.match(String(planMerge(a, [a, b])), /notes are longer than 4,000/);
});

test('the label that came from a suggestion survives one that did not', () => {
  const [hand, suggested, other] = [
    label('a', 10, 20),
    label('b', 21, 30, { suggestion_id: 4 }),
    label('c', 31, 40, { suggestion_id: 5 }),
  ];
  assert.equal(merge(hand, [hand, suggested]).survivor, suggested);
  assert.equal(merge(other, [suggested, other]).survivor, other);
});

test('labels of several classes are not joined', () => {
  assert.match(String(planMerge(label('a', 1, 2), [label('a', 1, 2), label('b', 3, 4, { class_id: 6 })])), /one class/);
});

test('a copy starts at the play head, or right behind the label that holds it, and ends with the video', () => {
  const a = label('a', 10, 20);
  assert.deepEqual(planDuplicate(a, 50, 100), { ...span(50, 60), isCut: false });
  assert.deepEqual(planDuplicate(a, 15, 100), { ...span(21, 31), isCut: false });
  assert.deepEqual(planDuplicate(a, 95, 100), { ...span(95, 99), isCut: true });
  assert.deepEqual(planDuplicate(a, 89, 100), { ...span(89, 99), isCut: false });
  assert.match(String(planDuplicate(label('a', 10, 99), 20, 100)), /no room/);
});

test('a part inherits what there is', () => {
  assert.deepEqual(inherited(label('a', 1, 2)), {});
  assert.deepEqual(inherited(label('a', 1, 2, { note: 'n', confidence: 0, mark: 'discuss' })), {
    note: 'n',
    confidence: 0,
    mark: 'discuss',
  });
});

/** @param {string} id @param {Partial<Edit>} edit @param {string} [code] @param {string} [message] */
const refused = (id, edit, code = 'CONFLICT', message = 'it changed') => ({
  edit_id: id,
  client_seq: 1,
  code,
  message,
  edit: /** @type {Edit} */ ({ edit_id: id, annotation_id: null, ...edit }),
  current: null,
  at: 0,
});

test('what was refused together is one case, with the reason of the edit that was wrong', () => {
  const cases = listCases([
    refused('1', { kind: 'move', annotation_id: 'x' }),
    refused('2', { kind: 'create', group_id: 'g' }, 'GROUP_REFUSED', 'another one'),
    refused('3', { kind: 'move', group_id: 'g' }, 'OVERLAP_REFUSED', 'no overlaps'),
    refused('4', { kind: 'delete', annotation_id: 'y' }),
    refused('5', { kind: 'relabel', group_id: 'g' }, 'GROUP_REFUSED', 'another one'),
  ]);
  assert.deepEqual(
    cases.map((one) => [one.code, one.message, one.refused.length]),
    [
      ['CONFLICT', 'it changed', 1],
      ['OVERLAP_REFUSED', 'no overlaps', 3],
      ['CONFLICT', 'it changed', 1],
    ],
  );
});

test('a conflicting change can be made again as long as its labels are there, a group as a whole', () => {
  const there = new Map([['a', label('a', 10, 20)]]);
  const [cut] = listCases([
    refused('1', { kind: 'move', annotation_id: 'a', start_frame: 10, end_frame: 14, group_id: 'g' }),
    refused(
      '2',
      { kind: 'create', annotation_id: 'new', class_id: 5, start_frame: 15, end_frame: 20, group_id: 'g' },
      'GROUP_REFUSED',
    ),
    refused('3', { kind: 'annotate', annotation_id: 'new', note: 'n', group_id: 'g' }, 'GROUP_REFUSED'),
  ]);
  assert.deepEqual(
    planRepeat(cut, there)?.map((step) => [step.kind, step.annotation_id, step.fields]),
    [
      ['move', 'a', span(10, 14)],
      ['create', 'new', { class_id: 5, ...span(15, 20) }],
      ['annotate', 'new', { note: 'n' }],
    ],
  );
  assert.equal(planRepeat(cut, new Map()), null);
  const [overlap] = listCases([refused('1', { kind: 'move', annotation_id: 'a' }, 'OVERLAP_REFUSED')]);
  assert.equal(planRepeat(overlap, there), null);
  assert.equal(planRepeat(listCases([refused('1', { kind: 'undo', target_edit_id: 'e' })])[0], there), null);
});

test('many equal changes are one line of a card, and many lines are cut short', () => {
  assert.equal(shorten(['relabel x', 'relabel x', 'move 1']), '2 × relabel x; move 1');
  assert.equal(shorten(['a', 'b', 'c', 'd', 'e']), 'a; b; c and 2 more');
});
