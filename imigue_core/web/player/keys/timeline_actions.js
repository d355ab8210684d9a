/** What the keys and buttons of the timeline do: following, traces and their peaks, folding, fitting. */

/**
 * @typedef {import('../timeline/geometry.js').Spanlike} Spanlike
 * @typedef {{timeline: import('../timeline/timeline.js').Timeline, traces: import('../timeline/traces.js').Traces,
 *            choices: import('../timeline/timeline_choices.js').TimelineChoices,
 *            labels: import('../labels/labels.js').Labels, picked: import('../labels/picked.js').Picked,
 *            clock: import('../core/video_clock.js').VideoClock, picture: import('../picture/picture.js').Picture,
 *            transport: import('../picture/transport.js').Transport, say: (text: string) => void}} TimelineParts
 */

/** @param {TimelineParts} parts @returns {import('./actions.js').Actions} */
export function makeTimelineActions({ timeline, traces, choices, labels, picked, clock, picture, transport, say }) {
  /** @param {import('../timeline/traces.js').Peak} peak */
  const goToPeak = (peak) => {
    transport.stop();
    void picture.seek(peak.frame);
    timeline.reveal({ start_frame: peak.frame, end_frame: peak.frame });
    say(`Peak: ${peak.text}.`);
  };
  return {
    zoom: (factor) => timeline.zoom(factor),
    zoomAll: () => timeline.zoomAll(),
    zoomSelection: () => {
      const span = selectedSpan(picked);
      if (span) timeline.zoomTo(span);
      else say('Nothing is selected: Tab walks through your labels, N through suggestions.');
    },
    toggleFollow: () => {
      const follows = choices.toggleFollow();
      if (follows) timeline.followFrame();
      say(follows ? 'The timeline follows the play head.' : 'The timeline stays where it is.');
    },
    toggleTraces: () => say(choices.toggleTraces() ? 'Motion traces show.' : 'Motion traces are hidden.'),
    toggleFold: (annotatorId) => choices.toggleFold(annotatorId),
    toggleFoldAll: () => {
      const others = new Set(labels.list((label) => !labels.isOwn(label)).map((label) => label.annotator_id));
      if (!others.size) say('Nobody else has labels in this video.');
      else if (choices.toggleFoldAll([...others])) say('Tracks of others are folded.');
      else say('Tracks of others are unfolded.');
    },
    goToPeak,
    nextPeak: (direction) => {
      const peak = traces.nextPeak(clock.position, direction);
      if (peak) goToPeak(peak);
      else if (!traces.rows.length) say('There are no motion traces yet.');
      else say(`There is no ${direction > 0 ? 'later' : 'earlier'} peak of motion.`);
    },
  };
}

/**
 * From the first to the last frame of what is selected: labels, else a suggestion, else the current label.
 * @param {import('../labels/picked.js').Picked} picked
 * @returns {Spanlike|null}
 */
function selectedSpan({ labels, suggestion, label }) {
  const one = suggestion ?? label;
  const spans = labels.length ? labels : one ? [one] : [];
  if (!spans.length) return null;
  return {
    start_frame: Math.min(...spans.map((span) => span.start_frame)),
    end_frame: Math.max(...spans.map((span) => span.end_frame)),
  };
}
