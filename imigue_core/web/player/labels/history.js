/**
 * Which steps can be undone and redone, which of them go together, and what each is about, also
 * of earlier page loads. Pure bookkeeping; what a step does is labels.js.
 */

import { isStep, keyOfObject } from './label_edits.js';

/** @typedef {import('./edits.js').Kind} Kind */

export class History {
  constructor() {
    /** @type {string[]} edit ids, the next step last */
    this.undoStack = [];
    /** @type {string[]} */
    this.redoStack = [];
    /** @type {Map<string, string>} edit_id -> group_id, for edits that are undone and redone together */
    this.groups = new Map();
    /** @type {Map<string, string>} edit_id -> what it is about, for edits of earlier page loads */
    this.objects = new Map();
  }

  /**
   * @param {import('../core/server.js').Steps} state as GET /state answers
   */
  load({ undo, redo, groups = {}, objects = {} }) {
    this.undoStack = [...undo];
    this.redoStack = [...redo];
    for (const [editId, groupId] of Object.entries(groups)) this.groups.set(editId, groupId);
    for (const [editId, objectId] of Object.entries(objects)) this.objects.set(editId, keyOfObject(objectId));
  }

  /** @param {import('./edits.js').Edit} edit that was just made */
  push(edit) {
    if (isStep(edit)) {
      const [from, to] = this.#stacks(edit.kind);
      take(from, edit.target_edit_id);
      if (!to.includes(edit.target_edit_id)) to.push(edit.target_edit_id);
    } else if (!this.undoStack.includes(edit.edit_id)) {
      this.undoStack.push(edit.edit_id);
      if (edit.group_id) this.groups.set(edit.edit_id, edit.group_id);
      this.redoStack.length = 0;
    }
  }

  /**
   * An edit was refused. What changed since cannot be stepped back from here.
   * @param {import('./edits.js').Edit} edit
   * @param {string} code
   */
  takeBack(edit, code) {
    if (isStep(edit)) {
      const [from, to] = this.#stacks(edit.kind);
      take(to, edit.target_edit_id);
      if (code !== 'CONFLICT' && code !== 'NOT_AVAILABLE') from.push(edit.target_edit_id);
    } else take(this.undoStack, edit.edit_id);
  }

  /**
   * The last step, or all steps of the last group, in the order to take them.
   * @param {'undo'|'redo'} kind
   * @returns {string[]}
   */
  next(kind) {
    const [stack] = this.#stacks(kind);
    const groupId = this.groups.get(stack.at(-1) ?? '');
    const first = groupId
      ? stack.findLastIndex((id) => this.groups.get(id) !== groupId) + 1
      : Math.max(0, stack.length - 1);
    return stack.slice(first).reverse();
  }

  /** The stacks as they are now, for `restore`. */
  keep() {
    return { undoStack: [...this.undoStack], redoStack: [...this.redoStack] };
  }

  /** @param {{undoStack: string[], redoStack: string[]}} kept */
  restore(kept) {
    this.undoStack = kept.undoStack;
    this.redoStack = kept.redoStack;
  }

  /** Where a step is taken from and where it goes. @param {Kind} kind @returns {[string[], string[]]} */
  #stacks(kind) {
    return kind === 'undo' ? [this.undoStack, this.redoStack] : [this.redoStack, this.undoStack];
  }
}

/** @param {string[]} stack @param {string} id */
function take(stack, id) {
  const at = stack.lastIndexOf(id);
  if (at >= 0) stack.splice(at, 1);
}
