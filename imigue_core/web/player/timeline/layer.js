/**
 * One canvas of several that lie over each other, so that what moves is drawn without what stands still. The
 * lower layers are drawn when labels, sizes or what is in sight change, the upper ones with every frame.
 */

import { h } from '../core/dom.js';

export class Layer {
  /** @param {Record<string, string>} attributes of its canvas */
  constructor(attributes) {
    this.canvas = /** @type {HTMLCanvasElement} */ (h('canvas', attributes));
    this.ctx = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
  }

  /**
   * @param {{width: number, height: number}} size drawing pixels
   * @param {{scale: number, ratio: number}} lens CSS and screen pixels a drawing pixel
   */
  resize({ width, height }, { scale, ratio }) {
    const { canvas } = this;
    const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width === columns && canvas.height === rows) return;
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.width = `${width * scale}px`;
    canvas.style.height = `${height * scale}px`;
  }

  /**
   * Draws everything anew, beginning with nothing.
   * @param {{width: number, height: number}} size drawing pixels
   * @param {{scale: number, ratio: number}} lens CSS and screen pixels a drawing pixel
   * @param {(ctx: CanvasRenderingContext2D) => void} paint in drawing pixels
   */
  draw(size, lens, paint) {
    const { canvas, ctx } = this;
    const { ratio } = lens;
    this.resize(size, lens);
    // First of all and with no transform: a canvas that is emptied whole is not copied to keep what was shown.
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    ctx.save();
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.textBaseline = 'middle';
    paint(ctx);
    ctx.restore();
  }
}
