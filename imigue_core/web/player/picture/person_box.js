/** Dragging a box around a person in the picture. */

import { h } from '../core/dom.js';

const LEAST_PX = 12;

/** @typedef {{x: number, y: number}} Point CSS pixels on the stage */

/**
 * @param {{host: HTMLElement, canvas: HTMLCanvasElement, viewport: () => import('./overlay.js').Viewport,
 *          source: {width: number, height: number}, onBox: (box: [number, number, number, number]) => void}} options
 *   `host`: the stage; `onBox` is told x, y, width, height in source pixels
 * @returns {() => void} ends it
 */
export function askPersonBox({ host, canvas, viewport, source, onBox }) {
  const frame = h('div', { class: 'person-box', hidden: true });
  const cover = h('div', { class: 'person-cover' }, frame);
  /** @type {Point|null} */
  let begun = null;
  /** @param {PointerEvent} event @returns {Point} */
  const place = (event) => ({ x: event.offsetX, y: event.offsetY });
  /** @param {Point} a @param {Point} b */
  const between = (a, b) => ({
    left: Math.min(a.x, b.x),
    top: Math.min(a.y, b.y),
    width: Math.abs(a.x - b.x),
    height: Math.abs(a.y - b.y),
  });
  cover.addEventListener('pointerdown', (event) => {
    cover.setPointerCapture(event.pointerId);
    begun = place(event);
  });
  cover.addEventListener('pointermove', (event) => {
    if (!begun) return;
    const box = between(begun, place(event));
    frame.hidden = false;
    for (const [name, value] of Object.entries(box)) frame.style.setProperty(name, `${value}px`);
  });
  cover.addEventListener('pointerup', (event) => {
    if (!begun) return;
    const box = between(begun, place(event));
    begun = null;
    frame.hidden = true;
    if (box.width < LEAST_PX || box.height < LEAST_PX) return;
    const { x, y, scale } = viewport();
    const ratio = canvas.width / canvas.clientWidth;
    const left = clamp((box.left * ratio - x) / scale, source.width);
    const top = clamp((box.top * ratio - y) / scale, source.height);
    const right = clamp(((box.left + box.width) * ratio - x) / scale, source.width);
    const bottom = clamp(((box.top + box.height) * ratio - y) / scale, source.height);
    if (right > left && bottom > top) onBox([left, top, right - left, bottom - top]);
  });
  host.append(cover);
  return () => cover.remove();
}

/** @param {number} value @param {number} most */
const clamp = (value, most) => Math.round(Math.max(0, Math.min(most, value)));
