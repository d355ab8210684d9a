/**
 * How the player comes onto a Streamlit page, changes videos there and goes away.
 */

import { h } from './dom.js';
import { Handle } from './handle.js';
import { Player } from './player.js';

const LEAST_HEIGHT_PX = 460;
/** What makes it another player. @type {(keyof Data)[]} */
const SAME = ['video_id', 'project_id', 'annotator_id', 'api'];
const SETTLING_MS = [0, 100, 400];

/** @typedef {{player: Player, unfit: () => void, generation: number}} Entry */
/** @typedef {import('./server.js').PlayerData} Data */

/** @type {WeakMap<Node, Entry>} */
const mounted = new WeakMap();

/**
 * Called by Streamlit at the first run and whenever the data change.
 * @param {{parentElement: ShadowRoot|HTMLElement, data: Data,
 *          setTriggerValue: (name: string, value: unknown) => void}} component
 * @returns {() => void} takes the player away again
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  const host = parentElement.querySelector('.studio-host') ?? parentElement;
  let entry = mounted.get(parentElement);
  const shown = entry?.player.data;
  const isSame = shown && SAME.every((name) => shown[name] === data[name]);
  if (!entry || !isSame) {
    if (entry) close(entry);
    const root = h('div', { class: 'studio', tabindex: '0', role: 'application', 'aria-label': 'Annotation studio' });
    const player = new Player(root, data);
    Object.assign(root, { player: new Handle(player) });
    host.replaceChildren(root);
    root.style.visibility = 'hidden'; // until the style is there
    void loadStyle(parentElement).then(() => root.style.removeProperty('visibility'));
    entry = { player, unfit: fillWindow(root), generation: entry?.generation ?? 0 };
    mounted.set(parentElement, entry);
    void player.open();
  } else {
    entry.player.update(data);
  }
  const { player } = entry;
  player.onChanged = (value) => setTriggerValue('changed', value);
  entry.generation += 1;
  const { generation } = entry;
  return () => {
    // Streamlit also runs the clean-up of a call that a newer one has overtaken.
    const now = mounted.get(parentElement);
    if (now?.generation !== generation) return;
    close(now);
    mounted.delete(parentElement);
  };
}

/** @param {Entry} entry */
function close({ player, unfit }) {
  unfit();
  player.dispose();
}

/** @param {ShadowRoot|HTMLElement} parent */
function loadStyle(parent) {
  /** @type {HTMLLinkElement|null} */
  const present = parent.querySelector('link[data-studio]');
  if (present?.sheet) return Promise.resolve();
  const link =
    present ??
    h('link', { rel: 'stylesheet', href: new URL('./studio.css', import.meta.url).href, 'data-studio': true });
  return new Promise((resolve) => {
    link.addEventListener('load', () => resolve(undefined));
    link.addEventListener('error', () => resolve(undefined));
    if (!present) parent.prepend(link);
  });
}

/**
 * Keeps the studio as high as the window below the page's own bar.
 * @param {HTMLElement} root
 * @returns {() => void} stops that
 */
function fillWindow(root) {
  const fit = () => {
    const host = root.parentElement?.getBoundingClientRect().top ?? 0;
    const bar = document.querySelector('[data-testid="stHeader"]')?.getBoundingClientRect().bottom ?? 0;
    root.style.paddingTop = `${Math.max(0, bar - host)}px`;
    root.style.height = `${Math.max(LEAST_HEIGHT_PX, Math.floor(window.innerHeight - Math.max(0, host)))}px`;
  };
  window.addEventListener('resize', fit);
  const observer = new ResizeObserver(fit);
  observer.observe(document.body);
  for (const ms of SETTLING_MS) setTimeout(fit, ms);
  return () => {
    window.removeEventListener('resize', fit);
    observer.disconnect();
  };
}
