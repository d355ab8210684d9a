/**
 * Drawing one frame: the picture (or nothing), then the skeleton of exactly that
 * frame, into one canvas. Missing points are not drawn; confidence shows as alpha.
 */

import { EDGES, JOINT_SETS, SIDE_COLOURS } from './joints.js';

/**
 * @typedef {Object} Viewport source pixels to canvas pixels: canvas = x + scale * source
 * @property {number} x @property {number} y @property {number} scale
 *
 * @typedef {Object} Show what is drawn
 * @property {boolean} body
 * @property {boolean} hands
 * @property {boolean} face
 * @property {false|'masked'|'source'} video which picture lies under the skeleton
 */

const BACKGROUND = '#080a0d';
const STAGE = '#0d1116';
const JOINT_COLOUR = '#f2f5f8';
const FACE_LINE = 'rgba(201, 209, 217, 0.42)';
/** In the order they are drawn. @type {import('./joints.js').JointSet[]} */
const SETS = ['body', 'face', 'hands'];
/** Line width, joint radius as a share of the source picture's height; the least in canvas pixels. */
const SIZES = {
  body: { line: 0.0085, dot: 0.0072, least: 2, leastDot: 3 },
  hands: { line: 0.0034, dot: 0.0036, least: 1.25, leastDot: 1.75 },
  face: { line: 0.0016, dot: 0.0026, least: 0.75, leastDot: 1.25 },
};

/**
 * The whole source picture inside the canvas, centred.
 * @param {{width: number, height: number}} canvas @param {{width: number, height: number}} source
 * @returns {Viewport}
 */
export function fitViewport(canvas, source) {
  const scale = Math.min(canvas.width / source.width, canvas.height / source.height);
  return { x: (canvas.width - source.width * scale) / 2, y: (canvas.height - source.height * scale) / 2, scale };
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {{width: number, height: number}} source upright picture, pixels
 * @param {Viewport} viewport @param {CanvasImageSource|null} picture
 * @param {import('./chunks.js').Pose|null} pose @param {Show} show
 */
export function drawFrame(ctx, source, viewport, picture, pose, show) {
  const { canvas } = ctx;
  const { x, y, scale } = viewport;
  ctx.globalAlpha = 1;
  ctx.fillStyle = BACKGROUND;
  ctx.fillRect(0, 0, canvas.width, canvas.height);
  if (picture && show.video) {
    ctx.drawImage(picture, x, y, source.width * scale, source.height * scale);
  } else {
    ctx.fillStyle = STAGE;
    ctx.fillRect(x, y, source.width * scale, source.height * scale);
  }
  if (pose) drawSkeleton(ctx, pose, viewport, source.height, show);
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import('./chunks.js').Pose} pose
 * @param {Viewport} viewport @param {number} sourceHeight @param {Show} show
 */
export function drawSkeleton(ctx, pose, viewport, sourceHeight, show) {
  ctx.save();
  ctx.lineCap = 'round';
  for (const set of SETS) {
    if (!show[set]) continue;
    const size = SIZES[set];
    const unit = sourceHeight * viewport.scale;
    ctx.lineWidth = Math.max(size.least, size.line * unit);
    for (const edge of EDGES[set]) drawEdge(ctx, pose, viewport, edge, set);
    ctx.fillStyle = JOINT_COLOUR;
    const [first, stop] = JOINT_SETS[set];
    const radius = Math.max(size.leastDot, size.dot * unit);
    for (let k = first; k < stop; k += 1) drawJoint(ctx, pose, viewport, k, radius);
  }
  ctx.restore();
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import('./chunks.js').Pose} pose @param {Viewport} viewport
 * @param {import('./joints.js').Edge} edge @param {import('./joints.js').JointSet} set
 */
function drawEdge(ctx, pose, { x, y, scale }, { a, b, side }, set) {
  const confidence = Math.min(pose.confidence[a], pose.confidence[b]);
  if (confidence <= 0) return;
  ctx.globalAlpha = alphaOf(confidence);
  ctx.strokeStyle = set === 'face' ? FACE_LINE : SIDE_COLOURS[side];
  ctx.beginPath();
  ctx.moveTo(x + pose.x[a] * scale, y + pose.y[a] * scale);
  ctx.lineTo(x + pose.x[b] * scale, y + pose.y[b] * scale);
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {import('./chunks.js').Pose} pose @param {Viewport} viewport
 * @param {number} k @param {number} radius
 */
function drawJoint(ctx, pose, { x, y, scale }, k, radius) {
  const confidence = pose.confidence[k];
  if (confidence <= 0) return;
  ctx.globalAlpha = alphaOf(confidence);
  ctx.beginPath();
  ctx.arc(x + pose.x[k] * scale, y + pose.y[k] * scale, radius, 0, 2 * Math.PI);
  ctx.fill();
}

/** Faint but visible at 0+, full from 0.7 up. @param {number} confidence 0..1 */
export function alphaOf(confidence) {
  return Math.min(1, 0.16 + 1.2 * confidence);
}
