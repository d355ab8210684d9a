/**
 * Building DOM nodes from plain values. Text only ever enters through
 * `textContent`, so names and notes can hold any characters.
 */

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] `class`, `text`, `on: {event: handler}`, else attributes (false/null = absent)
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') node.textContent = value;
    else if (name === 'class') node.className = value;
    else if (name === 'on') for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child || child === '') node.append(child);
  return node;
}

/**
 * A push button that names its key and gives the focus back to the stage after a mouse click.
 * @param {{text: string, key?: string, title?: string, class?: string, pressed?: boolean, disabled?: boolean,
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
  return /** @type {HTMLButtonElement} */ (node);
}

/** @param {Element} node @param {...(Node|null|undefined|false)} children */
export function fill(node, ...children) {
  node.replaceChildren(...children.filter(Boolean));
}

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
