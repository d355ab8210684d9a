/**
 * The pointer on the timeline's rows: what lies under it, scrubbing, selecting one label or
 * several, dragging labels, their edges, and edges that two labels share. It changes nothing
 * itself: it asks through `on`, and shows meanwhile what a drag would do.
 */

import { formatCount } from '../core/clock.js';
import { batch, watch } from '../core/watch.js';
import { boundaryOf, findSnapped, findTouching, listSnapTargets, moveShared } from '../labels/spans.js';
import { dragSpan, findVisible, hitTest, snap } from './geometry.js';
import { RULER_PX } from './timeline_ground.js';
import { trackAt } from './tracks.js';

const DRAG_PX = 3;
const SNAP_PX = 6;
const GRIP_PX = 5;
/** @type {ReadonlySet<string>} */
const NOTHING = new Set();

/**
 * @typedef {import('../labels/labels.js').Label} Label
 * @typedef {import('../labels/spans.js').Edge} Edge
 * @typedef {import('./geometry.js').Part} Part
 * @typedef {import('./geometry.js').Spanlike} Spanlike
 * @typedef {import('./scene.js').Preview} Preview
 *
 * @typedef {{kind: 'labels', own: boolean, span: Label, part: Part}} LabelHit
 * @typedef {{kind: 'suggested'|'rejected', own: false, span: Spanlike & {suggestion_id: number, class_id: number},
 *            part: Part}} FindingHit
 *
 * @typedef {Object} LabelDrag
 * @property {'span'} kind
 * @property {Label} span @property {Part} part
 * @property {Label|null} neighbour whose edge moves too
 * @property {'only'|'toggle'|'extend'} how a press without a drag selects
 * @property {number} x where it began @property {boolean} moved @property {number} playHead where it was then
 *
 * @typedef {{kind: 'scrub'}|{kind: 'band', x: number, moved: boolean}|LabelDrag} Drag
 */

export class TimelinePointer {
  /**
   * @param {{model: import('./scene.js').TimelineModel, lens: import('./lens.js').Lens,
   *          on: import('./scene.js').TimelineHands, canvas: HTMLCanvasElement,
   *          layout: () => import('./tracks.js').Layout}} options
   */
  constructor({ model, lens, on, canvas, layout }) {
    this.model = model;
    this.lens = lens;
    this.on = on;
    this.canvas = canvas;
    this.layout = layout;
    /** @type {Drag|null} */
    this.drag = null;
    /** @type {Preview|null} */
    this.preview = null;
    /** Labels that are being dragged; the same set for the whole drag. */
    this.moving = NOTHING;
    watch(this, 'preview', 'moving');
    canvas.addEventListener('pointerdown', (event) => this.#press(event));
    canvas.addEventListener('pointermove', (event) =>
      this.drag ? this.#dragTo(this.drag, event) : this.#hover(event),
    );
    canvas.addEventListener('pointerup', () => this.#release());
    canvas.addEventListener('pointercancel', () => this.cancel());
    canvas.addEventListener('dblclick', (event) => {
      const hit = this.#hit(event);
      if (hit) on.seek(hit.span.start_frame);
    });
  }

  get isDragging() {
    return this.drag !== null;
  }

  /** Ends a drag without its effect. @returns {boolean} whether a label or a rubber band was being dragged */
  cancel() {
    const { drag } = this;
    const was = drag !== null && drag.kind !== 'scrub';
    if (was) this.drag = null;
    this.#clear();
    if (was && drag.moved) this.on.letGo();
    return was;
  }

  #clear() {
    batch(() => {
      this.preview = null;
      this.moving = NOTHING;
    });
  }

  /** @param {MouseEvent} event @returns {LabelHit|FindingHit|null} */
  #hit(event) {
    const { view, plot, scrolled } = this.lens;
    const { x, y } = this.lens.place(event);
    const isOnRuler = y < scrolled + RULER_PX;
    const place = isOnRuler || x < 0 ? null : trackAt(this.layout().tracks, y);
    if (!place) return null;
    const { track, lane } = place;
    if (track.kind === 'labels') {
      const hit = hitTest(track.index, view, plot, x, lane, track.own ? GRIP_PX : 0);
      return hit && { ...hit, kind: track.kind, own: track.own };
    }
    const hit = hitTest(
      /** @type {import('./geometry.js').SpanIndex<FindingHit['span']>} */ (track.index),
      view,
      plot,
      x,
      lane,
      0,
    );
    return hit && { ...hit, kind: track.kind, own: false };
  }

  /** @param {PointerEvent} event */
  #hover(event) {
    const { canvas, model } = this;
    const hit = this.#hit(event);
    const isShared = hit !== null && this.#neighbourOf(hit) !== null;
    canvas.style.cursor = cursorOver(hit, isShared && event.shiftKey);
    if (!hit) {
      canvas.title = '';
      return;
    }
    const { class_id: classId, start_frame: start, end_frame: end } = hit.span;
    const kind = hit.kind === 'labels' ? '' : `${hit.kind}: `;
    const frames = `frames ${formatCount(start)}–${formatCount(end)}`;
    const shared = isShared ? ' · with Shift the touching label’s edge moves too' : '';
    canvas.title = `${kind}${model.classes.of(classId).name}, ${frames}${shared}`;
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const { on } = this;
    const { x } = this.lens.place(event);
    if (event.button !== 0 || x < 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    const hit = this.#hit(event);
    if (hit) this.#pressSpan(hit, x, event);
    else if (event.shiftKey) this.drag = { kind: 'band', x, moved: false };
    else {
      this.drag = { kind: 'scrub' };
      on.select(null);
      this.#dragTo(this.drag, event);
    }
  }

  /** @param {LabelHit|FindingHit} hit @param {number} x @param {PointerEvent} event */
  #pressSpan(hit, x, event) {
    if (hit.kind !== 'labels') return this.on.suggestion(hit.span.suggestion_id, hit.kind === 'rejected');
    const how = !hit.own ? 'only' : event.ctrlKey || event.metaKey ? 'toggle' : event.shiftKey ? 'extend' : 'only';
    if (how === 'only') this.on.select(hit.span.annotation_id, how);
    if (!hit.own) return;
    const { span, part } = hit;
    const neighbour = event.shiftKey ? this.#neighbourOf(hit) : null;
    const playHead = this.model.clock.position;
    this.drag = { kind: 'span', span, part, how, neighbour, x, moved: false, playHead };
  }

  /** @param {Drag} drag @param {PointerEvent} event */
  #dragTo(drag, event) {
    const { lens, on } = this;
    const { x } = lens.place(event);
    if (drag.kind === 'scrub') return on.seek(lens.frameAt(x));
    if (!drag.moved && Math.abs(x - drag.x) < DRAG_PX) return;
    const isFirst = !drag.moved;
    drag.moved = true;
    if (drag.kind === 'band') {
      this.preview = { moves: [], snapped: null, band: this.#bandTo(drag.x, x) };
      return;
    }
    if (isFirst) this.#takeHold(drag);
    this.preview = this.#previewAt(drag, x, event.altKey);
    const own = this.preview.moves.find(({ id }) => id === drag.span.annotation_id);
    if (own && drag.part !== 'body') on.seek(drag.part === 'start' ? own.start_frame : own.end_frame);
  }

  /**
   * A label pressed with Shift or Ctrl becomes the current one only when it is really dragged.
   * @param {LabelDrag} drag
   */
  #takeHold({ span, neighbour, how }) {
    this.moving = new Set([span, ...(neighbour ? [neighbour] : [])].map((label) => label.annotation_id));
    this.on.hold();
    if (how !== 'only') this.on.select(span.annotation_id, 'keep');
  }

  /** @param {number} from @param {number} to @returns {[number, number]} */
  #bandTo(from, to) {
    const [a, b] = [this.lens.frameAt(from), this.lens.frameAt(to)];
    return [Math.min(a, b), Math.max(a, b)];
  }

  /**
   * @param {LabelDrag} drag @param {number} x @param {boolean} isFree whether nothing is snapped to
   * @returns {Preview}
   */
  #previewAt(drag, x, isFree) {
    const { perFrame, nFrames } = this.lens;
    const { span, part, neighbour } = drag;
    const delta = (x - drag.x) / perFrame;
    const candidates = isFree ? [] : this.#snapTargets(drag);
    const tolerance = SNAP_PX / perFrame;
    if (neighbour && part !== 'body') {
      const boundary = snap(boundaryOf(span, part) + delta, candidates, tolerance);
      const shared = moveShared(span, neighbour, part, boundary);
      const own = shared.find((move) => move.span === span) ?? span;
      const moves = shared.map((move) => toMove(move.span, move));
      return { moves, snapped: findSnapped(own, part, candidates), band: null };
    }
    const dragged = dragSpan(span, part, delta, { nFrames, candidates, tolerance });
    return { moves: [toMove(span, dragged)], snapped: findSnapped(dragged, part, candidates), band: null };
  }

  #release() {
    const { drag, preview, on } = this;
    this.drag = null;
    this.#clear();
    if (drag?.kind === 'band' && preview?.band) on.band(...preview.band);
    if (drag?.kind !== 'span') return;
    if (!drag.moved && drag.how !== 'only') on.select(drag.span.annotation_id, drag.how);
    if (preview) this.#commit(drag, preview.moves);
    if (drag.moved) on.letGo();
  }

  /** @param {LabelDrag} drag @param {import('./scene.js').Move[]} moves */
  #commit({ span, neighbour }, moves) {
    if (neighbour && moves.length) this.on.moveBoth(moves);
    const [move] = moves;
    if (!neighbour && (move.start_frame !== span.start_frame || move.end_frame !== span.end_frame))
      this.on.move(move.id, move.start_frame, move.end_frame);
  }

  /** The own label that touches the edge under the pointer. @param {LabelHit|FindingHit} hit @returns {Label|null} */
  #neighbourOf(hit) {
    if (hit.kind !== 'labels' || !hit.own || hit.part === 'body') return null;
    const { index } = this.layout().own;
    const at = boundaryOf(hit.span, hit.part);
    const [from, to] = findVisible(index, at - 1, at);
    return findTouching(hit.span, hit.part, index.spans.slice(from, to));
  }

  /**
   * The play head as it was, shot cuts, still moments of the body, edges of other labels and suggestions in view.
   * @param {LabelDrag} drag
   */
  #snapTargets({ span: dragged, neighbour, playHead }) {
    const { model } = this;
    const { view } = this.lens;
    const spans = this.layout()
      .tracks.filter(({ kind }) => kind !== 'rejected')
      .flatMap(({ index }) => {
        const [from, to] = findVisible(index, view.start, view.stop);
        return /** @type {Spanlike[]} */ (index.spans).slice(from, to);
      })
      .filter((span) => span !== dragged && span !== neighbour);
    const valleys = model.traces.valleysBetween(Math.floor(view.start), Math.ceil(view.stop));
    // After a drag the play head stands on the edge that was dragged, and would hold it there.
    const isOnEdge = playHead === dragged.start_frame || playHead === dragged.end_frame;
    const cuts = model.info.video.shot_cuts;
    return listSnapTargets(view, { spans, frames: isOnEdge ? [] : [playHead], cuts, valleys });
  }
}

/** @param {Label} span @param {Spanlike} to @returns {import('./scene.js').Move} */
const toMove = (span, { start_frame, end_frame }) => ({ id: span.annotation_id, start_frame, end_frame });

/** @param {LabelHit|FindingHit|null} hit @param {boolean} movesBoth */
function cursorOver(hit, movesBoth) {
  if (!hit) return 'default';
  if (movesBoth) return 'col-resize';
  if (!hit.own) return 'pointer';
  return hit.part === 'body' ? 'grab' : 'ew-resize';
}
