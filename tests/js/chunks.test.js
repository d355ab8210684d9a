import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeChunk, poseAt } from '../../imigue_core/web/player/picture/chunks.js';

const K = 137;
const MISSING = -32768;

/**
 * Encodes as the format says: planar, first value absolute, then wrapped differences.
 * @param {{startFrame: number, nFrames: number, step: number, value: (k: number, t: number) => number[],
 *          version?: number}} track
 */
function encode({ startFrame, nFrames, step, value, version = 1 }) {
  const size = K * nFrames;
  const buffer = new ArrayBuffer(20 + 5 * size);
  const head = new DataView(buffer);
  head.setUint32(0, 0x50474d49, true);
  head.setUint16(4, version, true);
  head.setUint16(6, K, true);
  head.setUint32(8, startFrame, true);
  head.setUint32(12, nFrames, true);
  head.setFloat32(16, step, true);
  for (let k = 0; k < K; k += 1) {
    for (let t = 0; t < nFrames; t += 1) {
      const now = value(k, t);
      const last = t ? value(k, t - 1) : [0, 0, 0];
      const i = k * nFrames + t;
      head.setInt16(20 + 2 * i, now[0] - last[0], true); // setInt16 wraps modulo 65,536
      head.setInt16(20 + 2 * size + 2 * i, now[1] - last[1], true);
      head.setUint8(20 + 4 * size + i, now[2] - last[2]);
    }
  }
  return buffer;
}

/** Values that jump over the whole range, with gaps. @param {number} k @param {number} t */
const wild = (k, t) =>
  (k + t) % 7 === 0
    ? [MISSING, MISSING, 0]
    : [
        ((k * 7919 + t * 30011) % 65535) - 32767,
        32767 - ((k * 331 + t * 25013) % 65535),
        1 + ((k * 13 + t * 101) % 255),
      ];

test('every value comes back, across the wrap and around gaps', () => {
  const chunk = decodeChunk(encode({ startFrame: 500, nFrames: 250, step: 0.125, value: wild }));
  assert.equal(chunk.startFrame, 500);
  assert.equal(chunk.nFrames, 250);
  for (const t of [0, 1, 100, 249]) {
    const pose = poseAt(chunk, 500 + t);
    for (let k = 0; k < K; k += 1) {
      const [x, y, c] = wild(k, t);
      if (x === MISSING) assert.equal(pose?.confidence[k], 0);
      else {
        assert.equal(pose?.x[k], x * 0.125);
        assert.equal(pose?.y[k], y * 0.125);
        assert.ok(Math.abs(pose?.confidence[k] - c / 255) < 1e-6);
      }
    }
  }
});

test('the last chunk of a video may be short, and other frames are not in it', () => {
  const chunk = decodeChunk(encode({ startFrame: 250, nFrames: 3, step: 1, value: () => [1, 2, 255] }));
  assert.equal(poseAt(chunk, 249), null);
  assert.equal(poseAt(chunk, 253), null);
  assert.deepEqual([poseAt(chunk, 252)?.x[0], poseAt(chunk, 252)?.y[136]], [1, 2]);
});

test('bytes that are no chunk, of another version or cut are refused', () => {
  const good = encode({ startFrame: 0, nFrames: 2, step: 1, value: () => [0, 0, 0] });
  assert.throws(() => decodeChunk(new ArrayBuffer(64)), /not a pose chunk/);
  assert.throws(() => decodeChunk(good.slice(0, good.byteLength - 1)), /wrong length/);
  assert.throws(
    () => decodeChunk(encode({ startFrame: 0, nFrames: 2, step: 1, value: () => [0, 0, 0], version: 2 })),
    /version 2/,
  );
});
