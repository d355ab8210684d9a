/** The motion traces of the player's video, read from the server as poses come in. */

import { Traces } from './traces.js';

/** @param {import('../core/player.js').Player} player @returns {Traces} */
export function makeTraces(player) {
  const traces = new Traces({
    load: async (revision) =>
      JSON.parse(new TextDecoder().decode(await player.api.getBuffer(`${player.videoPath}/traces?v=${revision}`))),
    onChange: () => player.timeline && player.refresh(),
  });
  traces.update(player.poseInfo);
  return traces;
}
