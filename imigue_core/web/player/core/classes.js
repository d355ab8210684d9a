/** The project's classes by id. */

/** @typedef {import('./server.js').GestureClass} GestureClass */

/** @type {GestureClass} */
const UNKNOWN = {
  class_id: -1,
  name: 'unknown class',
  short_name: 'unknown',
  group: '',
  colour: '#7f8894',
  code: '?',
  published_count: 0,
};

export class ClassList {
  /** @param {GestureClass[]} list */
  constructor(list) {
    this.list = list;
    this.byId = new Map(list.map((one) => [one.class_id, one]));
  }

  /** @param {number} classId */
  has(classId) {
    return this.byId.has(classId);
  }

  /** @param {number} classId @returns {GestureClass} a grey one for an id that the list does not have */
  of(classId) {
    return this.byId.get(classId) ?? UNKNOWN;
  }
}
