/**
 * What stands on the page as `.studio`'s `player`: what browser tests, the bench and a curious developer read of it.
 * Nothing of the studio itself uses it. All parts stand here by their names, with some short words for what is in
 * them, so that what a test says does not depend on which part knows it.
 */

/** @typedef {import('./parts.js').Parts} Parts */

export class Handle {
  /** @param {import('./player.js').Player} player */
  constructor(player) {
    this.player = player;
    player.onParts = (parts) => Object.assign(this, parts);
  }

  get #parts() {
    return /** @type {Parts} */ (this.player.parts);
  }

  get root() {
    return this.player.root;
  }

  get data() {
    return this.player.data;
  }

  get live() {
    return this.player.live;
  }

  get annotatorId() {
    return this.player.ids.annotatorId;
  }

  get ready() {
    return this.player.parts?.picture.ready ?? false;
  }

  /** What the canvas shows now. @returns {import('../picture/views.js').View} */
  get mode() {
    return this.player.parts?.picture.mode ?? 'skeleton';
  }

  get modes() {
    return this.#parts.info.modes;
  }

  get mostRevealing() {
    return this.#parts.info.mostRevealing;
  }

  get nFrames() {
    return this.#parts.clock.nFrames;
  }

  get times() {
    return this.#parts.clock.times;
  }

  /** The shown frame. */
  get frame() {
    return this.#parts.clock.frame;
  }

  /** Where the play head is or is going. */
  get position() {
    return this.#parts.clock.position;
  }

  get show() {
    return this.#parts.picture.show;
  }

  get frames() {
    return this.#parts.picture.frames;
  }

  get canvas() {
    return this.#parts.picture.canvas;
  }

  /** Size of the upright source picture, pixels. */
  get width() {
    return this.#parts.picture.source.width;
  }

  get height() {
    return this.#parts.picture.source.height;
  }

  /** Whether the skeleton of the shown frame is on the canvas. */
  get hasOverlay() {
    return this.#parts.picture.poses.at(this.frame) !== null;
  }

  get onDrawn() {
    return this.#parts.picture.onDrawn;
  }

  set onDrawn(callback) {
    this.#parts.picture.onDrawn = callback;
  }

  get savedText() {
    return this.player.edits.status.text;
  }

  get annotations() {
    return this.#parts.labels.annotations;
  }

  viewport() {
    return this.#parts.picture.viewport();
  }

  /** @param {number} frame */
  seek(frame) {
    return this.#parts.picture.seek(frame);
  }

  play() {
    return this.#parts.transport.play();
  }

  pause() {
    this.#parts.transport.stop();
  }

  /** @param {Partial<import('../picture/overlay.js').Show>} changes */
  setShow(changes) {
    return this.#parts.picture.setShow(changes);
  }

  /** @param {number} classId */
  classOf(classId) {
    return this.#parts.classes.of(classId);
  }
}
