/**
 * The pointer on the timeline's tracks: what lies under it, scrubbing, selecting one label or
 * several, dragging labels, their edges, and edges that two labels share. It changes nothing
 * itself: it asks through the timeline's `on`.
 *
 * @typedef {Object} Preview what a drag would do, for the drawing
 * @property {{id: string, start_frame: number, end_frame: number}[]} moves
 * @property {number|null} snapped the boundary that was met
 * @property {[number, number]|null} band frames of a rubber band
 */

import { formatCount } from '../core/clock.js';
import { boundaryOf, findSnapped, findTouching, listSnapTargets, moveShared } from '../labels/spans.js';
import { dragSpan, findVisible, hitTest, snap, xToFrame } from './geometry.js';
import { RULER_PX } from './timeline_ground.js';
import { trackAt } from './tracks.js';

const DRAG_PX = 3;
const SNAP_PX = 6;
const GRIP_PX = 5;

export class TimelinePointer {
  /** @param {import('./timeline.js').Timeline} timeline */
  constructor(timeline) {
    this.timeline = timeline;
    /** @type {any} what is being dragged */
    this.drag = null;
    /** @type {Preview|null} */
    this.preview = null;
    const { canvas } = timeline;
    canvas.addEventListener('pointerdown', (event) => this.#press(event));
    canvas.addEventListener('pointermove', (event) => (this.drag ? this.#dragTo(event) : this.#hover(event)));
    canvas.addEventListener('pointerup', () => this.#release());
    canvas.addEventListener('pointercancel', () => this.cancel());
    canvas.addEventListener('dblclick', (event) => {
      const hit = this.#hit(event);
      if (hit) timeline.on.seek(hit.span.start_frame);
    });
  }

  /** Ends a drag without its effect. @returns {boolean} whether a label or a rubber band was being dragged */
  cancel() {
    const { drag } = this;
    const was = drag !== null && drag.kind !== 'scrub';
    if (was) this.drag = null;
    this.preview = null;
    if (drag?.moved) this.timeline.on.letGo();
    this.timeline.invalidate();
    return was;
  }

  #hit(event) {
    const { layout, view, plotWidth, scroller, scale } = this.timeline;
    const { x, y } = this.timeline.place(event);
    const isOnRuler = y < scroller.scrollTop / scale + RULER_PX;
    const place = isOnRuler ? null : trackAt(layout.tracks, y);
    if (!place || x < 0) return null;
    const hit = hitTest(place.track.index, view, plotWidth, x, place.lane, place.track.own ? GRIP_PX : 0);
    return hit && { ...hit, own: place.track.own, kind: place.track.kind };
  }

  #hover(event) {
    const { canvas, model } = this.timeline;
    const hit = this.#hit(event);
    const isEdge = hit?.own && hit.part !== 'body';
    const isShared = isEdge && this.#neighbourOf(hit) !== null;
    canvas.style.cursor =
      isShared && event.shiftKey
        ? 'col-resize'
        : isEdge
          ? 'ew-resize'
          : hit?.own
            ? 'grab'
            : hit
              ? 'pointer'
              : 'default';
    const kind = hit && hit.kind !== 'labels' ? `${hit.kind}: ` : '';
    const shared = isShared ? ' · with Shift the touching label’s edge moves too' : '';
    canvas.title = hit
      ? `${kind}${model.classOf(hit.span.class_id).name}, frames ${formatCount(hit.span.start_frame)}–${formatCount(hit.span.end_frame)}${shared}`
      : '';
  }

  #press(event) {
    const { timeline } = this;
    const { x } = timeline.place(event);
    if (event.button !== 0 || x < 0) return;
    timeline.canvas.setPointerCapture(event.pointerId);
    const hit = this.#hit(event);
    if (!hit && event.shiftKey) {
      this.drag = { kind: 'band', x, moved: false };
      return;
    }
    if (!hit) {
      this.drag = { kind: 'scrub' };
      timeline.on.select(null);
      this.#dragTo(event);
      return;
    }
    if (hit.kind !== 'labels') {
      timeline.on.suggestion(hit.span.suggestion_id, hit.kind === 'rejected');
      return;
    }
    const how = !hit.own ? 'only' : event.ctrlKey || event.metaKey ? 'toggle' : event.shiftKey ? 'extend' : 'only';
    if (how === 'only') timeline.on.select(hit.span.annotation_id, how);
    if (!hit.own) return;
    const neighbour = event.shiftKey && hit.part !== 'body' ? this.#neighbourOf(hit) : null;
    this.drag = { ...hit, kind: 'span', how, neighbour, x, moved: false, playHead: timeline.model.frame };
  }

  #dragTo(event) {
    const { drag, timeline } = this;
    const { model, view, plotWidth } = timeline;
    const { x } = timeline.place(event);
    if (drag.kind === 'scrub') {
      timeline.on.seek(xToFrame(view, plotWidth, x, model.nFrames));
      return;
    }
    if (!drag.moved && Math.abs(x - drag.x) < DRAG_PX) return;
    const isFirst = !drag.moved;
    drag.moved = true;
    if (drag.kind === 'band') this.preview = { moves: [], snapped: null, band: this.#bandTo(x) };
    else {
      if (isFirst) this.#takeHold();
      this.preview = this.#previewAt(x, event.altKey);
      const own = this.preview.moves.find(({ id }) => id === drag.span.annotation_id);
      if (own && drag.part !== 'body') timeline.on.seek(drag.part === 'start' ? own.start_frame : own.end_frame);
    }
    timeline.invalidate();
  }

  /** A label pressed with Shift or Ctrl becomes the current one only when it is really dragged. */
  #takeHold() {
    const { drag, timeline } = this;
    timeline.on.hold();
    if (drag.how !== 'only') timeline.on.select(drag.span.annotation_id, 'keep');
  }

  #bandTo(x) {
    const { model, view, plotWidth } = this.timeline;
    const frames = [this.drag.x, x].map((one) => xToFrame(view, plotWidth, one, model.nFrames));
    return /** @type {[number, number]} */ ([Math.min(...frames), Math.max(...frames)]);
  }

  /** @param {number} x @param {boolean} isFree whether nothing is snapped to @returns {Preview} */
  #previewAt(x, isFree) {
    const { drag, timeline } = this;
    const { model, view, plotWidth } = timeline;
    const { span, part, neighbour } = drag;
    const perFrame = plotWidth / (view.stop - view.start);
    const delta = (x - drag.x) / perFrame;
    const candidates = isFree ? [] : this.#snapTargets();
    const tolerance = SNAP_PX / perFrame;
    const idOf = ({ span: { annotation_id: id }, start_frame, end_frame }) => ({ id, start_frame, end_frame });
    if (neighbour) {
      const boundary = snap(boundaryOf(span, part) + delta, candidates, tolerance);
      const moves = moveShared(span, neighbour, part, boundary).map(idOf);
      const own = moves.find(({ id }) => id === span.annotation_id) ?? span;
      return { moves, snapped: findSnapped(own, part, candidates), band: null };
    }
    const dragged = dragSpan(span, part, delta, { nFrames: model.nFrames, candidates, tolerance });
    return { moves: [idOf({ span, ...dragged })], snapped: findSnapped(dragged, part, candidates), band: null };
  }

  #release() {
    const { drag, preview, timeline } = this;
    this.drag = null;
    this.preview = null;
    if (drag?.kind === 'band' && preview?.band) timeline.on.band(...preview.band);
    if (drag?.kind === 'span' && !drag.moved && drag.how !== 'only')
      timeline.on.select(drag.span.annotation_id, drag.how);
    if (drag?.kind === 'span' && preview) this.#commit(drag, preview.moves);
    if (drag?.kind === 'span' && drag.moved) timeline.on.letGo();
    timeline.invalidate();
  }

  #commit({ span, neighbour }, moves) {
    const { on } = this.timeline;
    if (neighbour && moves.length) on.moveBoth(moves);
    const [move] = moves;
    if (!neighbour && (move.start_frame !== span.start_frame || move.end_frame !== span.end_frame))
      on.move(move.id, move.start_frame, move.end_frame);
  }

  /** The own label that touches the edge under the pointer. */
  #neighbourOf({ span, part }) {
    const own = this.timeline.layout.tracks.find((track) => track.own);
    if (!own) return null;
    const at = boundaryOf(span, part);
    const [from, to] = findVisible(own.index, at - 1, at);
    return findTouching(span, part, own.index.spans.slice(from, to));
  }

  /** The play head as it was, shot cuts, still moments of the body, edges of other labels and suggestions in view. */
  #snapTargets() {
    const { model, view, layout } = this.timeline;
    const { span: dragged, neighbour, playHead } = this.drag;
    const spans = layout.tracks
      .filter(({ kind }) => kind === 'labels' || kind === 'suggested')
      .flatMap(({ index }) => {
        const [from, to] = findVisible(index, view.start, view.stop);
        return index.spans.slice(from, to).filter((span) => span !== dragged && span !== neighbour);
      });
    const valleys = model.traces?.valleysBetween(Math.floor(view.start), Math.ceil(view.stop)) ?? [];
    // After a drag the play head stands on the edge that was dragged, and would hold it there.
    const isOnEdge = playHead === dragged.start_frame || playHead === dragged.end_frame;
    return listSnapTargets(view, { spans, frames: isOnEdge ? [] : [playHead], cuts: model.shotCuts, valleys });
  }
}
