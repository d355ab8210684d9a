// Rules that the page applies ahead of the server: the same cases as tests/unit/studio/edits/test_golden.py.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { History } from '../../imigue_core/web/player/labels/history.js';
import { computeTiou, listOpen } from '../../imigue_core/web/player/review/suggestions.js';

/** @param {string} name @returns {any[]} any: each table has cases of its own, written down in its file */
const listCases = (name) => JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')).cases;
/** @param {number[]} span */
const asSpan = ([start_frame, end_frame]) => ({ start_frame, end_frame });
/** @param {number[]} span @param {number} suggestion_id @returns {any} any: a suggestion, a label or a rejection */
const asClassed = ([class_id, ...span], suggestion_id) => ({ class_id, ...asSpan(span), suggestion_id });

for (const one of listCases('suppression')) {
  test(`what is left to look at: ${one.name}`, () => {
    const suggestions = one.suggestions.map((/** @type {number[]} */ span, /** @type {number} */ k) => ({
      ...asClassed(span, k + 1),
      score: 0.5,
    }));
    const labels = (one.labels ?? []).map((/** @type {number[]} */ label) => asClassed(label, label[3] ?? null));
    /** @type {[number, 'rejected'|'skipped', number, number, number][]} */
    const decided = one.decisions ?? [];
    const decisions = new Map(decided.map(([id, verdict]) => [id, { suggestion_id: id, verdict, version: 1 }]));
    const rejections = decided.filter(([, verdict]) => verdict === 'rejected');
    const left = listOpen(
      suggestions,
      labels,
      decisions,
      rejections.map(([id, , ...span]) => asClassed(span, id)),
    );
    assert.deepEqual(
      left.map((suggestion) => suggestion.suggestion_id),
      one.left,
    );
  });
}

for (const one of listCases('overlap')) {
  test(`what two spans share: ${one.name}`, () => {
    for (const pair of [
      [one.one, one.other],
      [one.other, one.one],
    ]) {
      const shared = computeTiou(asSpan(pair[0]), asSpan(pair[1]));
      assert.ok(Math.abs(shared - one.tiou) < 1e-9, `${shared}`);
      assert.equal(shared > 0, one.frames > 0);
    }
  });
}

for (const one of listCases('undo')) {
  test(`what can be undone and redone: ${one.name}`, () => {
    const history = new History();
    for (const [k, [what, name, group]] of one.steps.entries()) {
      const sent = { client_seq: k + 1, video_id: 1, annotation_id: null, base_version: 0, group_id: group };
      if (what === 'do') history.push({ ...sent, kind: 'create', edit_id: name });
      else history.push({ ...sent, kind: what, edit_id: `step ${k}`, target_edit_id: name });
    }
    assert.deepEqual(history.undoStack, one.undo);
    assert.deepEqual(history.redoStack, one.redo);
    assert.deepEqual(history.next('undo'), one.next_undo);
    assert.deepEqual(history.next('redo'), one.next_redo);
  });
}
