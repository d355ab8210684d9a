/**
 * The foot of the timeline, always in sight under the rows that scroll: what was reviewed, then the
 * motion traces, or how far the skeleton is where they are hidden. Its pointer: a click near a peak goes
 * there, anywhere else it scrubs.
 */

import { h } from '../core/dom.js';
import { COVERAGE_PX, drawCoverage } from './coverage_drawing.js';
import { xToFrame } from './geometry.js';
import { KeptDrawing } from './kept_drawing.js';
import {
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

export class TimelineFoot {
  /** @param {import('./timeline.js').Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    this.layout = layFoot(false, false);
    this.isScrubbing = false;
    this.kept = new KeptDrawing();
    this.key = '';
    this.canvas = /** @type {HTMLCanvasElement} */ (
      h('canvas', { class: 'timeline-foot', role: 'img', 'aria-label': 'Reviewed frames' })
    );
    this.canvas.addEventListener('pointerdown', (event) => this.#press(event));
    this.canvas.addEventListener('pointermove', (event) =>
      this.isScrubbing ? this.#scrub(event) : this.#hover(event),
    );
    for (const end of ['pointerup', 'pointercancel'])
      this.canvas.addEventListener(end, () => (this.isScrubbing = false));
  }

  /** @param {boolean} hasTraces @param {boolean} isRoomy */
  lay(hasTraces, isRoomy) {
    if (hasTraces === this.layout.bands.length > 0 && isRoomy === this.layout.bands.length > 3) return;
    this.layout = layFoot(hasTraces, isRoomy);
    this.canvas.setAttribute(
      'aria-label',
      hasTraces ? 'Reviewed frames and motion traces' : 'Reviewed frames and skeleton',
    );
  }

  /** @param {CanvasRenderingContext2D} ctx @param {any} scene @param {number} ratio screen pixels a drawing pixel */
  draw(ctx, scene, ratio) {
    const { layout } = this;
    const { plot, width } = scene;
    const { height } = layout;
    ctx.fillStyle = INK.panel;
    ctx.fillRect(0, 0, width, height);
    ctx.textBaseline = 'middle';
    drawCoverage(ctx, scene, 0, LEFT_PX);
    if (layout.readyTop !== null) drawReady(ctx, scene, layout.readyTop);
    drawTraceNames(ctx, layout.bands, width);
    ctx.save();
    ctx.beginPath();
    ctx.rect(LEFT_PX - 1, 0, plot + 2, height);
    ctx.clip();
    ctx.translate(LEFT_PX, 0);
    const part = { ...scene, top: layout.bands.length ? COVERAGE_PX : height, height };
    drawTicks(ctx, part);
    drawMarks(ctx, { ...part, top: 0 });
    drawShotCuts(ctx, part);
    if (layout.bands.length) this.#putTraces(ctx, scene, ratio);
    drawCurrentFrame(ctx, { ...part, top: 0 });
    ctx.restore();
  }

  #putTraces(ctx, scene, ratio) {
    const { view, plot, model } = scene;
    const key = `${view.start} ${view.stop} ${plot} ${this.layout.height} ${model.traces.version}`;
    this.kept.put(ctx, plot, this.layout.height, ratio, key === this.key, (kept) =>
      drawTraces(kept, scene, this.layout.bands),
    );
    this.key = key;
  }

  #peakAt(event) {
    const { timeline, layout } = this;
    return peakAt(layout.bands, timeline.model.traces, timeline.view, timeline.plotWidth, timeline.place(event));
  }

  #hover(event) {
    const peak = this.#peakAt(event);
    this.canvas.style.cursor = peak ? 'pointer' : 'default';
    this.canvas.title = peak?.text ?? '';
  }

  #press(event) {
    const { timeline } = this;
    if (event.button !== 0 || timeline.place(event).x < 0) return;
    const peak = this.#peakAt(event);
    if (peak) return timeline.on.act('goToPeak', peak);
    this.canvas.setPointerCapture(event.pointerId);
    this.isScrubbing = true;
    this.#scrub(event);
  }

  #scrub(event) {
    const { model, view, plotWidth, on } = this.timeline;
    on.seek(xToFrame(view, plotWidth, this.timeline.place(event).x, model.nFrames));
  }
}
