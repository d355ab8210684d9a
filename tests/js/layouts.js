/** What the keys of four keyboards print: without a modifier, with Shift, with AltGr. */

const ROWS = [
  [
    'Backquote',
    'Digit1',
    'Digit2',
    'Digit3',
    'Digit4',
    'Digit5',
    'Digit6',
    'Digit7',
    'Digit8',
    'Digit9',
    'Digit0',
    'Minus',
    'Equal',
  ],
  [...'QWERTYUIOP'].map((one) => `Key${one}`).concat('BracketLeft', 'BracketRight'),
  [...'ASDFGHJKL'].map((one) => `Key${one}`).concat('Semicolon', 'Quote', 'Backslash'),
  ['IntlBackslash', ...[...'ZXCVBNM'].map((one) => `Key${one}`), 'Comma', 'Period', 'Slash'],
];

/**
 * In order of ROWS. "Dead" is a dead key as browsers tell it, · prints nothing.
 * @type {Record<string, {plain: string[], shift: string[], altGr: Record<string, string>}>}
 */
const PRINTED = {
  US: {
    plain: [
      '` 1 2 3 4 5 6 7 8 9 0 - =',
      'q w e r t y u i o p [ ]',
      "a s d f g h j k l ; ' \\",
      '· z x c v b n m , . /',
    ],
    shift: ['~ ! @ # $ % ^ & * ( ) _ +', 'Q W E R T Y U I O P { }', 'A S D F G H J K L : " |', '· Z X C V B N M < > ?'],
    altGr: {},
  },
  Finnish: {
    plain: [
      '§ 1 2 3 4 5 6 7 8 9 0 + Dead',
      'q w e r t y u i o p å Dead',
      "a s d f g h j k l ö ä '",
      '< z x c v b n m , . -',
    ],
    shift: [
      '½ ! " # ¤ % & / ( ) = ? Dead',
      'Q W E R T Y U I O P Å Dead',
      'A S D F G H J K L Ö Ä *',
      '> Z X C V B N M ; : _',
    ],
    altGr: {
      Digit2: '@',
      Digit4: '$',
      Digit7: '{',
      Digit8: '[',
      Digit9: ']',
      Digit0: '}',
      Minus: '\\',
      BracketRight: 'Dead',
      IntlBackslash: '|',
    },
  },
  French: {
    plain: [
      '² & é " \' ( - è _ ç à ) =',
      'a z e r t y u i o p Dead $',
      'q s d f g h j k l m ù *',
      '< w x c v b n , ; : !',
    ],
    shift: [
      '· 1 2 3 4 5 6 7 8 9 0 ° +',
      'A Z E R T Y U I O P Dead £',
      'Q S D F G H J K L M % µ',
      '> W X C V B N ? . / §',
    ],
    altGr: {
      Digit2: 'Dead',
      Digit3: '#',
      Digit4: '{',
      Digit5: '[',
      Digit6: '|',
      Digit7: 'Dead',
      Digit8: '\\',
      Digit9: '^',
      Digit0: '@',
      Minus: ']',
      Equal: '}',
    },
  },
  German: {
    plain: [
      'Dead 1 2 3 4 5 6 7 8 9 0 ß Dead',
      'q w e r t z u i o p ü +',
      'a s d f g h j k l ö ä #',
      '< y x c v b n m , . -',
    ],
    shift: [
      '° ! " § $ % & / ( ) = ? Dead',
      'Q W E R T Z U I O P Ü *',
      "A S D F G H J K L Ö Ä '",
      '> Y X C V B N M ; : _',
    ],
    altGr: {
      Digit7: '{',
      Digit8: '[',
      Digit9: ']',
      Digit0: '}',
      Minus: '\\',
      BracketRight: '~',
      IntlBackslash: '|',
      KeyQ: '@',
    },
  },
};

export const LAYOUTS = Object.keys(PRINTED);

/** Keys that print nothing, the same everywhere. */
const SILENT = [
  'Space',
  'Enter',
  'NumpadEnter',
  'Tab',
  'Escape',
  'Delete',
  'Backspace',
  'Insert',
  'Home',
  'End',
  'PageUp',
  'PageDown',
  'ArrowLeft',
  'ArrowRight',
  'ArrowUp',
  'ArrowDown',
  'NumpadAdd',
  'NumpadSubtract',
  'Numpad0',
  ...Array.from({ length: 12 }, (_, i) => `F${i + 1}`),
];
/** @type {Record<string, string>} */
const NAMES = { Space: ' ', NumpadEnter: 'Enter', NumpadAdd: '+', NumpadSubtract: '-', Numpad0: '0' };

/**
 * A key press as a browser reports it.
 * @param {string} key @param {string} code
 * @param {{ctrl?: boolean, shift?: boolean, alt?: boolean, meta?: boolean, altGraph?: boolean, repeat?: boolean,
 *          isComposing?: boolean, keyCode?: number}} [held]
 */
export function press(
  key,
  code,
  { ctrl = false, shift = false, alt = false, meta = false, altGraph = false, ...more } = {},
) {
  return {
    key,
    code,
    ctrlKey: ctrl,
    shiftKey: shift,
    altKey: alt,
    metaKey: meta,
    repeat: false,
    isComposing: false,
    keyCode: 0,
    getModifierState: (/** @type {string} */ name) => name === 'AltGraph' && altGraph,
    ...more,
  };
}

/** Every press of a keyboard with every sensible choice of modifiers. @param {string} name of the layout */
export function listPresses(name) {
  const { plain, shift, altGr } = PRINTED[name];
  const level = (/** @type {string[]} */ rows) =>
    new Map(ROWS.flatMap((codes, r) => rows[r].split(' ').map((printed, i) => [codes[i], printed])));
  const [low, high] = [level(plain), level(shift)];
  /** @type {ReturnType<typeof press>[]} */
  const found = [];
  /** @param {string} key @param {string} code @param {Parameters<typeof press>[2]} modifiers */
  const add = (key, code, modifiers) => key && key !== '·' && found.push(press(key, code, modifiers));
  for (const held of [{}, { ctrl: true }, { alt: true }, { ctrl: true, alt: true }]) {
    for (const [code, key] of low) add(key, code, held);
    for (const [code, key] of high) add(key, code, { ...held, shift: true });
    for (const code of SILENT)
      for (const up of [{}, { shift: true }]) add(NAMES[code] ?? code, code, { ...held, ...up });
  }
  for (const [code, key] of Object.entries(altGr)) {
    add(key, code, { altGraph: true });
    add(key, code, { altGraph: true, ctrl: true, alt: true }); // as Windows tells it
  }
  return found;
}
