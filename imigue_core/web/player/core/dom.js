/**
 * Building DOM nodes from plain values. Text only ever enters through
 * `textContent`, so names and notes can hold any characters.
 */

/**
 * @typedef {{[E in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[E]) => void}} Handlers
 * @typedef {{on?: Handlers, [name: string]: unknown}} Props `class`, `text`, else attributes (false/null = absent)
 * @typedef {Node|string|null|undefined|false} Child
 */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, { on = {}, ...props } = {}, ...children) {
  /** @type {HTMLElement} */
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') node.textContent = String(value);
    else if (name === 'class') node.className = String(value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [event, handler] of Object.entries(on))
    node.addEventListener(event, /** @type {EventListener} */ (handler));
  for (const child of children) if (child || child === '') node.append(child);
  return /** @type {HTMLElementTagNameMap[K]} */ (node);
}

/**
 * A push button that names its key and gives the focus back to the stage after a mouse click.
 * @param {{text?: string, key?: string, title?: string, class?: string, pressed?: boolean, disabled?: boolean,
 *          onClick: (event: MouseEvent) => void}} options
 * @returns {HTMLButtonElement}
 */
export function button({ text, key, title, class: className, pressed, disabled, onClick }) {
  const node = h('button', {
    type: 'button',
    class: className ?? 'button',
    title: title ?? null,
    'aria-label': title && !text ? title : null,
    'aria-pressed': pressed === undefined ? null : String(pressed),
    'aria-keyshortcuts': key ?? null,
    disabled: disabled ?? null,
    on: { click: onClick },
  });
  if (key) node.append(h('kbd', { text: key }));
  if (text !== undefined) node.append(h('span', { text }));
  return node;
}

/** @param {Element} node @param {...Child} children */
export function fill(node, ...children) {
  node.replaceChildren(...keepReal(children));
}

/**
 * Fills a node where that differs from what it holds: children that look the same stay, with their handlers
 * and the focus. For lists whose handlers mean their place or what is written on them.
 * @param {Element} node @param {...(Element|null|undefined|false|'')} children
 */
export function refill(node, ...children) {
  const wanted = keepReal(children);
  wanted.forEach((child, i) => {
    const held = node.children[i];
    if (!held) node.append(child);
    else if (held !== child && !held.isEqualNode(child)) held.replaceWith(child);
  });
  while (node.children.length > wanted.length) node.lastElementChild?.remove();
}

/** Writes a text that is not there already. @param {Element} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @template T @param {(T|null|undefined|false|'')[]} children @returns {T[]} */
const keepReal = (children) => /** @type {T[]} */ (children.filter(Boolean));

/**
 * What has the focus in the tree that a node is in; a shadow tree keeps its own.
 * @param {Node} node
 * @returns {HTMLElement|null}
 */
export function findFocused(node) {
  return /** @type {HTMLElement|null} */ (/** @type {Document|ShadowRoot} */ (node.getRootNode()).activeElement);
}

/**
 * Writes into a field that nobody is writing in.
 * @param {HTMLInputElement|HTMLTextAreaElement} node
 * @param {string} value
 */
export function setUnlessFocused(node, value) {
  if (findFocused(node) !== node && node.value !== value) node.value = value;
}
