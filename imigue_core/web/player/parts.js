/**
 * The parts of the player, made once its video is known and put together on the page.
 * What each part does is its own file; which of them lives for how long is player.js.
 */

import { ClassKeys } from './class_keys.js';
import { Codebook } from './codebook.js';
import { Coverage } from './coverage.js';
import { Desk } from './desk.js';
import { h } from './dom.js';
import { Findings } from './findings.js';
import { isSupportedBrowser } from './frames.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { nameClassKeys } from './key_match.js';
import { KeyTable } from './key_table.js';
import { Labels } from './labels.js';
import { LockedLoop } from './locked_loop.js';
import { Palette } from './palette.js';
import { Panel } from './panel.js';
import { Review } from './review.js';
import { Selection } from './selection.js';
import { makeTimelineHands, SpanHands } from './span_hands.js';
import { SpanEdits } from './span_edits.js';
import { Similar } from './similar.js';
import { Stage } from './stage.js';
import { Timeline } from './timeline.js';
import { TimelineChoices } from './timeline_choices.js';
import { makeTimelineModel } from './timeline_model.js';
import { makeTraces } from './traces_loading.js';
import { Transport } from './transport.js';
import { ViewSight } from './view_sight.js';
import { Watcher } from './watcher.js';

/** @param {import('./player.js').Player} player @param {any} state as GET /state answers */
export function buildParts(player, state) {
  player.labels = new Labels({
    videoId: player.data.video_id,
    annotatorId: player.annotatorId,
    annotator: player.data.annotator,
    send: (fields) => player.edits.append({ ...fields, provenance: player.provenance() }),
    transact: (run) => player.edits.group(run),
    newId: () => crypto.randomUUID(),
    onChange: (isVisible) => {
      player.lockedLoop?.sync();
      player.refresh({ timeline: isVisible });
    },
  });
  player.keys = new KeyTable(player.preferences, player.layout, () => {
    player.classKeys.reorder();
    player.refresh();
  });
  player.classKeyNames = nameClassKeys(player.layout);
  player.classKeys = new ClassKeys(player);
  player.sight = new ViewSight(player);
  player.watcher = new Watcher(player);
  player.coverage = new Coverage(player, state);
  player.findings = new Findings(player);
  player.review = new Review(player);
  player.selection = new Selection(player);
  player.desk = new Desk(player);
  player.hands = new SpanHands(player);
  player.spanEdits = new SpanEdits(player);
  player.lockedLoop = new LockedLoop(player);
  player.transport = new Transport({ player, onChange: () => player.refresh() });
  player.header = new Header(player);
  player.stage = new Stage(player);
  player.panel = new Panel(player);
  player.choices = new TimelineChoices(player.preferences);
  player.traces = makeTraces(player);
  player.timeline = new Timeline(makeTimelineModel(player), makeTimelineHands(player));
  player.palette = new Palette(player.stage.dialogs, player);
  player.codebook = new Codebook(player);
  player.panel.suggestion.node.after(player.codebook.node);
  player.help = new Help(player.root, player);
  player.similar = new Similar(player);
  player.root.replaceChildren(player.header.node, h('div', { class: 'upper' }, player.stage.node, player.panel.node), player.timeline.node);
  player.picture.attach(player.stage.canvas, player.stage.node);
  player.header.updateSaved();
  player.updateShow();
  if (!isSupportedBrowser()) player.header.warn('Use Chrome or Edge: this browser is not tested for exact frames.');
}
