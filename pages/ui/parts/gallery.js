/**
 * The Library's cards. Everything a person named is set as text.
 *
 * @typedef {{video_id: number, name: string, thumb: string|null, length: string, state: string, state_text: string,
 *   facts: string, labels: string, empty: string, chosen: boolean,
 *   steps: {text: string, share: number|null, failed: boolean}[]}} Card
 *
 * @typedef {{cards: Card[], none: string}} Data `none`: what is said where there are no cards
 * @typedef {(name: 'open'|'details', videoId: number) => void} Send
 */

/** @type {WeakMap<HTMLElement, Map<number, {text: string, node: HTMLElement}>>} cards by video, of every element */
const drawn = new WeakMap();

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} className @param {string} [text]
 */
function make(tag, className, text = '') {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** @param {Card} card @param {Send} send */
function makePicture(card, send) {
  const open = make('button', 'open');
  open.type = 'button';
  open.title = `Open ${card.name} in Annotate`;
  open.append(make('span', 'empty', card.empty));
  if (card.thumb) {
    const picture = document.createElement('img');
    picture.loading = 'lazy';
    picture.alt = '';
    picture.src = card.thumb;
    picture.addEventListener('load', () => open.querySelector('.empty')?.remove(), { once: true });
    picture.addEventListener('error', () => picture.remove(), { once: true });
    open.append(picture);
  }
  if (card.length) open.append(make('span', 'tag length', card.length));
  if (card.state_text) open.append(make('span', `tag state ${card.state}`, card.state_text));
  open.addEventListener('click', () => send('open', card.video_id));
  return open;
}

/** @param {Card['steps'][number]} step */
function makeStep(step) {
  const line = make('div', step.failed ? 'step failed' : 'step');
  line.append(make('span', '', step.text));
  if (step.share !== null) {
    const bar = make('div', 'bar');
    const done = document.createElement('i');
    done.style.width = `${Math.round(step.share * 100)}%`;
    bar.append(done);
    line.append(bar);
  }
  return line;
}

/** @param {Card} card @param {Send} send */
function makeCard(card, send) {
  const node = make('article', card.chosen ? 'card chosen' : 'card');
  node.dataset.video = String(card.video_id);
  const body = make('div', 'body');
  const name = make('div', 'name', card.name);
  name.title = card.name;
  const foot = make('div', 'foot');
  const details = make('button', 'details', 'Details');
  details.type = 'button';
  details.addEventListener('click', () => send('details', card.video_id));
  foot.append(make('span', 'muted', card.labels), details);
  body.append(name, make('div', 'facts', card.facts), ...card.steps.map(makeStep), foot);
  node.append(makePicture(card, send), body);
  return node;
}

/**
 * Called by Streamlit with every run of the page.
 * @param {{parentElement: HTMLElement, data: Data, setTriggerValue: (name: string, value: number) => void}} component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.root'));
  const before = drawn.get(parentElement);
  const now = new Map();
  const grid = make('div', 'grid');
  for (const card of data.cards) {
    const text = JSON.stringify(card);
    const known = before?.get(card.video_id);
    const node = known?.text === text ? known.node : makeCard(card, (name, id) => setTriggerValue(name, id));
    now.set(card.video_id, { text, node });
    grid.append(node);
  }
  drawn.set(parentElement, now);
  root.replaceChildren(data.cards.length ? grid : make('p', 'none', data.none));
}
