/** What runs again by itself when something it read has changed: the closed list of what is drawn, and what follows. */

import { effect, untracked } from './watch.js';

/**
 * Drawn in this order, each for itself.
 * @param {{painter: import('./painter.js').Painter, stage: import('../picture/stage.js').Stage,
 *          header: import('../panel/header.js').Header, panel: import('../panel/panel.js').Panel,
 *          codebook: import('../panel/codebook.js').Codebook, similar: import('../similar/similar.js').Similar,
 *          timeline: import('../timeline/timeline.js').Timeline}} parts
 */
export function addJobs({ painter, stage, header, panel, codebook, similar, timeline }) {
  painter.add(() => stage.drawMessage());
  painter.add(() => stage.drawFrameChip());
  painter.add(() => stage.drawChips());
  painter.add(() => stage.drawToggles());
  painter.add(() => stage.drawNotice());
  painter.add(() => stage.transportLine.draw());
  painter.add(() => header.draw());
  for (const card of panel.cards) painter.add(() => card.draw());
  painter.add(() => codebook.draw());
  painter.add(() => similar.draw());
  for (const draw of timeline.drawings) painter.add(draw);
}

/**
 * Follows from a change at once, before the next screen refresh: what draws nothing, and whether work is safe, which is
 * also to be read where no screen is refreshed.
 * @param {{header: import('../panel/header.js').Header, findings: import('../review/findings.js').Findings,
 *          lockedLoop: import('../picture/locked_loop.js').LockedLoop,
 *          picture: import('../picture/picture.js').Picture, watcher: import('./watcher.js').Watcher}} parts
 * @returns {() => void} ends it
 */
export function follow({ header, findings, lockedLoop, picture, watcher }) {
  const ends = [
    effect(() => header.drawSaved()),
    effect(() => findings.jobsChanged()),
    effect(() => lockedLoop.sync()),
    effect(() => {
      void picture.show;
      untracked(() => watcher.schedule());
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
