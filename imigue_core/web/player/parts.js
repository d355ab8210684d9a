/**
 * The parts of the player, made once its video is known and put together on the page.
 * What each part does is its own file; which of them lives for how long is player.js.
 */

import { Coverage } from './coverage.js';
import { Desk } from './desk.js';
import { h } from './dom.js';
import { Findings } from './findings.js';
import { isSupportedBrowser } from './frames.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { Labels } from './labels.js';
import { listKeyClasses, Palette } from './palette.js';
import { Panel } from './panel.js';
import { Review } from './review.js';
import { Stage } from './stage.js';
import { Timeline } from './timeline.js';
import { makeTimelineModel } from './timeline_model.js';
import { Transport } from './transport.js';
import { Watcher } from './watcher.js';

/** @param {import('./player.js').Player} player @param {any} state as GET /state answers */
export function buildParts(player, state) {
  player.labels = new Labels({
    videoId: player.data.video_id,
    annotatorId: player.annotatorId,
    annotator: player.data.annotator,
    send: (fields) => player.edits.append({ ...fields, provenance: player.provenance() }),
    newId: () => crypto.randomUUID(),
    onChange: (isVisible) => player.refresh({ timeline: isVisible }),
  });
  player.watcher = new Watcher(player);
  player.coverage = new Coverage(player, state);
  player.findings = new Findings(player);
  player.review = new Review(player);
  player.desk = new Desk(player);
  player.transport = new Transport({ player, onChange: () => player.refresh() });
  player.header = new Header(player);
  player.stage = new Stage(player);
  player.panel = new Panel(player);
  player.timeline = new Timeline(makeTimelineModel(player), {
    seek: (frame) => void player.transport.jump(frame),
    select: (id) => (id !== null || player.desk.selectedId !== null) && player.desk.choose(id),
    suggestion: (id, isGhost) => (isGhost ? player.review.selectGhost(id) : player.review.select(id)),
    move: (id, start, end) => {
      const label = player.annotations.get(id);
      if (label) player.desk.change(label, 'move', { start_frame: start, end_frame: end });
    },
  });
  const capOf = new Map(listKeyClasses(player.classes).map((one, i) => [one.class_id, player.classKeyNames[i]]));
  player.palette = new Palette(player.stage.dialogs, player.classes, (classId) => capOf.get(classId) ?? '', () => player.focus());
  player.help = new Help(player.root, () => player.focus());
  player.root.replaceChildren(player.header.node, h('div', { class: 'upper' }, player.stage.node, player.panel.node), player.timeline.node);
  player.picture.attach(player.stage.canvas, player.stage.node);
  player.header.updateSaved();
  player.updateShow();
  if (!isSupportedBrowser()) player.header.warn('Use Chrome or Edge: this browser is not tested for exact frames.');
}
