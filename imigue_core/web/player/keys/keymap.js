/**
 * Every key of the studio, in one table: what it does and what the help says. Letters and
 * signs match by what they print (`key`), positions by where they lie (`code`); how is
 * key_match.js. What a person changed of it lies over it: keymap_custom.js.
 *
 * @typedef {Object} Binding
 * @property {string} action name in actions.js
 * @property {string} [key] printed letter or sign, lower case
 * @property {string} [code] position on the keyboard
 * @property {boolean} [ctrl] Ctrl or Cmd
 * @property {boolean} [shift]
 * @property {boolean} [alt]
 * @property {boolean} [repeat] keeps acting while held down
 * @property {Value} [value] passed to the action
 * @property {'suggestion'|'rejected'} [when] counts only while one is selected, and then before all others
 *
 * @typedef {number|string|boolean|{edge: 'start'|'end', frames: number}} Value
 * @typedef {{keys: string, text: string, bindings: Binding[], isChanged?: boolean}} Row `isChanged`: by this person
 * @typedef {{title: string, rows: Row[]}} Section
 * @typedef {Omit<Binding, 'action'|'key'|'code'>} Extra
 */

/** Positions of the twelve class keys, most frequent class first. */
export const CLASS_CODES = [
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((digit) => `Digit${digit}`),
  'Minus',
  'Equal',
];
/** What the class keys print on a US keyboard, until the browser tells the real layout. */
export const CLASS_KEY_NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '-', '='];
/** What comes before a class key for the classes 1-12, 13-24 and 25-32. */
export const BANK_KEYS = ['', 'q', 'x'];

/** @param {string} action @param {string} text @param {Extra} [extra] @returns {Binding} */
const key = (action, text, extra = {}) => ({ action, key: text, ...extra });
/** @param {string} action @param {string} text @param {Extra} [extra] @returns {Binding} */
const code = (action, text, extra = {}) => ({ action, code: text, ...extra });
/** @param {string} keys @param {string} text @param {...Binding} bindings @returns {Row} */
const row = (keys, text, ...bindings) => ({ keys, text, bindings });
const held = { repeat: true };
/** @type {Extra} */
const suggestion = { when: 'suggestion' };
/** @type {Extra} */
const rejected = { when: 'rejected' };
/** @param {'start'|'end'} edge @param {number} frames @returns {Extra} */
const nudge = (edge, frames) => ({ value: { edge, frames }, ...suggestion, ...held });
/** @type {['start'|'end', string, number][]} each edge, its key, which way is outward */
const EDGES = [
  ['start', 'BracketLeft', -1],
  ['end', 'BracketRight', 1],
];
/**
 * An edge by so many frames with Ctrl or Alt: outward, with Shift inward.
 * @param {string} action @param {Extra} modifier @param {number} frames @param {Extra} [extra]
 */
const nudges = (action, modifier, frames, extra = {}) =>
  EDGES.flatMap(([edge, place, outward]) =>
    [1, -1].map((way) =>
      code(action, place, {
        ...modifier,
        ...(way < 0 ? { shift: true } : {}),
        value: { edge, frames: way * outward * frames },
        ...held,
        ...extra,
      }),
    ),
  );

/** @type {Section[]} */
export const SECTIONS = [
  {
    title: 'Play',
    rows: [
      row('Space', 'play or pause', code('togglePlay', 'Space')),
      row('L', 'play, then faster: 1.5× 2× 4× 8× 16×', key('faster', 'l')),
      row('Shift L', 'slower: 0.5× 0.25× 0.1×', key('slower', 'l', { shift: true })),
      row('K', 'stop', key('stop', 'k')),
      row('J', 'play backward, then faster', key('backward', 'j')),
      row(
        'P',
        'lock: play the label, marked span, selection or suggestion again and again, at 0.1× to 4×',
        key('loopSpan', 'p'),
      ),
    ],
  },
  {
    title: 'Move',
    rows: [
      row(
        '← →',
        'one frame',
        code('step', 'ArrowLeft', { value: -1, ...held }),
        code('step', 'ArrowRight', { value: 1, ...held }),
      ),
      row(
        'Ctrl ← →',
        'ten frames (also Alt)',
        ...[-1, 1].flatMap((sign) => [
          code('step', sign < 0 ? 'ArrowLeft' : 'ArrowRight', { ctrl: true, value: 10 * sign, ...held }),
          code('step', sign < 0 ? 'ArrowLeft' : 'ArrowRight', { alt: true, value: 10 * sign, ...held }),
        ]),
      ),
      row(
        'Shift ← →',
        'one second',
        code('stepSeconds', 'ArrowLeft', { shift: true, value: -1, ...held }),
        code('stepSeconds', 'ArrowRight', { shift: true, value: 1, ...held }),
      ),
      row('Home End', 'first, last frame', code('goFirst', 'Home'), code('goLast', 'End')),
      row('G', 'go to a frame', key('goTo', 'g')),
      row(
        'PgDn PgUp',
        'next, previous peak of motion',
        code('nextPeak', 'PageDown', { value: 1, ...held }),
        code('nextPeak', 'PageUp', { value: -1, ...held }),
      ),
      row(
        'Tab',
        'next own label (Shift: previous)',
        code('nextLabel', 'Tab', { value: 1, ...held }),
        code('nextLabel', 'Tab', { shift: true, value: -1, ...held }),
      ),
    ],
  },
  {
    title: 'Label',
    rows: [
      row('I', 'mark in', key('markIn', 'i')),
      row('O', 'mark out; closes all open spans when nothing is marked', key('markOut', 'o')),
      row(
        '1 … 0 - =',
        'labels the marks or relabels what is selected; else opens a span of the class, and again, or let go after ' +
          'holding, closes it',
        ...CLASS_CODES.map((text, i) => code('labelByKey', text, { value: i })),
      ),
      row(
        'Shift 1 … =',
        'one second of the class from here',
        ...CLASS_CODES.map((text, i) => code('labelSecond', text, { shift: true, value: i })),
      ),
      row(
        'Q X',
        'the next class key is of bank two (classes 13 to 24), bank three (25 to 32)',
        key('bank', BANK_KEYS[1], { value: 1 }),
        key('bank', BANK_KEYS[2], { value: 2 }),
      ),
      row(
        'Enter',
        'label with any class: type part of its name (also C, /)',
        code('pickClass', 'Enter'),
        code('pickClass', 'NumpadEnter'),
        key('pickClass', 'c'),
        key('pickClass', '/'),
      ),
      row('R', 'change the class of the current label, or of all that are selected', key('relabel', 'r')),
      row(
        '[ ]',
        'start, end of the current label to the play head',
        code('setStart', 'BracketLeft', held),
        code('setEnd', 'BracketRight', held),
        key('setStart', '['),
        key('setEnd', ']'),
      ),
      row(
        'Del',
        'delete the current label, or all that are selected (also ⌫)',
        code('deleteLabel', 'Delete'),
        code('deleteLabel', 'Backspace'),
      ),
      row('Esc', 'drop marks, selection, the newest open span or what is open', code('escape', 'Escape')),
    ],
  },
  {
    title: 'Edges, several labels, doubts',
    rows: [
      row(
        'Ctrl [ ]',
        'start earlier, end later by ten frames (Shift: inward)',
        ...nudges('nudgeLabel', { ctrl: true }, 10),
      ),
      row('Alt [ ]', 'the same by one frame', ...nudges('nudgeLabel', { alt: true }, 1)),
      row(
        'Shift [ ]',
        'this edge and that of the label it touches to the play head',
        code('shareEdge', 'BracketLeft', { shift: true, value: 'start' }),
        code('shareEdge', 'BracketRight', { shift: true, value: 'end' }),
      ),
      row(
        'Y',
        'add the current label to the selection, or take it out (also Ctrl click; Shift click: all from the current ' +
          'one)',
        key('chooseCurrent', 'y'),
      ),
      row('Ctrl A', 'select all labels between the marks, else all', key('chooseAll', 'a', { ctrl: true })),
      row('Shift D', 'mark “unclear, discuss”, or not any more', key('toggleUnclear', 'd', { shift: true })),
      row('Shift C', 'how sure you are: 25, 50, 75, 100 %, not set', key('stepCertainty', 'c', { shift: true })),
      row('F2', 'write a note', code('writeNote', 'F2')),
    ],
  },
  {
    title: 'Split, merge, copy',
    rows: [
      row('S', 'split the label in two at the play head', key('splitLabel', 's')),
      row(
        'M',
        'merge the label with the next one of its class (Shift: previous); several selected: all of them',
        key('mergeLabel', 'm', { value: 1 }),
        key('mergeLabel', 'm', { shift: true, value: -1 }),
      ),
      row('D', 'duplicate the label at the play head, or right behind it', key('duplicateLabel', 'd')),
      row('U', 'copy the selected label of somebody else to your track', key('copyLabel', 'u')),
    ],
  },
  {
    title: 'Suggestions',
    rows: [
      row(
        'N',
        'next suggestion above the threshold (Shift: previous)',
        key('nextSuggestion', 'n', { value: 1, ...held }),
        key('nextSuggestion', 'n', { shift: true, value: -1, ...held }),
      ),
      row(
        'Enter',
        'selected: accept (also 1)',
        code('accept', 'Enter', { value: 1, ...suggestion }),
        code('accept', 'NumpadEnter', { value: 1, ...suggestion }),
        code('accept', 'Digit1', { value: 1, ...suggestion }),
      ),
      row(
        '2 … 5',
        'selected: accept as the second to fifth class',
        ...[2, 3, 4, 5].map((rank) => code('accept', `Digit${rank}`, { value: rank, ...suggestion })),
      ),
      row(
        'Del',
        'selected: reject (also ⌫)',
        code('reject', 'Delete', suggestion),
        code('reject', 'Backspace', suggestion),
      ),
      row('S', 'selected: skip for now (also X)', key('skip', 's', suggestion), key('skip', 'x', suggestion)),
      row(
        '[ ]',
        'selected: start earlier, end later by a frame (Shift: back)',
        code('nudge', 'BracketLeft', nudge('start', -1)),
        code('nudge', 'BracketRight', nudge('end', 1)),
        code('nudge', 'BracketLeft', { shift: true, ...nudge('start', 1) }),
        code('nudge', 'BracketRight', { shift: true, ...nudge('end', -1) }),
        key('nudge', '[', nudge('start', -1)),
        key('nudge', ']', nudge('end', 1)),
      ),
      row(
        'Ctrl [ ]',
        'selected: by ten frames, with Alt by one (Shift: back)',
        ...nudges('nudge', { ctrl: true }, 10, suggestion),
        ...nudges('nudge', { alt: true }, 1, suggestion),
      ),
      row(
        '6 … 0 - =',
        'selected: no class keys; Esc leaves the suggestion',
        ...CLASS_CODES.slice(5).map((text) => code('noClassKey', text, suggestion)),
        key('noClassKey', BANK_KEYS[1], suggestion),
      ),
      row(
        'Shift O',
        'order of review: by time, surest first, most doubtful first',
        key('stepOrder', 'o', { shift: true }),
      ),
      row('A', 'play what is selected in a loop, or not', key('toggleLoop', 'a')),
      row(
        'Shift A',
        'find what is like the suggestion, the marked span or the current label; there arrows walk, Enter or a ' +
          'class key labels',
        key('findSimilar', 'a', { shift: true }),
      ),
      row(
        ', .',
        'lower, raise the threshold',
        key('stepThreshold', ',', { value: -1, ...held }),
        key('stepThreshold', '.', { value: 1, ...held }),
      ),
      row(
        'E',
        'next rejected one (Shift: previous)',
        key('nextRejected', 'e', { value: 1, ...held }),
        key('nextRejected', 'e', { shift: true, value: -1, ...held }),
      ),
      row(
        'Enter',
        'rejected one selected: lift the rejection',
        code('lift', 'Enter', rejected),
        code('lift', 'NumpadEnter', rejected),
      ),
    ],
  },
  {
    title: 'Progress',
    rows: [
      row(
        'W',
        'all is labelled in the marked span, or in the watched stretch here (Shift: not)',
        key('markReviewed', 'w', { value: true }),
        key('markReviewed', 'w', { shift: true, value: false }),
      ),
      row('Ctrl Enter', 'the video is done, or not done after all', code('toggleDone', 'Enter', { ctrl: true })),
    ],
  },
  {
    title: 'Undo',
    rows: [
      row('Ctrl Z', 'undo', key('undo', 'z', { ctrl: true, ...held })),
      row(
        'Ctrl Y',
        'redo (also Ctrl Shift Z)',
        key('redo', 'y', { ctrl: true, ...held }),
        key('redo', 'z', { ctrl: true, shift: true, ...held }),
      ),
    ],
  },
  {
    title: 'View',
    rows: [
      row('V', 'next view: skeleton, face masked, source', key('cycleView', 'v')),
      row(
        'B H F',
        'body, hands, face',
        key('toggleSet', 'b', { value: 'body' }),
        key('toggleSet', 'h', { value: 'hands' }),
        key('toggleSet', 'f', { value: 'face' }),
      ),
      row(
        '↑ ↓',
        'zoom the timeline (also number pad + −, wheel)',
        code('zoom', 'ArrowUp', { value: 0.5, ...held }),
        code('zoom', 'ArrowDown', { value: 2, ...held }),
        code('zoom', 'NumpadAdd', { value: 0.5, ...held }),
        code('zoom', 'NumpadSubtract', { value: 2, ...held }),
      ),
      row(
        'Z',
        'whole video (Shift: what is selected)',
        key('zoomAll', 'z'),
        code('zoomAll', 'Numpad0'),
        key('zoomSelection', 'z', { shift: true }),
      ),
      row('Shift F', 'the timeline follows the play head, or not', key('toggleFollow', 'f', { shift: true })),
      row(
        'T',
        'motion traces (Shift: fold the tracks of others)',
        key('toggleTraces', 't'),
        key('toggleFoldAll', 't', { shift: true }),
      ),
      row(
        'Shift R',
        'rate the emotion of the video: arrows and 1 to 7 choose there, Esc comes back',
        key('focusRating', 'r', { shift: true }),
      ),
      row('F6', 'to the panel and back', code('panelFocus', 'F6')),
      row('F1', 'the codebook of the current class; in the list of classes, beside it', code('codebook', 'F1')),
      row('?', 'these keys', key('help', '?')),
    ],
  },
];
