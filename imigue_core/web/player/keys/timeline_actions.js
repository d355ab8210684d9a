/** What the keys and buttons of the timeline do: following, traces and their peaks, folding, fitting. */

/** @typedef {import('../core/player.js').Player} Player */

/** @type {Record<string, (player: Player, value?: any) => void>} */
export const TIMELINE_ACTIONS = {
  zoom: (player, factor) => player.timeline.zoom(factor),
  zoomAll: (player) => player.timeline.zoomAll(),
  zoomSelection: (player) => {
    const span = selectedSpan(player);
    if (span) player.timeline.zoomTo(span);
    else player.say('Nothing is selected: Tab walks through your labels, N through suggestions.');
  },
  toggleFollow: (player) => {
    const follows = player.choices.toggleFollow();
    if (follows) player.timeline.followFrame();
    changed(player, follows ? 'The timeline follows the play head.' : 'The timeline stays where it is.');
  },
  toggleTraces: (player) =>
    changed(player, player.choices.toggleTraces() ? 'Motion traces show.' : 'Motion traces are hidden.'),
  toggleFold: (player, annotatorId) => {
    player.choices.toggleFold(annotatorId);
    player.refresh();
  },
  toggleFoldAll: (player) => {
    const others = new Set(
      player.labels.list((label) => !player.labels.isOwn(label)).map((label) => label.annotator_id),
    );
    if (!others.size) player.say('Nobody else has labels in this video.');
    else
      changed(
        player,
        player.choices.toggleFoldAll([...others]) ? 'Tracks of others are folded.' : 'Tracks of others are unfolded.',
      );
  },
  goToPeak: (player, peak) => goToPeak(player, peak),
  nextPeak: (player, direction) => {
    const peak = player.traces.nextPeak(player.position, direction);
    if (peak) goToPeak(player, peak);
    else
      player.say(
        player.traces.rows.length
          ? `There is no ${direction > 0 ? 'later' : 'earlier'} peak of motion.`
          : 'There are no motion traces yet.',
      );
  },
};

/** @param {Player} player @param {import('../timeline/traces.js').Peak} peak */
function goToPeak(player, peak) {
  player.transport.stop();
  void player.seek(peak.frame);
  player.timeline.reveal({ start_frame: peak.frame, end_frame: peak.frame });
  player.say(`Peak: ${peak.text}.`);
}

function changed(player, text) {
  player.refresh();
  player.say(text);
}

/**
 * From the first to the last frame of what is selected: labels, else a suggestion.
 * @returns {import('../timeline/geometry.js').Spanlike|null}
 */
function selectedSpan({ desk, labels, review }) {
  const chosen = [...(desk.chosen ?? [])].map((id) => labels.annotations.get(id)).filter(Boolean);
  const one = review.selected ?? desk.current;
  const spans = chosen.length ? chosen : one ? [one] : [];
  if (!spans.length) return null;
  return {
    start_frame: Math.min(...spans.map((span) => span.start_frame)),
    end_frame: Math.max(...spans.map((span) => span.end_frame)),
  };
}
