/**
 * What of the video and of the rows is in sight on the timeline, and how large: the visible frames, the scrolling,
 * the sizes. Everything is in drawing pixels, which grow with the letters around the timeline; what is drawn with
 * it is told by watched fields. The DOM is measured when it was laid out, never while something is drawn.
 */

import { batch, watch } from '../core/watch.js';
import { clampView, follow, panBy, xToFrame, zoomAt } from './geometry.js';
import { LEFT_PX, RIGHT_PX } from './timeline_ground.js';

/** Font size in CSS pixels at which a drawing pixel is a CSS pixel. */
const BASE_FONT_PX = 13.4;
const LEAST_PLOT_PX = 10;

/** @typedef {import('./geometry.js').Spanlike} Spanlike */

export class Lens {
  /** @param {number} nFrames of the video */
  constructor(nFrames) {
    this.nFrames = nFrames;
    /** @type {import('./geometry.js').View} replaced, never changed in place */
    this.view = { start: 0, stop: nFrames };
    /** CSS pixels a drawing pixel. */
    this.scale = 1;
    /** Screen pixels a drawing pixel. */
    this.ratio = 1;
    /** Of the whole timeline; 0 until it was laid out. */
    this.width = 0;
    this.height = 0;
    /** Of what is in sight of the rows. */
    this.rowsWidth = 0;
    this.rowsHeight = 0;
    /** How far the rows are scrolled down. */
    this.scrolled = 0;
    watch(this, 'view', 'scale', 'ratio', 'width', 'height', 'rowsWidth', 'rowsHeight', 'scrolled');
  }

  /** Pixels that the visible frames have. */
  get plot() {
    return Math.max(LEAST_PLOT_PX, this.width - LEFT_PX - RIGHT_PX);
  }

  get perFrame() {
    return this.plot / (this.view.stop - this.view.start);
  }

  /** Reads the sizes of the laid out page. @param {HTMLElement} node of the timeline @param {HTMLElement} scroller */
  measure(node, scroller) {
    const scale = parseFloat(getComputedStyle(node).fontSize) / BASE_FONT_PX || 1;
    batch(() => {
      this.scale = scale;
      this.ratio = scale * devicePixelRatio;
      this.width = node.clientWidth / scale;
      this.height = node.clientHeight / scale;
      this.rowsWidth = scroller.clientWidth / scale;
      this.rowsHeight = scroller.clientHeight / scale;
      this.scrolled = scroller.scrollTop / scale;
    });
  }

  /** Where a pointer is; x from the first visible frame. @param {MouseEvent} event */
  place(event) {
    return { x: event.offsetX / this.scale - LEFT_PX, y: event.offsetY / this.scale };
  }

  /** The frame under a pixel. @param {number} x from the first visible frame */
  frameAt(x) {
    return xToFrame(this.view, this.plot, x, this.nFrames);
  }

  /** @param {number} factor below 1 zooms in @param {number} boundary stays in place */
  zoom(factor, boundary) {
    this.view = zoomAt(this.view, factor, boundary, this.nFrames);
  }

  zoomAll() {
    this.view = { start: 0, stop: this.nFrames };
  }

  /** @param {Spanlike} span */
  zoomTo({ start_frame: start, end_frame: end }) {
    const margin = Math.max(6, (end - start + 1) * 0.75);
    this.view = clampView({ start: start - margin, stop: end + 1 + margin }, this.nFrames);
  }

  /** @param {number} share of what is in sight, to the right */
  pan(share) {
    this.view = panBy(this.view, share * (this.view.stop - this.view.start), this.nFrames);
  }

  /** Keeps the zoom. @param {number} boundary to be in the middle */
  centre(boundary) {
    const half = (this.view.stop - this.view.start) / 2;
    this.view = clampView({ start: boundary - half, stop: boundary + half }, this.nFrames);
  }

  /** Brings a span into sight, keeping the zoom. @param {Spanlike} span */
  reveal({ start_frame: start, end_frame: end }) {
    if (start < this.view.start || end + 1 > this.view.stop) this.centre((start + end) / 2);
  }

  /** Turns the page when the play head leaves it. @param {number} frame */
  follow(frame) {
    this.view = follow(this.view, frame, this.nFrames);
  }
}
