/** The parts that are seen around the timeline: the stage, the cards of the panel, and what opens over them. */

import { Help } from '../keys/help.js';
import { ClassKeysCard } from '../panel/class_keys_card.js';
import { Codebook } from '../panel/codebook.js';
import { CodebookCard } from '../panel/codebook_card.js';
import { CodebookPages } from '../panel/codebook_pages.js';
import { CoverageCard } from '../panel/coverage_card.js';
import { EmotionCard } from '../panel/emotion_card.js';
import { Header } from '../panel/header.js';
import { LabelCard } from '../panel/label_card.js';
import { Palette } from '../panel/palette.js';
import { Panel } from '../panel/panel.js';
import { RatingCard } from '../panel/rating_card.js';
import { RefusalCards } from '../panel/refusals.js';
import { SelectionCard } from '../panel/selection_card.js';
import { SkeletonCard } from '../panel/skeleton_card.js';
import { Stage } from '../picture/stage.js';
import { SuggestionCard } from '../review/suggestion_card.js';
import { Similar } from '../similar/similar.js';
import { SimilarLabels } from '../similar/similar_labels.js';
import { h } from './dom.js';

/** @typedef {import('./parts.js').WithTimeline} WithTimeline */

/** @param {WithTimeline} made */
export function buildPanelParts(made) {
  const { root, info, clock, picture, edits, keys, classKeys, act, focus } = made;
  const stage = buildStage(made);
  const { palette, codebook } = buildCodebook({ ...made, stage });
  const header = new Header({ info, clock, picture, edits, act });
  const panel = buildPanel({ ...made, codebook });
  const help = new Help({ host: root, keys, classKeys, focus });
  const upper = h('div', { class: 'upper' }, stage.node, panel.node);
  return { stage, palette, codebook, header, panel, help, upper, similar: buildSimilar(made, upper) };
}

/** @param {WithTimeline} made */
function buildStage({ picture, transport, lockedLoop, clock, picked, info, messages, classKeys, act, focus }) {
  const describeNext = () => classKeys.describe();
  return new Stage({ picture, transport, lockedLoop, clock, picked, info, messages, describeNext, act, focus });
}

/** The list of classes, and the codebook beside it and in the panel. @param {WithTimeline & {stage: Stage}} made */
function buildCodebook(made) {
  const { api, ids, labels, picked, preferences, classes, classKeys, sight, transport, reveal, act, focus } = made;
  const palette = new Palette({ host: made.stage.dialogs, classes, classKeys, preferences, sight, act, focus });
  const pages = new CodebookPages({ api, labels });
  /** @param {import('./server.js').Clip} clip */
  const goTo = (clip) => {
    palette.close();
    reveal(clip);
    void transport.jump(clip.start_frame);
    focus();
  };
  /** @param {() => void} onLeave */
  const makeCard = (onLeave) => new CodebookCard({ api, ids, pages, classes, sight, goTo, onLeave });
  const codebook = new Codebook({ picked, preferences, palette, act, focus, makeCard });
  palette.aside = (one, node) => codebook.follow(one, node);
  return { palette, codebook };
}

/** @param {WithTimeline & {codebook: Codebook}} made */
function buildPanel(made) {
  const { api, ids, info, clock, classes, picture, transport, edits, messages, reveal, act, focus } = made;
  const { labels, picked, desk, hands, classKeys, keys, classKeyNames, sight, findings, review, coverage } = made;
  /** @param {import('./server.js').CountedSpan} span */
  const goTo = (span) => {
    transport.stop();
    void picture.seek(span.start_frame);
    reveal(span);
  };
  /** @param {number|null} confidence */
  const setCertainty = (confidence) => hands.setCertainty(confidence);
  const selection = new SelectionCard({ labels, picked, classes, setCertainty, act, focus });
  return new Panel({
    refusals: new RefusalCards({ edits, labels, picked, classes, say: messages.say }),
    suggestion: new SuggestionCard({ review, findings, picked, classes, clock, info, sight, act, focus }),
    codebook: made.codebook,
    classKeys: new ClassKeysCard({ classKeys, keys, classKeyNames, sight, picked, act }),
    selection,
    label: new LabelCard({
      ...{ labels, picked, classes, clock, act, focus },
      annotate: (id, fields) => desk.annotate(id, fields),
      above: selection.node,
    }),
    rating: new RatingCard({ labels, focus }),
    score: new EmotionCard({ api, ids, labels, findings, info, classes, clock, goTo, focus }),
    coverage: new CoverageCard({ coverage, info, act }),
    skeleton: new SkeletonCard({ info, picture, act }),
  });
}

/** @param {WithTimeline} made @param {HTMLElement} host of the drawer */
function buildSimilar(made, host) {
  const { api, ids, clock, classes, picked, info, keys, classKeys, activity, act, focus, reveal } = made;
  const { edits, messages, transport, labels, provenance } = made;
  return new Similar({
    ...{ api, ids, clock, classes, picked, info, classKeys, keys, activity, host, act, focus, reveal },
    say: messages.say,
    jump: (frame) => void transport.jump(frame),
    stop: () => transport.stop(),
    makeLabels: (onChange) => new SimilarLabels({ videoId: ids.videoId, labels, edits, provenance, onChange }),
  });
}
