/**
 * The left side of the timeline that can be pressed: following, traces and folding over the
 * ruler, and the name of every other annotator's track, which folds it. It only asks, through `act`.
 */

import { fill, h } from '../core/dom.js';
import { RULER_PX } from './timeline_ground.js';

const TOOLS = {
  toggleFollow: { text: 'follow', keys: 'Shift+F', title: 'The timeline follows the play head (Shift F)' },
  toggleTraces: { text: 'traces', keys: 'T', title: 'Motion traces (T)' },
  toggleFoldAll: { text: '', keys: 'Shift+T', title: 'Fold or unfold the tracks of others (Shift T)' },
};
const MOST_NAME_PX = 30;

/** @typedef {{node: HTMLElement, chevron: HTMLElement, name: HTMLElement}} TrackName */

export class TimelineGutter {
  /** @param {{act: (action: string, value?: number) => void}} options */
  constructor({ act }) {
    this.act = act;
    this.follow = this.#makeTool('toggleFollow');
    this.traces = this.#makeTool('toggleTraces');
    this.fold = this.#makeTool('toggleFoldAll');
    this.bar = h('div', { role: 'toolbar', 'aria-label': 'Timeline' }, this.follow, this.traces, this.fold);
    this.names = h('div', { class: 'track-names' });
    /** Before the canvas in the element that scrolls; the tools stay, the names go with their tracks. */
    this.nodes = [h('div', { class: 'timeline-tools' }, this.bar), this.names];
    /** @type {Map<number, TrackName>} by annotator, in the order of the tracks */
    this.shown = new Map();
  }

  /**
   * @param {{layout: import('./tracks.js').Layout, scale: number,
   *          choices: import('./timeline_choices.js').TimelineChoices}} options `scale`: CSS pixels a drawing pixel
   */
  draw({ layout, scale, choices }) {
    const others = layout.tracks.filter((track) => track.kind === 'labels' && !track.own);
    const areFolded = others.every((track) => track.folded);
    setAttribute(this.follow, 'aria-pressed', String(choices.follow));
    setAttribute(this.traces, 'aria-pressed', String(choices.traces));
    setAttribute(this.fold, 'aria-expanded', String(!areFolded));
    setText(this.fold, areFolded ? '▸' : '▾');
    this.fold.hidden = !others.length;
    this.bar.style.height = `${RULER_PX * scale}px`;
    this.#arrange(others.map((track) => track.annotatorId ?? 0));
    for (const track of others) this.#drawName(track, scale);
  }

  /** Names under the ruler and the own row are not in sight. @param {number} top CSS pixels */
  cover(top) {
    this.names.style.clipPath = `inset(${top}px -99em -9999px 0)`;
  }

  /** Buttons stay who they are, so that the one with the focus keeps it. @param {number[]} annotatorIds */
  #arrange(annotatorIds) {
    const known = [...this.shown.keys()];
    if (known.length === annotatorIds.length && known.every((id, i) => id === annotatorIds[i])) return;
    this.shown = new Map(annotatorIds.map((id) => [id, this.shown.get(id) ?? this.#makeName(id)]));
    fill(this.names, ...[...this.shown.values()].map(({ node }) => node));
  }

  /** @param {import('./tracks.js').Track} track @param {number} scale */
  #drawName({ annotatorId, name, top, height, folded }, scale) {
    const shown = this.shown.get(annotatorId ?? 0);
    if (!shown) return;
    setAttribute(shown.node, 'title', `${name}: ${folded ? 'unfold' : 'fold'} (Shift T: all)`);
    setAttribute(shown.node, 'aria-expanded', String(!folded));
    setAttribute(shown.node, 'aria-label', `Labels of ${name}`);
    setText(shown.chevron, folded ? '▸' : '▾');
    setText(shown.name, name);
    shown.node.style.top = `${top * scale}px`;
    shown.node.style.height = `${Math.min(height, MOST_NAME_PX) * scale}px`;
  }

  /** @param {number} annotatorId @returns {TrackName} */
  #makeName(annotatorId) {
    const chevron = h('span', { class: 'chevron', 'aria-hidden': 'true' });
    const name = h('span');
    const click = () => this.act('toggleFold', annotatorId);
    const node = h('button', { type: 'button', class: 'track-name', on: { click } }, chevron, name);
    return { node, chevron, name };
  }

  /** @param {keyof typeof TOOLS} action */
  #makeTool(action) {
    const { text, keys, title } = TOOLS[action];
    return h('button', {
      type: 'button',
      class: 'timeline-tool',
      title,
      'aria-label': text ? null : title,
      'aria-keyshortcuts': keys,
      text,
      on: { click: () => this.act(action) },
    });
  }
}

/** @param {Element} node @param {string} name @param {string} value */
function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

/** @param {Element} node @param {string} text */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
