/**
 * The timeline under the picture: a strip of the whole video and the zoomed tracks,
 * drawn on two canvases; zoom, scrub, select, drag. It changes nothing itself: it
 * asks through `on`.
 */

import { formatCount } from './clock.js';
import { h } from './dom.js';
import { clampView, dragSpan, findVisible, follow, hitTest, panBy, xToBoundary, xToFrame, zoomAt } from './geometry.js';
import { layTracks, trackAt } from './tracks.js';
import { drawOverview, drawTracks, LEFT_PX, OVERVIEW_PX, RIGHT_PX } from './timeline_drawing.js';

const DRAG_PX = 3;
const SNAP_PX = 6;
const WHEEL_ZOOM = 1.0022;
/** Font size in CSS pixels at which the drawing's own pixels are CSS pixels. */
const BASE_FONT_PX = 13.4;

export class Timeline {
  /**
   * @param {import('./timeline_model.js').TimelineModel} model
   * @param {{seek: (frame: number) => void, select: (id: string|null, label?: any) => void,
   *          suggestion: (id: number, isGhost: boolean) => void,
   *          move: (id: string, start: number, end: number) => void}} on
   */
  constructor(model, on) {
    Object.assign(this, { model, on });
    this.view = { start: 0, stop: model.nFrames };
    this.drag = null;
    this.preview = null;
    this.scheduled = 0;
    this.overview = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'overview', role: 'img', 'aria-label': 'Whole video' }));
    this.canvas = /** @type {HTMLCanvasElement} */ (h('canvas', { class: 'tracks', role: 'img', 'aria-label': 'Labels over time' }));
    this.scroller = h('div', { class: 'tracks-scroll' }, this.canvas);
    this.node = h('div', { class: 'timeline' }, this.overview, this.scroller);
    /** @type {OffscreenCanvas|HTMLCanvasElement|null} the strip's labels, drawn once a change */
    this.strip = null;
    this.stripKey = '';
    this.layout = { tracks: [], height: 0 };
    this.layoutKey = '';
    this.#listen();
    this.observer = new ResizeObserver(() => this.invalidate());
    this.observer.observe(this.node);
  }

  dispose() {
    this.observer.disconnect();
    cancelAnimationFrame(this.scheduled);
  }

  /** Draws once before the next screen refresh. */
  invalidate() {
    this.scheduled ||= requestAnimationFrame(() => this.drawNow());
  }

  /** Draws in the screen refresh that is under way. */
  drawNow() {
    cancelAnimationFrame(this.scheduled);
    this.scheduled = 0;
    this.#draw();
  }

  /** Turns the page when the play head leaves the visible part. */
  followFrame() {
    if (!this.drag) this.view = follow(this.view, this.model.frame, this.model.nFrames);
    this.invalidate();
  }

  /** @param {number} factor below 1 zooms in @param {number} [boundary] stays in place */
  zoom(factor, boundary = this.model.frame + 0.5) {
    this.view = zoomAt(this.view, factor, boundary, this.model.nFrames);
    this.invalidate();
  }

  zoomAll() {
    this.view = { start: 0, stop: this.model.nFrames };
    this.invalidate();
  }

  /** @param {import('./geometry.js').Spanlike} span */
  zoomTo(span) {
    const margin = Math.max(6, (span.end_frame - span.start_frame + 1) * 0.75);
    this.view = clampView({ start: span.start_frame - margin, stop: span.end_frame + 1 + margin }, this.model.nFrames);
    this.invalidate();
  }

  /** Brings a label into view, keeping the zoom. @param {import('./geometry.js').Spanlike} span */
  reveal(span) {
    const length = this.view.stop - this.view.start;
    if (span.start_frame < this.view.start || span.end_frame + 1 > this.view.stop) {
      const start = (span.start_frame + span.end_frame - length) / 2;
      this.view = clampView({ start, stop: start + length }, this.model.nFrames);
    }
    this.invalidate();
  }

  /** Brings a row into sight when there are more than fit. @param {'labels'|'suggested'|'rejected'} kind */
  revealTrack(kind) {
    const track = this.layout.tracks.find((one) => one.kind === kind);
    if (!track) return;
    const { scroller, scale } = this;
    const [top, bottom] = [track.top * scale, (track.top + track.height) * scale];
    if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
    else if (top < scroller.scrollTop) scroller.scrollTop = top;
  }

  cancelDrag() {
    const was = this.drag !== null && this.drag.kind === 'span';
    if (was) this.drag = null;
    this.preview = null;
    this.invalidate();
    return was;
  }

  /** CSS pixels a drawing pixel: the timeline grows with the letters around it. */
  get scale() {
    return parseFloat(getComputedStyle(this.node).fontSize) / BASE_FONT_PX || 1;
  }

  /** Drawing pixels that the visible frames have. */
  get plotWidth() {
    return Math.max(10, this.node.clientWidth / this.scale - LEFT_PX - RIGHT_PX);
  }

  /** Where a pointer is, in drawing pixels; x from the first visible frame. */
  #place(event) {
    const { scale } = this;
    return { x: event.offsetX / scale - LEFT_PX, y: event.offsetY / scale };
  }

  #draw() {
    const { model, scale } = this;
    const width = this.node.clientWidth / scale;
    if (!width || !model.nFrames) return;
    const layoutKey = model.findings.changeCount;
    if (this.layoutKey !== layoutKey) {
      this.layout = layTracks(model.annotations.values(), model.annotatorId, model.isScannable ? model.findings : null);
      this.layoutKey = layoutKey;
      this.canvas.setAttribute('aria-label', `Labels over time: ${model.annotations.size}; suggestions: ${model.findings.above.length}`);
    }
    const height = Math.max(this.layout.height, this.scroller.clientHeight / scale);
    const inner = this.scroller.clientWidth / scale;
    drawTracks(sized(this.canvas, inner, height, scale), { ...this.#shared(), width: inner, height, layout: this.layout, preview: this.preview });
    const stripKey = `${model.changeCount} ${width} ${model.nFrames} ${model.posesReady} ${scale * devicePixelRatio}`;
    const isStale = stripKey !== this.stripKey;
    this.stripKey = stripKey;
    this.strip = drawOverview(sized(this.overview, width, OVERVIEW_PX, scale), { ...this.#shared(), width, height: OVERVIEW_PX, strip: isStale ? null : this.strip, ratio: scale * devicePixelRatio });
  }

  #shared() {
    return { model: this.model, view: this.view, plot: this.plotWidth };
  }

  #listen() {
    const { canvas, overview } = this;
    for (const target of [canvas, overview]) target.addEventListener('wheel', (event) => this.#wheel(event, target), { passive: false });
    canvas.addEventListener('pointerdown', (event) => this.#press(event));
    canvas.addEventListener('pointermove', (event) => (this.drag ? this.#dragTo(event) : this.#hover(event)));
    canvas.addEventListener('pointerup', () => this.#release());
    canvas.addEventListener('pointercancel', () => this.cancelDrag());
    canvas.addEventListener('dblclick', (event) => {
      const hit = this.#hit(event);
      if (hit) this.on.seek(hit.span.start_frame);
    });
    overview.addEventListener('pointerdown', (event) => {
      overview.setPointerCapture(event.pointerId);
      this.#panTo(event);
    });
    overview.addEventListener('pointermove', (event) => event.buttons & 1 && this.#panTo(event));
  }

  #wheel(event, target) {
    event.preventDefault();
    const whole = { start: 0, stop: this.model.nFrames };
    const view = target === this.overview ? whole : this.view;
    const pixels = event.deltaY * (event.deltaMode === 1 ? 32 : 1);
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const sideways = (event.deltaX || pixels) / this.plotWidth;
      this.view = panBy(this.view, sideways * (this.view.stop - this.view.start), this.model.nFrames);
      this.invalidate();
    } else this.zoom(WHEEL_ZOOM ** pixels, xToBoundary(view, this.plotWidth, this.#place(event).x));
  }

  #panTo(event) {
    const centre = (Math.max(0, this.#place(event).x) / this.plotWidth) * this.model.nFrames;
    const length = this.view.stop - this.view.start;
    if (length >= this.model.nFrames) this.on.seek(Math.min(this.model.nFrames - 1, Math.floor(centre)));
    this.view = clampView({ start: centre - length / 2, stop: centre + length / 2 }, this.model.nFrames);
    this.invalidate();
  }

  #hit(event) {
    const { x, y } = this.#place(event);
    const place = trackAt(this.layout.tracks, y);
    if (!place || x < 0) return null;
    const hit = hitTest(place.track.index, this.view, this.plotWidth, x, place.lane, place.track.own ? 5 : 0);
    return hit && { ...hit, own: place.track.own, kind: place.track.kind };
  }

  #hover(event) {
    const hit = this.#hit(event);
    const isEdge = hit?.own && hit.part !== 'body';
    this.canvas.style.cursor = isEdge ? 'ew-resize' : hit?.own ? 'grab' : hit ? 'pointer' : 'default';
    const kind = hit && hit.kind !== 'labels' ? `${hit.kind}: ` : '';
    this.canvas.title = hit
      ? `${kind}${this.model.classOf(hit.span.class_id).name}, frames ${formatCount(hit.span.start_frame)}–${formatCount(hit.span.end_frame)}`
      : '';
  }

  #press(event) {
    if (event.button !== 0 || this.#place(event).x < 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    const hit = this.#hit(event);
    if (!hit) {
      this.drag = { kind: 'scrub' };
      this.on.select(null);
      this.#dragTo(event);
      return;
    }
    if (hit.kind !== 'labels') {
      this.on.suggestion(hit.span.suggestion_id, hit.kind === 'rejected');
      return;
    }
    this.on.select(hit.span.annotation_id);
    if (hit.own) this.drag = { ...hit, kind: 'span', x: this.#place(event).x, moved: false };
  }

  #dragTo(event) {
    const { drag, model } = this;
    if (drag.kind === 'scrub') {
      this.on.seek(xToFrame(this.view, this.plotWidth, this.#place(event).x, model.nFrames));
      return;
    }
    const moved = this.#place(event).x - drag.x;
    if (!drag.moved && Math.abs(moved) < DRAG_PX) return;
    drag.moved = true;
    const perFrame = this.plotWidth / (this.view.stop - this.view.start);
    const candidates = event.altKey ? [] : this.#snapCandidates(drag.span);
    const options = { nFrames: model.nFrames, candidates, tolerance: SNAP_PX / perFrame };
    const span = dragSpan(drag.span, drag.part, moved / perFrame, options);
    this.preview = { id: drag.span.annotation_id, ...span };
    if (drag.part !== 'body') this.on.seek(drag.part === 'start' ? span.start_frame : span.end_frame);
    this.invalidate();
  }

  #release() {
    const { drag, preview } = this;
    this.drag = null;
    this.preview = null;
    if (drag?.kind === 'span' && preview && (preview.start_frame !== drag.span.start_frame || preview.end_frame !== drag.span.end_frame)) {
      this.on.move(preview.id, preview.start_frame, preview.end_frame);
    }
    this.invalidate();
  }

  /** Boundaries worth meeting: the play head, shot cuts, edges of other labels in view. */
  #snapCandidates(dragged) {
    const { model, view } = this;
    const isDraggingEdge = this.drag?.kind === 'span' && this.drag.part !== 'body';
    const found = [...model.shotCuts, ...(isDraggingEdge ? [] : [model.frame, model.frame + 1])];
    for (const { index, kind } of this.layout.tracks) {
      if (kind === 'rejected') continue;
      const [from, to] = findVisible(index, view.start, view.stop);
      for (const span of index.spans.slice(from, to)) {
        if (span.annotation_id !== dragged.annotation_id) found.push(span.start_frame, span.end_frame + 1);
      }
    }
    return found.filter((boundary) => boundary >= view.start && boundary <= view.stop);
  }
}

/** The canvas at this size in drawing pixels, ready to draw in them. */
function sized(canvas, width, height, scale) {
  const ratio = devicePixelRatio * scale;
  const [columns, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== columns || canvas.height !== rows) {
    canvas.width = columns;
    canvas.height = rows;
    canvas.style.width = `${width * scale}px`;
    canvas.style.height = `${height * scale}px`;
  }
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}
