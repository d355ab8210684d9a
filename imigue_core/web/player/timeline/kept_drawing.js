/** A part of a canvas that is drawn once and put down again as long as it stays the same. */

export class KeptDrawing {
  constructor() {
    /** @type {OffscreenCanvas|null} */
    this.canvas = null;
  }

  /**
   * @param {CanvasRenderingContext2D} target where it is put, in drawing pixels
   * @param {number} width drawing pixels @param {number} height @param {number} ratio screen pixels a drawing pixel
   * @param {boolean} isSame whether the kept one still holds
   * @param {(ctx: any) => void} draw in drawing pixels, on nothing
   */
  put(target, width, height, ratio, isSame, draw) {
    const [columns, rows] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
    if (!this.canvas || this.canvas.width !== columns || this.canvas.height !== rows) {
      this.canvas = new OffscreenCanvas(columns, rows);
      isSame = false;
    }
    if (!isSame) {
      const ctx = /** @type {OffscreenCanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, columns, rows);
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.save();
      draw(ctx);
      ctx.restore();
    }
    target.drawImage(this.canvas, 0, 0, columns / ratio, rows / ratio);
  }
}
