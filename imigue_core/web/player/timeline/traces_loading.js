/** The motion traces of the player's video, read from the server as poses come in. */

import { Traces } from './traces.js';

/**
 * @param {{api: import('../core/api.js').Api, videoPath: string}} where
 * @param {import('./traces.js').Grown} poses how far they are now
 * @returns {Traces}
 */
export function makeTraces({ api, videoPath }, poses) {
  const traces = new Traces({
    load: async (revision) =>
      JSON.parse(new TextDecoder().decode(await api.getBuffer(`${videoPath}/traces?v=${revision}`))),
  });
  traces.update(poses);
  return traces;
}
