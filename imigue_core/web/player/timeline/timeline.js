/**
 * The timeline under the picture: a strip of the whole video and the zoomed tracks,
 * drawn on two canvases, and zoom. Scrubbing, selecting and dragging are
 * timeline_pointer.js; nothing changes here: it is asked for through `on`.
 */

import { h } from '../core/dom.js';
import { clampView, follow, panBy, xToBoundary, zoomAt } from './geometry.js';
import { KeptDrawing } from './kept_drawing.js';
import { drawOver, drawOverview, drawRows, OVERVIEW_PX } from './timeline_drawing.js';
import { TimelineFoot } from './timeline_foot.js';
import { LEFT_PX, RIGHT_PX, RULER_PX } from './timeline_ground.js';
import { TimelineGutter } from './timeline_gutter.js';
import { TimelinePointer } from './timeline_pointer.js';
import { laneTop, layTracks, pinOwnTrack } from './tracks.js';

const WHEEL_ZOOM = 1.0022;
/** From this height on, drawing pixels, every motion trace has a band of its own. */
const ROOMY_PX = 290;
/** Font size in CSS pixels at which the drawing's own pixels are CSS pixels. */
const BASE_FONT_PX = 13.4;

export class Timeline {
  /**
   * @param {import('./timeline_model.js').TimelineModel} model
   * @param {ReturnType<typeof import('../labels/span_hands.js').makeTimelineHands>} on
   */
  constructor(model, on) {
    Object.assign(this, { model, on });
    this.view = { start: 0, stop: model.nFrames };
    this.scheduled = 0;
    this.overview = /** @type {HTMLCanvasElement} */ (
      h('canvas', { class: 'overview', role: 'img', 'aria-label': 'Whole video' })
    );
    this.canvas = /** @type {HTMLCanvasElement} */ (
      h('canvas', { class: 'tracks', role: 'img', 'aria-label': 'Labels over time' })
    );
    this.gutter = new TimelineGutter((action, value) => this.on.act(action, value));
    this.scroller = h('div', { class: 'tracks-scroll' }, ...this.gutter.nodes, this.canvas);
    this.foot = new TimelineFoot(this);
    this.node = h('div', { class: 'timeline' }, this.overview, this.scroller, this.foot.canvas);
    /** @type {OffscreenCanvas|HTMLCanvasElement|null} the strip's labels, drawn once a change */
    this.strip = null;
    this.stripKey = '';
    /** @type {import('./tracks.js').Layout} */
    this.layout = { tracks: [], height: 0 };
    this.layoutKey = '';
    /** Height of the ruler and of the own row under it, which cover rows that scrolled there. */
    this.covered = 0;
    this.revealedKey = '';
    this.drawnScroll = 0;
    /** Rows without play head and what moves with it, kept while only the play head moves. */
    this.rows = new KeptDrawing();
    this.rowsKey = '';
    this.#listen();
    this.pointer = new TimelinePointer(this);
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

  /**
   * Draws in the screen refresh that is under way.
   * @param {{all?: boolean}} [options] `all: false` when only the play head moved since the last time
   */
  drawNow({ all = true } = {}) {
    const isAll = all || this.scheduled !== 0;
    cancelAnimationFrame(this.scheduled);
    this.scheduled = 0;
    if (isAll) this.rowsKey = '';
    this.#draw();
  }

  /** Turns the page when the play head leaves the visible part; who shows the frame draws afterwards. */
  followFrame() {
    if (this.model.choices.follow && !this.pointer.drag)
      this.view = follow(this.view, this.model.frame, this.model.nFrames);
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

  /**
   * Brings a row into sight when there are more than fit; of one higher than that, the lane of a bar.
   * @param {'labels'|'suggested'|'rejected'} kind
   * @param {any} [bar]
   */
  revealTrack(kind, bar) {
    const track = this.layout.tracks.find((one) => one.kind === kind && (!bar || one.index.spans.includes(bar)));
    if (!track || (track.own && track.top > RULER_PX)) return;
    const { scroller, scale } = this;
    const covered = track.own ? RULER_PX : this.covered;
    const isLane = bar && track.height > scroller.clientHeight / scale - covered;
    const lane = isLane ? track.index.lanes[track.index.spans.indexOf(bar)] : 0;
    const [top, height] = isLane ? [laneTop(track, lane), track.laneHeight] : [track.top, track.height];
    if ((top + height) * scale > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = (top + height) * scale - scroller.clientHeight;
    else if ((top - covered) * scale < scroller.scrollTop) scroller.scrollTop = (top - covered) * scale;
  }

  /** What was just selected, made or opened is in sight. */
  #revealCurrent() {
    const { currentId, openSpans, annotations } = this.model;
    const key = `${currentId} ${openSpans.length}`;
    if (key === this.revealedKey) return;
    const isOpened = openSpans.length > Number(this.revealedKey.split(' ')[1] ?? 0);
    this.revealedKey = key;
    const label = annotations.get(currentId ?? '');
    if (label) this.revealTrack('labels', label);
    else if (isOpened) this.revealTrack('labels');
  }

  cancelDrag() {
    return this.pointer.cancel();
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
  place(event) {
    const { scale } = this;
    return { x: event.offsetX / scale - LEFT_PX, y: event.offsetY / scale };
  }

  #draw() {
    const { model, scale } = this;
    const width = this.node.clientWidth / scale;
    if (!width || !model.nFrames) return;
    this.#drawFoot(width, scale);
    const available = this.scroller.clientHeight / scale;
    const layoutKey = `${model.findings.changeCount} ${model.choices.version} ${available}`;
    if (this.layoutKey !== layoutKey) {
      this.layout = layTracks(
        model.annotations.values(),
        model.annotatorId,
        model.isScannable ? model.findings : null,
        model.choices,
        available,
      );
      this.layoutKey = layoutKey;
      this.canvas.setAttribute(
        'aria-label',
        `Labels over time: ${model.annotations.size}; suggestions: ${model.findings.above.length}`,
      );
    }
    const height = Math.max(this.layout.height, available);
    const inner = this.scroller.clientWidth / scale;
    const ctx = sized(this.canvas, inner, height, scale);
    this.covered = pinOwnTrack(this.layout, this.scroller.scrollTop / scale, available);
    this.#revealCurrent();
    this.drawnScroll = this.scroller.scrollTop;
    const scrolled = this.drawnScroll / scale;
    pinOwnTrack(this.layout, scrolled, available);
    this.gutter.update(this.layout, scale, model.choices);
    this.gutter.cover((scrolled + this.covered) * scale);
    const scene = {
      ...this.#shared(),
      width: inner,
      height,
      scrolled,
      layout: this.layout,
      preview: this.pointer.preview,
    };
    const rowsKey = `${scrolled} ${this.view.start} ${this.view.stop} ${inner} ${height} ${scale * devicePixelRatio} ${layoutKey}`;
    this.rows.put(ctx, inner, height, scale * devicePixelRatio, rowsKey === this.rowsKey, (kept) =>
      drawRows(kept, scene),
    );
    this.rowsKey = rowsKey;
    drawOver(ctx, scene);
    const stripKey = `${model.changeCount} ${width} ${model.nFrames} ${model.posesReady} ${scale * devicePixelRatio}`;
    const isStale = stripKey !== this.stripKey;
    this.stripKey = stripKey;
    this.strip = drawOverview(sized(this.overview, width, OVERVIEW_PX, scale), {
      ...this.#shared(),
      width,
      height: OVERVIEW_PX,
      strip: isStale ? null : this.strip,
      ratio: scale * devicePixelRatio,
    });
  }

  /** First: how high it is decides how much of the rows is in sight. */
  #drawFoot(width, scale) {
    const { foot, model } = this;
    foot.lay(model.choices.traces && model.isScannable, this.node.clientHeight / scale > ROOMY_PX);
    foot.draw(
      sized(foot.canvas, width, foot.layout.height, scale),
      { ...this.#shared(), width },
      scale * devicePixelRatio,
    );
  }

  #shared() {
    return { model: this.model, view: this.view, plot: this.plotWidth };
  }

  #listen() {
    const { canvas, overview } = this;
    // What a drawing scrolled into sight itself is drawn already.
    this.scroller.addEventListener('scroll', () => this.scroller.scrollTop !== this.drawnScroll && this.invalidate(), {
      passive: true,
    });
    for (const target of [canvas, overview, this.foot.canvas])
      target.addEventListener('wheel', (event) => this.#wheel(event, target), { passive: false });
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
    } else this.zoom(WHEEL_ZOOM ** pixels, xToBoundary(view, this.plotWidth, this.place(event).x));
  }

  #panTo(event) {
    const centre = (Math.max(0, this.place(event).x) / this.plotWidth) * this.model.nFrames;
    const length = this.view.stop - this.view.start;
    if (length >= this.model.nFrames) this.on.seek(Math.min(this.model.nFrames - 1, Math.floor(centre)));
    this.view = clampView({ start: centre - length / 2, stop: centre + length / 2 }, this.model.nFrames);
    this.invalidate();
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
