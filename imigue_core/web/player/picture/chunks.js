/**
 * Reading pose chunks: 250 frames of 137 keypoints as wrapped int16 differences.
 * Fetching and caching them is the work of poses.js.
 *
 * Layout, little-endian: "IMGP", u16 version, u16 K, u32 first frame, u32 T,
 * f32 pixels a unit; then int16 x[K][T], int16 y[K][T], uint8 confidence[K][T],
 * each row holding its first value and then differences that wrap.
 */

export const CHUNK_FRAMES = 250;
const MAGIC = 0x50474d49; // "IMGP"
const HEADER_BYTES = 20;
const MISSING = -32768;

/**
 * @typedef {Object} Chunk
 * @property {number} startFrame first frame, 0-based
 * @property {number} nFrames T
 * @property {number} nKeypoints K
 * @property {number} step source pixels a unit
 * @property {Int16Array} x (K * T) units, row by keypoint; -32768 = missing
 * @property {Int16Array} y the same
 * @property {Uint8Array} confidence (K * T), 0..255
 */

/**
 * @param {ArrayBuffer} buffer already unzipped (the browser does that for Content-Encoding: gzip)
 * @returns {Chunk}
 * @throws {Error} when the bytes are no chunk of a known version
 */
export function decodeChunk(buffer) {
  const head = new DataView(buffer);
  if (buffer.byteLength < HEADER_BYTES || head.getUint32(0, true) !== MAGIC) throw new Error('not a pose chunk');
  const version = head.getUint16(4, true);
  if (version !== 1) throw new Error(`pose chunk version ${version}, expected 1`);
  const nKeypoints = head.getUint16(6, true);
  const nFrames = head.getUint32(12, true);
  const size = nKeypoints * nFrames;
  if (buffer.byteLength !== HEADER_BYTES + 5 * size) throw new Error('pose chunk has the wrong length');
  const x = new Int16Array(buffer.slice(HEADER_BYTES, HEADER_BYTES + 2 * size));
  const y = new Int16Array(buffer.slice(HEADER_BYTES + 2 * size, HEADER_BYTES + 4 * size));
  const confidence = new Uint8Array(buffer.slice(HEADER_BYTES + 4 * size));
  for (const rows of [x, y, confidence]) sumRows(rows, nKeypoints, nFrames);
  return {
    startFrame: head.getUint32(8, true),
    nFrames,
    nKeypoints,
    step: head.getFloat32(16, true),
    x,
    y,
    confidence,
  };
}

/**
 * Differences to values; typed arrays wrap by themselves.
 * @param {Int16Array|Uint8Array} rows @param {number} nKeypoints @param {number} nFrames
 */
function sumRows(rows, nKeypoints, nFrames) {
  for (let k = 0; k < nKeypoints; k += 1) {
    const first = k * nFrames;
    for (let i = first + 1; i < first + nFrames; i += 1) rows[i] += rows[i - 1];
  }
}

/**
 * @typedef {Object} Pose one frame's keypoints; a missing point has confidence 0
 * @property {Float32Array} x (K,) source pixels
 * @property {Float32Array} y (K,)
 * @property {Float32Array} confidence (K,) 0..1
 */

/** @param {Chunk} chunk @param {number} frame @returns {Pose|null} null when the frame is not in the chunk */
export function poseAt(chunk, frame) {
  const t = frame - chunk.startFrame;
  if (t < 0 || t >= chunk.nFrames) return null;
  const n = chunk.nKeypoints;
  const pose = { x: new Float32Array(n), y: new Float32Array(n), confidence: new Float32Array(n) };
  for (let k = 0; k < n; k += 1) {
    const i = k * chunk.nFrames + t;
    if (chunk.x[i] === MISSING || chunk.y[i] === MISSING) continue;
    pose.x[k] = chunk.x[i] * chunk.step;
    pose.y[k] = chunk.y[i] * chunk.step;
    pose.confidence[k] = chunk.confidence[i] / 255;
  }
  return pose;
}
