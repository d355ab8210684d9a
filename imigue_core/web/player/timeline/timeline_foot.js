/**
 * The foot of the timeline, always in sight under the rows that scroll: what was reviewed, then the
 * motion traces, or how far the skeleton is where they are hidden. Its pointer: a click near a peak goes
 * there, anywhere else it scrubs.
 */

import { h } from '../core/dom.js';
import { computed } from '../core/watch.js';
import { COVERAGE_PX, drawCoverage } from './coverage_drawing.js';
import { Layer } from './layer.js';
import {
  clipToFrames,
  drawCurrentFrame,
  drawMarks,
  drawReady,
  drawShotCuts,
  drawTicks,
  INK,
  LEFT_PX,
  READY_PX,
} from './timeline_ground.js';
import { drawTraceNames, drawTraces, layBands, peakAt } from './traces_drawing.js';

/** From this height of the timeline on, drawing pixels, every motion trace has a band of its own. */
const ROOMY_PX = 290;

/**
 * @typedef {Object} FootLayout drawing pixels from the top of the foot
 * @property {number|null} readyTop null where traces show how far the skeleton is
 * @property {import('./traces_drawing.js').TraceBand[]} bands @property {number} height
 *
 * @param {boolean} hasTraces @param {boolean} isRoomy a band for every trace @returns {FootLayout}
 */
export function layFoot(hasTraces, isRoomy) {
  const bands = hasTraces ? layBands(COVERAGE_PX, isRoomy) : [];
  const last = bands.at(-1);
  return {
    readyTop: hasTraces ? null : COVERAGE_PX,
    bands,
    height: last ? last.top + last.height + 2 : COVERAGE_PX + READY_PX,
  };
}

/** @typedef {import('./scene.js').Scene} Scene */

export class TimelineFoot {
  /**
   * @param {{model: import('./scene.js').TimelineModel, lens: import('./lens.js').Lens,
   *          on: Pick<import('./scene.js').TimelineHands, 'seek'|'act'>}} options
   */
  constructor({ model, lens, on }) {
    this.model = model;
    this.lens = lens;
    this.on = on;
    this.isScrubbing = false;
    this.ground = new Layer({ class: 'foot', role: 'img' });
    this.over = new Layer({ class: 'over', 'aria-hidden': 'true' });
    this.canvas = this.ground.canvas;
    this.node = h('div', { class: 'layers timeline-foot' }, this.ground.canvas, this.over.canvas);
    this.laid = computed(() => layFoot(model.choices.traces && !model.info.isLabelsOnly, lens.height > ROOMY_PX));
    this.canvas.addEventListener('pointerdown', (event) => this.#press(event));
    this.canvas.addEventListener('pointermove', (event) =>
      this.isScrubbing ? this.#scrub(event) : this.#hover(event),
    );
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel']))
      this.canvas.addEventListener(end, () => {
        this.isScrubbing = false;
      });
  }

  get layout() {
    return this.laid.value;
  }

  draw() {
    const { lens, layout } = this;
    if (!lens.width) return;
    const scene = this.#scene();
    this.canvas.setAttribute(
      'aria-label',
      layout.bands.length ? 'Reviewed frames and motion traces' : 'Reviewed frames and skeleton',
    );
    this.ground.draw(scene, lens, (ctx) => drawFoot(ctx, scene, layout));
  }

  drawOver() {
    const { lens } = this;
    if (!lens.width) return;
    const scene = { ...this.#scene(), top: 0 };
    this.over.draw(scene, lens, (ctx) => {
      clipToFrames(ctx, scene);
      drawMarks(ctx, scene);
      drawCurrentFrame(ctx, scene);
    });
  }

  /** @returns {Scene} */
  #scene() {
    const { view, plot, width } = this.lens;
    return { model: this.model, view, plot, width, height: this.layout.height };
  }

  /** @param {PointerEvent} event */
  #peakAt(event) {
    const { lens, model } = this;
    return peakAt(this.layout.bands, model.traces, lens.view, lens.plot, lens.place(event));
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const peak = this.#peakAt(event);
    this.canvas.style.cursor = peak ? 'pointer' : 'default';
    this.canvas.title = peak?.text ?? '';
  }

  /** @param {PointerEvent} event */
  #press(event) {
    if (event.button !== 0 || this.lens.place(event).x < 0) return;
    const peak = this.#peakAt(event);
    if (peak) return this.on.act('goToPeak', peak);
    this.canvas.setPointerCapture(event.pointerId);
    this.isScrubbing = true;
    this.#scrub(event);
  }

  /** @param {PointerEvent} event */
  #scrub(event) {
    this.on.seek(this.lens.frameAt(this.lens.place(event).x));
  }
}

/**
 * What stands still while it plays.
 * @param {CanvasRenderingContext2D} ctx @param {Scene} scene @param {FootLayout} layout
 */
function drawFoot(ctx, scene, { bands, readyTop }) {
  ctx.fillStyle = INK.panel;
  ctx.fillRect(0, 0, scene.width, scene.height);
  drawCoverage(ctx, scene, 0, LEFT_PX);
  if (readyTop !== null) drawReady(ctx, scene, readyTop);
  drawTraceNames(ctx, bands, scene.width);
  clipToFrames(ctx, scene);
  const part = { ...scene, top: bands.length ? COVERAGE_PX : scene.height };
  drawTicks(ctx, part);
  drawShotCuts(ctx, part);
  drawTraces(ctx, scene, bands);
}
