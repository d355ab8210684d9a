/**
 * The 137 points of a pose and how they are joined, the same as
 * imigue_core/skeleton/layout.py (a test compares the two). Constants only.
 *
 * Order: body 25 (BODY_25), face 70, left hand 21, right hand 21; sides are the person's own.
 */

const FACE = 25;
const LEFT_HAND = 95;
const RIGHT_HAND = 116;

/** @typedef {'body'|'face'|'hands'} JointSet */

/** [first, one past the last] of each joint set. @type {Record<JointSet, [number, number]>} */
export const JOINT_SETS = { body: [0, 25], face: [25, 95], hands: [95, 137] };

export const SIDE_COLOURS = { left: '#56b4e9', right: '#e69f00', centre: '#c9d1d9' };

/**
 * @typedef {keyof typeof SIDE_COLOURS} Side
 * @typedef {{a: number, b: number, part: string, side: Side}} Edge
 *
 * @param {number[]} points joined one after the other @param {string} part @param {Side} side
 * @param {{offset?: number, closed?: boolean}} [options] `closed`: the last is joined to the first
 * @returns {Edge[]}
 */
function chain(points, part, side, { offset = 0, closed = false } = {}) {
  const ends = closed ? [...points.slice(1), points[0]] : points.slice(1);
  return ends.map((end, i) => ({ a: points[i] + offset, b: end + offset, part, side }));
}

/** @param {number} first @param {number} stop */
const range = (first, stop) => Array.from({ length: stop - first }, (_, i) => first + i);

const body = [
  ...chain([1, 8], 'torso', 'centre'),
  ...chain([8, 9], 'torso', 'right'),
  ...chain([8, 12], 'torso', 'left'),
  ...chain([1, 0], 'head', 'centre'),
  ...chain([0, 15, 17], 'head', 'right'),
  ...chain([0, 16, 18], 'head', 'left'),
  ...chain([1, 2, 3, 4], 'arm', 'right'),
  ...chain([1, 5, 6, 7], 'arm', 'left'),
  ...chain([9, 10, 11, 22, 23], 'leg', 'right'),
  ...chain([11, 24], 'leg', 'right'),
  ...chain([12, 13, 14, 19, 20], 'leg', 'left'),
  ...chain([14, 21], 'leg', 'left'),
];

const face = [
  ...chain(range(0, 17), 'jaw', 'centre', { offset: FACE }),
  ...chain(range(17, 22), 'brow', 'right', { offset: FACE }),
  ...chain(range(22, 27), 'brow', 'left', { offset: FACE }),
  ...chain(range(27, 31), 'nose', 'centre', { offset: FACE }),
  ...chain(range(31, 36), 'nose', 'centre', { offset: FACE }),
  ...chain(range(36, 42), 'eye', 'right', { offset: FACE, closed: true }),
  ...chain(range(42, 48), 'eye', 'left', { offset: FACE, closed: true }),
  ...chain(range(48, 60), 'lips', 'centre', { offset: FACE, closed: true }),
  ...chain(range(60, 68), 'lips', 'centre', { offset: FACE, closed: true }),
];

/** @param {number} offset @param {Side} side */
function hand(offset, side) {
  return ['thumb', 'index', 'middle', 'ring', 'little'].flatMap((part, n) => {
    const base = 1 + 4 * n;
    return chain([0, base, base + 1, base + 2, base + 3], part, side, { offset });
  });
}

/** @type {Record<JointSet, Edge[]>} */
export const EDGES = { body, face, hands: [...hand(LEFT_HAND, 'left'), ...hand(RIGHT_HAND, 'right')] };
