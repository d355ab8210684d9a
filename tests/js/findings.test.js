import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Api } from '../../imigue_core/web/player/core/api.js';
import { VideoInfo } from '../../imigue_core/web/player/core/video_info.js';
import { effect } from '../../imigue_core/web/player/core/watch.js';
import { Labels } from '../../imigue_core/web/player/labels/labels.js';
import { Findings } from '../../imigue_core/web/player/review/findings.js';

/** @param {number} id @param {'rejected'|'skipped'|null} verdict */
const suggest = (id, verdict = null) => ({
  ...{ suggestion_id: id, class_id: 5, start_frame: 100 * id, end_frame: 100 * id + 19, score: 0.8 },
  ...{ top: [[5, 0.8]], start_sd: 1, end_sd: 1, verdict, version: verdict ? 1 : 0, model: 'tiny' },
});

/** A page of video 1 whose server knows three suggestions and a rejected one. */
function makePage() {
  const scan = { scan_id: 1, model: 'tiny', model_hash: 'a', trained_on: 'user', utc: '', n: 4 };
  const answer = {
    scan,
    threshold: 0.3,
    suggestions: [suggest(1), suggest(2), suggest(3), suggest(4, 'rejected')],
    rejected: [suggest(4, 'rejected')],
  };
  let n = 0;
  const labels = new Labels({
    ...{ videoId: 1, annotatorId: 1, annotator: 'Ann', newId: () => `a${++n}` },
    send: (fields) => ({ edit_id: `e${++n}`, client_seq: n, ...fields }),
  });
  /** @type {Map<string, string>} */
  const kept = new Map();
  const findings = new Findings({
    api: new Api('', async () => Response.json(answer)),
    ids: { projectId: 'p', videoId: 1, videoPath: '/videos/1', annotatorId: 1, annotator: 'Ann' },
    info: new VideoInfo(/** @type {any} */ ({ jobs: [] })), // any: no job is all that counts here
    labels,
    edits: /** @type {any} */ ({ pendingOf: () => [], own: { lastSeq: 0 } }), // any: nothing is on its way
    settings: { read: (name) => kept.get(name) ?? null, write: (name, value) => kept.set(name, value) },
    attempt: (run) => run(),
    reload: async () => {},
  });
  return { labels, findings };
}

/** @param {{suggestion_id: number}[]} list */
const idsOf = (list) => list.map((one) => one.suggestion_id);

test('a rejected suggestion is never seen as undecided while suggestions are read', async () => {
  const { findings } = makePage();
  /** @type {number[][]} */
  const seen = [];
  const stop = effect(() => void seen.push(idsOf(findings.above)));
  await findings.reload();
  stop();
  assert.deepEqual(seen, [[], [1, 2, 3]]);
  assert.deepEqual(idsOf(findings.ghosts), [4]);
});

test('whoever shows what is left looks again only when something of it went or came', async () => {
  const { findings, labels } = makePage();
  await findings.reload();
  const { above, index } = findings;
  const label = labels.create(5, 1000, 1010);
  labels.change(label.annotation_id, 'move', { start_frame: 1001, end_frame: 1010 });
  assert.equal(findings.above, above);
  assert.equal(findings.index, index);
  labels.create(5, 205, 219);
  assert.deepEqual(idsOf(findings.above), [1, 3]);
});

test('a rejection shows at once, and so does taking it back', async () => {
  const { findings, labels } = makePage();
  await findings.reload();
  findings.keepRejected(findings.above[0]);
  labels.review(1, 'rejected');
  assert.deepEqual(
    [idsOf(findings.above), idsOf(findings.ghosts)],
    [
      [2, 3],
      [1, 4],
    ],
  );
  labels.review(1, 'open');
  assert.deepEqual(idsOf(findings.above), [1, 2, 3]);
});
