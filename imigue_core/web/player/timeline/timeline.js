/**
 * The timeline under the picture: a strip of the whole video, the zoomed rows and their foot, one under the other,
 * and the wheel that zooms all of them. What is in sight is lens.js; nothing of the video changes here.
 */

import { h } from '../core/dom.js';
import { xToBoundary } from './geometry.js';
import { Lens } from './lens.js';
import { TimelineFoot } from './timeline_foot.js';
import { TimelineRows } from './timeline_rows.js';
import { TimelineStrip } from './timeline_strip.js';

const WHEEL_ZOOM = 1.0022;
/** A line of a wheel that counts lines, in pixels. */
const LINE_PX = 32;

/** @typedef {import('./geometry.js').Spanlike} Spanlike */

export class Timeline {
  /** @param {{model: import('./scene.js').TimelineModel, on: import('./scene.js').TimelineHands}} options */
  constructor({ model, on }) {
    this.model = model;
    this.lens = new Lens(model.clock.nFrames);
    const shared = { model, on, lens: this.lens };
    this.strip = new TimelineStrip(shared);
    this.rows = new TimelineRows(shared);
    this.foot = new TimelineFoot(shared);
    this.node = h('div', { class: 'timeline' }, this.strip.node, this.rows.node, this.foot.node);
    for (const { canvas } of [this.strip, this.rows, this.foot])
      canvas.addEventListener('wheel', (event) => this.#wheel(event, canvas), { passive: false });
    this.observer = new ResizeObserver(() => this.lens.measure(this.node, this.rows.node));
    // Screen pixels: they also change when the window comes onto another screen.
    this.observer.observe(this.node, { box: 'device-pixel-content-box' });
    this.observer.observe(this.rows.node);
  }

  dispose() {
    this.observer.disconnect();
  }

  /** What is drawn, each by itself: of every part first what stands still while it plays. @returns {(() => void)[]} */
  get drawings() {
    return [this.rows, this.strip, this.foot].flatMap((part) => [() => part.draw(), () => part.drawOver()]);
  }

  get view() {
    return this.lens.view;
  }

  set view(view) {
    this.lens.view = view;
  }

  get scale() {
    return this.lens.scale;
  }

  get plotWidth() {
    return this.lens.plot;
  }

  get layout() {
    return this.rows.layout;
  }

  get canvas() {
    return this.rows.canvas;
  }

  get scroller() {
    return this.rows.node;
  }

  get pointer() {
    return this.rows.pointer;
  }

  /** Turns the page when the play head leaves what is in sight. */
  followFrame() {
    if (this.model.choices.follow && !this.pointer.isDragging) this.lens.follow(this.model.clock.position);
  }

  /** @param {number} factor below 1 zooms in, at the play head */
  zoom(factor) {
    this.lens.zoom(factor, this.model.clock.position + 0.5);
  }

  zoomAll() {
    this.lens.zoomAll();
  }

  /** @param {Spanlike} span */
  zoomTo(span) {
    this.lens.zoomTo(span);
  }

  /** Brings a span into sight, keeping the zoom. @param {Spanlike} span */
  reveal(span) {
    this.lens.reveal(span);
  }

  /**
   * Brings a row into sight when there are more than fit; of one higher than that, the lane of a bar.
   * @param {import('./tracks.js').Track['kind']} kind
   * @param {Spanlike} [bar]
   */
  revealTrack(kind, bar) {
    this.rows.revealTrack(kind, bar);
  }

  /** Ends a drag without its effect. @returns {boolean} whether anything was dragged */
  cancelDrag() {
    return this.pointer.cancel();
  }

  /** @param {WheelEvent} event @param {HTMLCanvasElement} canvas that it is over */
  #wheel(event, canvas) {
    event.preventDefault();
    const { lens } = this;
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1);
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      lens.pan((event.deltaX || pixels) / lens.plot);
      return;
    }
    const view = canvas === this.strip.canvas ? { start: 0, stop: lens.nFrames } : lens.view;
    lens.zoom(WHEEL_ZOOM ** pixels, xToBoundary(view, lens.plot, lens.place(event).x));
  }
}
