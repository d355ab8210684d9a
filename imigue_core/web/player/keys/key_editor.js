/**
 * Changing keys: every binding by section; press a cap, then the key that shall do it. A key that
 * does something already is named, and can be swapped. What can be kept is keymap_custom.js.
 */

import { fill, h } from '../core/dom.js';
import { ClassOrderEditor } from './class_order_editor.js';
import { capsOf, textOfRow } from './key_names.js';
import { findConflicts, findTwins, isModifier, pressOf, refusePress } from './keymap_custom.js';

/** @typedef {import('./keymap_custom.js').Entry} Entry */
/** @typedef {import('./keymap_custom.js').Press} Press */
/** @typedef {import('./keymap.js').Row} Row */

export class KeyEditor {
  /**
   * @param {{keys: import('./key_table.js').KeyTable, classKeys: import('./class_keys.js').ClassKeys,
   *          onClose: () => void}} options
   */
  constructor({ keys, classKeys, onClose }) {
    this.keys = keys;
    this.isRedrawing = false;
    /** @type {Map<string, HTMLElement>} caps by binding */
    this.caps = new Map();
    /** @type {{id: string, cap: HTMLElement}|null} the binding that the next key is for */
    this.recording = null;
    this.shut = h('button', {
      type: 'button',
      class: 'icon-button',
      'aria-label': 'Back to the keys',
      text: '×',
      on: { click: onClose },
    });
    this.resetAll = h('button', {
      type: 'button',
      class: 'button',
      text: 'Reset all',
      on: { click: () => this.#resetAll() },
    });
    this.message = h('div', { class: 'key-message', role: 'status', 'aria-live': 'polite' });
    this.list = h('div', { class: 'help-columns' });
    this.order = new ClassOrderEditor({ keys, classKeys, onChange: (text) => this.#redraw(text) });
    this.node = h(
      'div',
      { class: 'help-sheet key-editor', role: 'dialog', 'aria-modal': 'true', 'aria-label': 'Change keys' },
      h(
        'div',
        { class: 'row key-head' },
        h('h2', { class: 'help-title', text: 'Change keys' }),
        h('span', { class: 'spring' }),
        this.resetAll,
        this.shut,
        this.message,
      ),
      this.list,
      this.order.node,
    );
    this.node.addEventListener('keydown', (event) => this.#key(event));
    this.node.addEventListener('focusout', () => this.recording && !this.isRedrawing && this.#stop());
    this.#redraw('Choose a key by Tab and Enter, or click it; then press the new one. Class keys, Esc and Tab stay.');
  }

  focus() {
    this.shut.focus();
  }

  /** @param {string} text @param {string} [focusId] binding whose cap gets the focus */
  #redraw(text, focusId = '') {
    this.isRedrawing = true;
    const entries = this.keys.entries;
    this.caps = new Map();
    fill(
      this.list,
      ...this.keys.sections.map(({ title, rows }) => {
        const free = rows
          .map((row) => ({
            row,
            own: entries.filter((one) => row.bindings.includes(one.binding) && !one.isFixed),
          }))
          .filter(({ own }) => own.length);
        return (
          free.length > 0 &&
          h(
            'section',
            { class: 'help-section' },
            h('h3', { text: title }),
            ...free.map(({ row, own }) => this.#makeRow(row, own)),
          )
        );
      }),
    );
    this.order.update();
    this.isRedrawing = false;
    this.#tell(text);
    this.caps.get(focusId)?.focus();
  }

  /** @param {Row} row @param {Entry[]} entries */
  #makeRow(row, entries) {
    const changed = entries.filter((one) => this.keys.custom.changes.has(one.id));
    const text = textOfRow(row);
    const shown = entries.filter(
      (one, i) => entries.findIndex((other) => this.#call(other.binding) === this.#call(one.binding)) === i,
    );
    const undo = () => {
      this.keys.change(new Map(changed.map((one) => [one.id, null])));
      this.#redraw(`“${text}” has its own keys again.`, entries[0].id);
    };
    const reset =
      changed.length > 0 &&
      h('button', {
        type: 'button',
        class: 'button small',
        'aria-label': `Reset the keys of: ${text}`,
        text: 'reset',
        on: { click: undo },
      });
    return h(
      'div',
      { class: changed.length ? 'help-row changed' : 'help-row' },
      h('span', { class: 'help-keys' }, ...shown.map((one, i) => this.#makeCap(one, text, i, shown.length))),
      h('span', {}, h('span', { text }), reset),
    );
  }

  /** @param {Entry} entry @param {string} text @param {number} i @param {number} n */
  #makeCap(entry, text, i, n) {
    const caps = this.#call(entry.binding);
    const cap = h(
      'button',
      {
        type: 'button',
        class: 'key-cap',
        'aria-label': `${text}${n > 1 ? `, ${i + 1} of ${n}` : ''}: ${caps}`,
        on: { click: () => this.#record(entry.id, cap) },
      },
      h('kbd', { text: caps }),
    );
    this.caps.set(entry.id, cap);
    return cap;
  }

  /** @param {string} id @param {HTMLElement} cap */
  #record(id, cap) {
    this.#stop();
    this.recording = { id, cap };
    cap.classList.add('recording');
    this.#tell('Press the new key; Esc leaves it as it is.');
  }

  #stop() {
    this.recording?.cap.classList.remove('recording');
    this.recording = null;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (!this.recording) return;
    event.preventDefault();
    event.stopPropagation();
    if (isModifier(event) || event.repeat) return;
    const { id } = this.recording;
    if (event.key === 'Escape') {
      this.#stop();
      return this.#tell('Left as it was.');
    }
    const press = pressOf(event);
    const refusal = refusePress(press, event.code);
    if (refusal) return this.#tell(`${refusal} Press another one, or Esc.`);
    this.#stop();
    this.#take(id, press, event);
  }

  /** @param {string} id @param {Press} press @param {KeyboardEvent} event */
  #take(id, press, event) {
    const { entries } = this.keys;
    const entry = /** @type {Entry} */ (entries.find((one) => one.id === id));
    const rivals = findConflicts(entries, entry, event);
    const name = this.#call(press);
    if (!rivals.length) {
      this.keys.change(this.#forTwins(entry, press));
      return this.#redraw(`${name} is “${textOfRow(entry.row)}” now.`, id);
    }
    if (rivals.some((one) => one.isFixed)) return this.#tell(`${name} is “${textOfRow(rivals[0].row)}”, which stays.`);
    this.#offer(entry, rivals, press, name);
  }

  /** @param {Entry} entry @param {Entry[]} rivals @param {Press} press @param {string} name */
  #offer(entry, rivals, press, name) {
    const { key, code, ctrl, shift, alt } = entry.binding;
    /** @type {Press} */
    const old = {
      ...(key ? { key } : { code }),
      ...(ctrl ? { ctrl } : {}),
      ...(shift ? { shift } : {}),
      ...(alt ? { alt } : {}),
    };
    const oldName = this.#call(old);
    const text = textOfRow(rivals[0].row);
    const swap = () => {
      this.keys.change(
        new Map([
          ...this.#forTwins(entry, press),
          ...rivals.map((one) => /** @type {[string, Press]} */ ([one.id, old])),
        ]),
      );
      this.#redraw(`${name} is “${textOfRow(entry.row)}” now, ${oldName} is “${text}”.`, entry.id);
    };
    const cancel = () => {
      this.#tell('Left as it was.');
      this.caps.get(entry.id)?.focus();
    };
    const swapping = h('button', { type: 'button', class: 'button primary', text: 'Swap', on: { click: swap } });
    fill(
      this.message,
      h('span', { class: 'warn', text: `${name} is “${text}” already (${rivals[0].title}).` }),
      swapping,
      h('button', { type: 'button', class: 'button', text: 'Cancel', on: { click: cancel } }),
    );
    swapping.focus();
  }

  /** @param {Entry} entry @param {Press} press @returns {Map<string, Press>} */
  #forTwins(entry, press) {
    return new Map(findTwins(this.keys.entries, entry, (one) => this.#call(one)).map((one) => [one.id, press]));
  }

  /** What a press is called on this keyboard. @param {Press} press */
  #call(press) {
    return capsOf(press, this.keys.layout).join(' ');
  }

  #resetAll() {
    this.keys.reset();
    this.#redraw('Every key is as it was built in.');
    this.resetAll.focus();
  }

  /** @param {string} text */
  #tell(text) {
    this.message.textContent = text;
  }
}
