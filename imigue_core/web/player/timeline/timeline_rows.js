/**
 * The rows of the timeline: where each lies, scrolling among them, and their two layers: labels and suggestions,
 * and over them what moves with the play head or the pointer (timeline_pointer.js).
 */

import { h } from '../core/dom.js';
import { computed, untracked } from '../core/watch.js';
import { Layer } from './layer.js';
import { drawRows } from './rows_drawing.js';
import { drawRowsOver } from './rows_over_drawing.js';
import { RULER_PX } from './timeline_ground.js';
import { TimelineGutter } from './timeline_gutter.js';
import { TimelinePointer } from './timeline_pointer.js';
import { laneTop, layTracks, pinOwnTrack } from './tracks.js';

/** The canvases grow by this much: making them anew for every lane would take longer than drawing. */
const STEP_PX = 160;

/** @typedef {import('./geometry.js').Spanlike} Spanlike */

export class TimelineRows {
  /**
   * @param {{model: import('./scene.js').TimelineModel, lens: import('./lens.js').Lens,
   *          on: import('./scene.js').TimelineHands}} options
   */
  constructor({ model, lens, on }) {
    this.model = model;
    this.lens = lens;
    this.ground = new Layer({ class: 'tracks', role: 'img', 'aria-label': 'Labels over time' });
    this.over = new Layer({ class: 'over', 'aria-hidden': 'true' });
    this.canvas = this.ground.canvas;
    this.gutter = new TimelineGutter({ act: on.act });
    this.layers = h('div', { class: 'layers rows' }, this.ground.canvas, this.over.canvas);
    this.node = h('div', { class: 'tracks-scroll' }, ...this.gutter.nodes, this.layers);
    this.laid = computed(() => {
      const { labels, ids, info, findings, choices } = model;
      const found = info.isLabelsOnly ? null : findings;
      return layTracks(labels.annotations.values(), ids.annotatorId, found, choices.folded, lens.rowsHeight);
    });
    this.pinned = computed(() => pinOwnTrack(this.laid.value, lens.scrolled, lens.rowsHeight));
    this.canvasHeight = computed(
      () => STEP_PX * Math.ceil(Math.max(this.laid.value.height, lens.rowsHeight) / STEP_PX),
    );
    this.pointer = new TimelinePointer({ model, lens, on, canvas: this.canvas, layout: () => this.layout });
    /** What was in hand when it was last looked whether that is in sight. */
    this.revealed = { labelId: /** @type {string|null} */ (null), nOpen: 0 };
    this.node.addEventListener('scroll', () => (lens.scrolled = this.node.scrollTop / lens.scale), {
      passive: true,
    });
  }

  /** Where the rows lie on the canvas. */
  get layout() {
    return this.pinned.value.layout;
  }

  draw() {
    const { model, lens } = this;
    // Read before anything that is derived from it, so that a label that changes is not laid out until it is drawn.
    const { size } = model.labels.annotations;
    if (!lens.width) return;
    this.layers.style.height = `${Math.max(this.laid.value.height, lens.rowsHeight) * lens.scale}px`;
    this.#revealNew();
    const { layout, covered } = this.pinned.value;
    this.gutter.draw({ layout, scale: lens.scale, choices: model.choices });
    this.gutter.cover((lens.scrolled + covered) * lens.scale);
    const scene = this.#scene();
    this.ground.draw(scene, lens, (ctx) => drawRows(ctx, scene));
    const text = `Labels over time: ${size}; suggestions: ${model.findings.above.length}`;
    if (this.canvas.getAttribute('aria-label') !== text) this.canvas.setAttribute('aria-label', text);
  }

  drawOver() {
    const { lens, pointer } = this;
    if (!lens.width) return;
    const scene = { ...this.#scene(), preview: pointer.preview };
    this.over.draw(scene, lens, (ctx) => drawRowsOver(ctx, scene));
  }

  /**
   * @param {import('./tracks.js').Track['kind']} kind
   * @param {Spanlike} [bar] one of that row's
   */
  revealTrack(kind, bar) {
    const { lens } = this;
    const { layout, covered } = this.pinned.value;
    const track = layout.tracks.find((one) => one.kind === kind && (!bar || positionOf(one, bar) >= 0));
    if (!track || (track.own && track.top > RULER_PX)) return;
    const hidden = track.own ? RULER_PX : covered;
    const isLane = bar && track.height > lens.rowsHeight - hidden;
    const [top, height] = isLane
      ? [laneTop(track, track.index.lanes[positionOf(track, bar)]), track.laneHeight]
      : [track.top, track.height];
    if (top + height > lens.scrolled + lens.rowsHeight) this.#scrollTo(top + height - lens.rowsHeight);
    else if (top - hidden < lens.scrolled) this.#scrollTo(top - hidden);
  }

  /** What was just selected, made or opened is in sight. */
  #revealNew() {
    const { picked, labels, spans } = this.model;
    const now = { labelId: picked.labelId, nOpen: spans.list.length };
    const was = this.revealed;
    if (now.labelId === was.labelId && now.nOpen === was.nOpen) return;
    this.revealed = now;
    untracked(() => {
      const label = now.labelId === null ? undefined : labels.annotations.get(now.labelId);
      if (label || now.nOpen > was.nOpen) this.revealTrack('labels', label);
    });
  }

  #scene() {
    const { model, pointer } = this;
    const { view, plot, rowsWidth: width, scrolled } = this.lens;
    const { moving } = pointer;
    return { model, view, plot, width, height: this.canvasHeight.value, layout: () => this.layout, scrolled, moving };
  }

  /**
   * Not read back, which would lay the page out: where the end is in the way, the element tells.
   * @param {number} top drawing pixels
   */
  #scrollTo(top) {
    const { lens } = this;
    const y = Math.floor(top * lens.scale);
    this.node.scrollTop = y;
    lens.scrolled = y / lens.scale;
  }
}

/** @param {import('./tracks.js').Track} track @param {Spanlike} bar @returns {number} its place in the index, or -1 */
const positionOf = (track, bar) => /** @type {Spanlike[]} */ (track.index.spans).indexOf(bar);
