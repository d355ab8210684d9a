/** The strip of the whole video over the rows: a press or a drag brings a place into the middle of what is in sight. */

import { h } from '../core/dom.js';
import { Layer } from './layer.js';
import { drawStrip, drawStripOver, STRIP_HEIGHT } from './strip_drawing.js';

export class TimelineStrip {
  /**
   * @param {{model: import('./scene.js').TimelineModel, lens: import('./lens.js').Lens,
   *          on: Pick<import('./scene.js').TimelineHands, 'seek'>}} options
   */
  constructor({ model, lens, on }) {
    this.model = model;
    this.lens = lens;
    this.on = on;
    this.ground = new Layer({ class: 'overview', role: 'img', 'aria-label': 'Whole video' });
    this.over = new Layer({ class: 'over', 'aria-hidden': 'true' });
    this.canvas = this.ground.canvas;
    this.node = h('div', { class: 'layers' }, this.ground.canvas, this.over.canvas);
    this.canvas.addEventListener('pointerdown', (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.#goTo(event);
    });
    this.canvas.addEventListener('pointermove', (event) => event.buttons & 1 && this.#goTo(event));
  }

  draw() {
    const { model, lens } = this;
    const size = { width: lens.width, height: STRIP_HEIGHT };
    if (size.width) this.ground.draw(size, lens, (ctx) => drawStrip(ctx, { ...size, model, plot: lens.plot }));
  }

  drawOver() {
    const { model, lens } = this;
    const { view, plot, width } = lens;
    const size = { width, height: STRIP_HEIGHT };
    if (width) this.over.draw(size, lens, (ctx) => drawStripOver(ctx, { ...size, model, plot, view }));
  }

  /** @param {PointerEvent} event */
  #goTo(event) {
    const { lens } = this;
    const place = (Math.max(0, lens.place(event).x) / lens.plot) * lens.nFrames;
    if (lens.view.stop - lens.view.start >= lens.nFrames) this.on.seek(Math.min(lens.nFrames - 1, Math.floor(place)));
    lens.centre(place);
  }
}
