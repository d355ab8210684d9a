/**
 * Every key of the studio, in one table: what it does, how it is matched, what the
 * help says. Letters and signs match by what they print (`event.key`), positions by
 * where they lie (`event.code`), so both work on any layout.
 *
 * @typedef {Object} Binding
 * @property {string} action name in actions.js
 * @property {string} [key] printed letter or sign, lower case
 * @property {string} [code] position on the keyboard
 * @property {boolean} [ctrl] Ctrl or Cmd @property {boolean} [shift] @property {boolean} [alt]
 * @property {boolean} [repeat] keeps acting while held down
 * @property {any} [value] passed to the action
 * @property {'suggestion'|'rejected'} [when] counts only while one is selected, and then before all others
 *
 * @typedef {{title: string, rows: {keys: string, text: string, bindings: Binding[]}[]}} Section
 */

/** Positions of the twelve class keys, most frequent class first. */
export const CLASS_CODES = [
  ...['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'].map((digit) => `Digit${digit}`),
  'Minus',
  'Equal',
];
/** What the class keys print on a US keyboard, until the browser tells the real layout. */
export const CLASS_KEY_NAMES = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '-', '='];

const key = (action, text, extra = {}) => ({ action, key: text, ...extra });
const code = (action, text, extra = {}) => ({ action, code: text, ...extra });
const row = (keys, text, ...bindings) => ({ keys, text, bindings });
const held = { repeat: true };
const suggestion = { when: 'suggestion' };
const rejected = { when: 'rejected' };
const nudge = (edge, frames) => ({ value: { edge, frames }, ...suggestion, ...held });

/** @type {Section[]} */
export const SECTIONS = [
  {
    title: 'Play',
    rows: [
      row('Space', 'play or pause', code('togglePlay', 'Space')),
      row('L', 'play, then faster: 1.5× 2× 4× 8× 16×', key('faster', 'l')),
      row('Shift L', 'slower: 0.5× 0.25×', key('slower', 'l', { shift: true })),
      row('K', 'stop', key('stop', 'k')),
      row('J', 'play backward, then faster', key('backward', 'j')),
      row('P', 'play the current label again and again', key('loopSpan', 'p')),
    ],
  },
  {
    title: 'Move',
    rows: [
      row('← →', 'one frame', code('step', 'ArrowLeft', { value: -1, ...held }), code('step', 'ArrowRight', { value: 1, ...held })),
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
      row('Tab', 'next own label (Shift: previous)', code('nextLabel', 'Tab', { value: 1, ...held }), code('nextLabel', 'Tab', { shift: true, value: -1, ...held })),
    ],
  },
  {
    title: 'Label',
    rows: [
      row('I', 'mark in', key('markIn', 'i')),
      row('O', 'mark out', key('markOut', 'o')),
      row('1 … 0 - =', 'label with one of the twelve most frequent classes', ...CLASS_CODES.map((text, i) => code('labelByKey', text, { value: i }))),
      row('Enter', 'label with any class: type part of its name (also C, /)', code('pickClass', 'Enter'), code('pickClass', 'NumpadEnter'), key('pickClass', 'c'), key('pickClass', '/')),
      row('R', 'change the class of the current label', key('relabel', 'r')),
      row('[ ]', 'start, end of the current label to the play head', code('setStart', 'BracketLeft', held), code('setEnd', 'BracketRight', held), key('setStart', '['), key('setEnd', ']')),
      row('Del', 'delete the current label (also ⌫)', code('deleteLabel', 'Delete'), code('deleteLabel', 'Backspace')),
      row('Esc', 'drop marks, selection or what is open', code('escape', 'Escape')),
    ],
  },
  {
    title: 'Suggestions',
    rows: [
      row('N', 'next suggestion above the threshold (Shift: previous)', key('nextSuggestion', 'n', { value: 1, ...held }), key('nextSuggestion', 'n', { shift: true, value: -1, ...held })),
      row('Enter', 'selected: accept (also 1)', code('accept', 'Enter', { value: 1, ...suggestion }), code('accept', 'NumpadEnter', { value: 1, ...suggestion }), code('accept', 'Digit1', { value: 1, ...suggestion })),
      row('2 … 5', 'selected: accept as the second to fifth class', ...[2, 3, 4, 5].map((rank) => code('accept', `Digit${rank}`, { value: rank, ...suggestion }))),
      row('Del', 'selected: reject (also ⌫)', code('reject', 'Delete', suggestion), code('reject', 'Backspace', suggestion)),
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
      row('6 … 0 - =', 'selected: no class keys; Esc leaves the suggestion', ...CLASS_CODES.slice(5).map((text) => code('noClassKey', text, suggestion))),
      row('A', 'play what is selected in a loop, or not', key('toggleLoop', 'a')),
      row(', .', 'lower, raise the threshold', key('stepThreshold', ',', { value: -1, ...held }), key('stepThreshold', '.', { value: 1, ...held })),
      row('E', 'next rejected one (Shift: previous)', key('nextRejected', 'e', { value: 1, ...held }), key('nextRejected', 'e', { shift: true, value: -1, ...held })),
      row('Enter', 'rejected one selected: lift the rejection', code('lift', 'Enter', rejected), code('lift', 'NumpadEnter', rejected)),
    ],
  },
  {
    title: 'Progress',
    rows: [
      row('W', 'all is labelled in the marked span, or in the watched stretch here (Shift: not)', key('markReviewed', 'w', { value: true }), key('markReviewed', 'w', { shift: true, value: false })),
      row('Ctrl Enter', 'the video is done, or not done after all', code('toggleDone', 'Enter', { ctrl: true })),
    ],
  },
  {
    title: 'Undo',
    rows: [
      row('Ctrl Z', 'undo', key('undo', 'z', { ctrl: true, ...held })),
      row('Ctrl Y', 'redo (also Ctrl Shift Z)', key('redo', 'y', { ctrl: true, ...held }), key('redo', 'z', { ctrl: true, shift: true, ...held })),
    ],
  },
  {
    title: 'View',
    rows: [
      row('V', 'next view: skeleton, face masked, source', key('cycleView', 'v')),
      row('B H F', 'body, hands, face', key('toggleSet', 'b', { value: 'body' }), key('toggleSet', 'h', { value: 'hands' }), key('toggleSet', 'f', { value: 'face' })),
      row(
        '↑ ↓',
        'zoom the timeline (also number pad + −, wheel)',
        code('zoom', 'ArrowUp', { value: 0.5, ...held }),
        code('zoom', 'ArrowDown', { value: 2, ...held }),
        code('zoom', 'NumpadAdd', { value: 0.5, ...held }),
        code('zoom', 'NumpadSubtract', { value: 2, ...held }),
      ),
      row('Z', 'whole video (Shift: current label)', key('zoomAll', 'z'), code('zoomAll', 'Numpad0'), key('zoomLabel', 'z', { shift: true })),
      row('F6', 'to the panel and back', code('panelFocus', 'F6')),
      row('?', 'these keys', key('help', '?')),
    ],
  },
];

const BINDINGS = SECTIONS.flatMap((section) => section.rows.flatMap((one) => one.bindings));

/**
 * The printed letter or sign of a key press, lower case. On layouts whose letters
 * are not Latin the position stands in, as it does on the key cap there.
 * @param {KeyboardEvent} event
 */
function printedOf(event) {
  const printed = event.key.toLowerCase();
  const isForeign = printed.length === 1 && printed.charCodeAt(0) > 127;
  return isForeign && /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : printed;
}

/**
 * What a key press means, or null. Nothing while an input method composes.
 * @param {KeyboardEvent} event @param {'suggestion'|'rejected'|null} [context] what is selected @returns {Binding|null}
 */
export function findBinding(event, context = null) {
  if (event.isComposing || event.keyCode === 229 || event.key === 'Process') return null;
  // AltGr arrives as Ctrl+Alt on Windows; a sign typed with it is that sign alone.
  const isAltGr = event.getModifierState?.('AltGraph') ?? false;
  const ctrl = (event.ctrlKey || event.metaKey) && !isAltGr;
  const alt = event.altKey && !isAltGr;
  const printed = printedOf(event);
  const isLetter = /^[a-z]$/.test(printed);
  const matches = (binding) => {
    if ((binding.ctrl ?? false) !== ctrl || (binding.alt ?? false) !== alt) return false;
    if (event.repeat && !binding.repeat) return false;
    if (binding.code) return binding.code === event.code && (binding.shift ?? false) === event.shiftKey && !isAltGr;
    // Signs may need Shift or AltGr on some layouts; only letters tell Shift apart.
    return binding.key === printed && (!isLetter || (binding.shift ?? false) === event.shiftKey);
  };
  const find = (bindings) => bindings.find((binding) => !binding.code && !isLetter && isDirectSign(event, binding) && matches(binding)) ?? bindings.find(matches) ?? null;
  return (context && find(BINDINGS.filter((binding) => binding.when === context))) ?? find(BINDINGS.filter((binding) => !binding.when));
}

/** A sign that needs Shift or AltGr is never a position: "/" is Shift+7 on many layouts. */
function isDirectSign(event, binding) {
  return binding.key?.length === 1 && (event.shiftKey || (event.getModifierState?.('AltGraph') ?? false));
}

/**
 * Names of the class keys on this keyboard.
 * @param {{getLayoutMap?: () => Promise<Map<string, string>>}|undefined} keyboard navigator.keyboard
 * @returns {Promise<string[]>}
 */
export async function loadClassKeyNames(keyboard) {
  try {
    const layout = await keyboard?.getLayoutMap?.();
    return CLASS_CODES.map((text, i) => layout?.get(text) ?? CLASS_KEY_NAMES[i]);
  } catch {
    return CLASS_KEY_NAMES;
  }
}
