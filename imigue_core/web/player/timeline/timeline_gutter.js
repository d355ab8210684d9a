/**
 * The left side of the timeline that can be pressed: following, traces and folding over the
 * ruler, and the name of every other annotator's track, which folds it. It only asks, through `act`.
 */

import { fill, findFocused, h } from '../core/dom.js';
import { RULER_PX } from './timeline_ground.js';

const TOOLS = [
  { action: 'toggleFollow', text: 'follow', keys: 'Shift+F', title: 'The timeline follows the play head (Shift F)' },
  { action: 'toggleTraces', text: 'traces', keys: 'T', title: 'Motion traces (T)' },
  { action: 'toggleFoldAll', text: '', keys: 'Shift+T', title: 'Fold or unfold the tracks of others (Shift T)' },
];

export class TimelineGutter {
  /** @param {(action: string, value?: any) => void} act */
  constructor(act) {
    this.act = act;
    this.tools = TOOLS.map(({ action, text, keys, title }) =>
      h('button', {
        type: 'button',
        class: 'timeline-tool',
        title,
        'aria-label': text ? null : title,
        'aria-keyshortcuts': keys,
        text,
        on: { click: () => act(action) },
      }),
    );
    this.bar = h('div', { role: 'toolbar', 'aria-label': 'Timeline' }, ...this.tools);
    this.names = h('div', { class: 'track-names' });
    /** Before the canvas in the element that scrolls; the tools stay, the names go with their tracks. */
    this.nodes = [h('div', { class: 'timeline-tools' }, this.bar), this.names];
    this.key = '';
  }

  /**
   * @param {import('./tracks.js').Layout} layout @param {number} scale CSS pixels a drawing pixel
   * @param {import('./timeline_choices.js').TimelineChoices} choices
   */
  update(layout, scale, choices) {
    const others = layout.tracks.filter((track) => track.kind === 'labels' && !track.own);
    const key = JSON.stringify([
      scale,
      choices.follow,
      choices.traces,
      others.map(({ annotatorId, name, top, height, folded }) => [annotatorId, name, top, height, folded]),
    ]);
    if (key === this.key) return;
    this.key = key;
    const [follow, traces, fold] = this.tools;
    follow.setAttribute('aria-pressed', String(choices.follow));
    traces.setAttribute('aria-pressed', String(choices.traces));
    fold.hidden = !others.length;
    const areFolded = others.every((track) => track.folded);
    fold.textContent = areFolded ? '▸' : '▾';
    fold.setAttribute('aria-expanded', String(!areFolded));
    this.bar.style.height = `${RULER_PX * scale}px`;
    const focused = findFocused(this.names)?.dataset?.annotator;
    fill(this.names, ...others.map((track) => this.#nameOf(track, scale)));
    if (focused) /** @type {HTMLElement|null} */ (this.names.querySelector(`[data-annotator="${focused}"]`))?.focus();
  }

  /** Names under the ruler and the own row are not in sight. @param {number} top CSS pixels */
  cover(top) {
    this.names.style.clipPath = `inset(${top}px -99em -9999px 0)`;
  }

  #nameOf({ annotatorId, name, top, height, folded }, scale) {
    const node = h(
      'button',
      {
        type: 'button',
        class: 'track-name',
        title: `${name}: ${folded ? 'unfold' : 'fold'} (Shift T: all)`,
        'aria-expanded': String(!folded),
        'aria-label': `Labels of ${name}`,
        'data-annotator': annotatorId,
        on: { click: () => this.act('toggleFold', annotatorId) },
      },
      h('span', { class: 'chevron', 'aria-hidden': 'true', text: folded ? '▸' : '▾' }),
      h('span', { text: name }),
    );
    node.style.top = `${top * scale}px`;
    node.style.height = `${Math.min(height, 30) * scale}px`;
    return node;
  }
}
