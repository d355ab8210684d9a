/** Arithmetic on stretches of frames. Pure. `[first, last]`, ends inside; `reviewed` marks the third kind of entry. */

/** @typedef {[number, number, boolean]} Stretch first frame, last frame, reviewed */

/** The longest gap between shown frames that still counts as watching: pictures are dropped at high speed. */
export const LONGEST_GAP = 8;

/**
 * Adds a frame to the runs that were watched.
 * @param {[number, number][]} runs the last one is the one that grows @param {number} frame
 */
export function growRuns(runs, frame) {
  const last = runs.at(-1);
  if (last && frame >= last[0] && frame <= last[1]) return;
  if (last && frame > last[1] && frame - last[1] <= LONGEST_GAP) last[1] = frame;
  else runs.push([frame, frame]);
}

/**
 * The stretch that holds a frame, its neighbours of either kind joined.
 * @param {Stretch[]} stretches sorted
 * @param {number} frame
 * @returns {[number, number]|null}
 */
export function findSeen(stretches, frame) {
  /** @type {[number, number]|null} */
  let found = null;
  for (const [start, end] of stretches) {
    if (found && start === found[1] + 1) found[1] = end;
    else if (found && found[0] <= frame && frame <= found[1]) return found;
    else found = [start, end];
  }
  return found && found[0] <= frame && frame <= found[1] ? found : null;
}

/** Shares of the video, 0..1. @param {Stretch[]} stretches @param {number} nFrames */
export function measureCoverage(stretches, nFrames) {
  let [seen, reviewed] = [0, 0];
  for (const [start, end, isReviewed] of stretches) {
    seen += end - start + 1;
    if (isReviewed) reviewed += end - start + 1;
  }
  return { seen: nFrames ? seen / nFrames : 0, reviewed: nFrames ? reviewed / nFrames : 0 };
}
