/**
 * The codebook's cards. Everything is set as text; loops are pictures of the server's.
 *
 * @typedef {{class_id: number, code: string, name: string, colour: string, how: string}} Link
 * @typedef {{class_id: number, code: string, name: string, group: string, colour: string, loop: string,
 *   dialects: string[], definition: string, start: string, end: string, count: string,
 *   views: {name: string, sight: 'well'|'partly'|'not', text: string}[], views_note: string, confusions: Link[]}} Card
 *
 * @typedef {{cards: Card[], none: string, focus: number|null}} Data `none`: what is said where there are no cards
 * @typedef {(classId: number) => void} Jump
 */

const SIGNS = { well: '●', partly: '◐', not: '○' };
/** @type {WeakMap<HTMLElement, Map<number, HTMLElement>>} cards by class, of every page element */
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

/** The loop, and one button for each way of acting it. @param {Card} card */
function makeLoop(card) {
  const stage = make('div', 'stage');
  const picture = document.createElement('img');
  picture.loading = 'lazy';
  picture.alt = `${card.name}, acted by a drawn figure`;
  picture.src = card.loop;
  stage.append(picture);
  const caption = make('span', 'caption muted', card.dialects[0]);
  const ways = make('div', 'ways');
  card.dialects.forEach((name, n) => {
    const way = make('button', n === 0 ? 'way on' : 'way', String(n + 1));
    way.type = 'button';
    way.title = name;
    way.setAttribute('aria-label', `${card.name}: ${name}`);
    way.addEventListener('click', () => {
      picture.src = `${card.loop}&d=${n}`;
      caption.textContent = name;
      for (const other of ways.children) other.classList.toggle('on', other === way);
    });
    ways.append(way);
  });
  stage.append(caption, ways);
  return stage;
}

/** @param {string} name @param {string} text */
function makeTerm(name, text) {
  return [make('dt', '', name), make('dd', '', text)];
}

/** @param {Link} link @param {Jump} jump */
function makeChip(link, jump) {
  const chip = make('button', 'chip', link.name);
  chip.type = 'button';
  chip.title = `${link.code}: ${link.how}`;
  chip.style.setProperty('--group', link.colour);
  chip.addEventListener('click', () => jump(link.class_id));
  return chip;
}

/** @param {Card} card */
function makeViews(card) {
  const views = make('div', 'views');
  views.title = card.views_note;
  for (const view of card.views) {
    const badge = make('span', `view ${view.sight}`);
    const sign = make('i', '', SIGNS[view.sight]);
    sign.setAttribute('aria-hidden', 'true');
    badge.append(sign, make('span', '', view.name), make('span', 'unseen', ` ${view.text}`));
    badge.title = `${view.name}: ${view.text}`;
    views.append(badge);
  }
  return views;
}

/** What tells it apart, one line a lookalike. @param {Card} card */
function makeMore(card) {
  const more = make('details', 'more');
  const list = make('dl', '');
  for (const link of card.confusions) list.append(...makeTerm(`${link.code} ${link.name}`, link.how));
  more.append(make('summary', '', 'How to tell them apart'), list);
  return more;
}

/** @param {Card} card @param {Jump} jump */
function makeCard(card, jump) {
  const node = make('article', 'card');
  node.dataset.class = String(card.class_id);
  node.tabIndex = -1;
  node.style.setProperty('--group', card.colour);
  const head = make('div', 'head');
  head.append(make('h3', 'name', card.name), make('span', 'code', card.code));
  const span = make('dl', 'span');
  span.append(...makeTerm('Starts', card.start), ...makeTerm('Ends', card.end));
  const chips = make('div', 'chips');
  chips.append(make('span', 'muted', 'Taken for'), ...card.confusions.map((link) => makeChip(link, jump)));
  const foot = make('div', 'foot');
  foot.append(makeViews(card), make('span', 'muted', card.count), make('p', 'note muted', card.views_note));
  const body = make('div', 'body');
  body.append(head, make('p', 'definition', card.definition), span, chips, makeMore(card), foot);
  node.append(makeLoop(card), body);
  return node;
}

/** @param {HTMLElement} node */
function showCard(node) {
  node.scrollIntoView({ block: 'center' });
  node.focus({ preventScroll: true });
  node.classList.add('found');
  setTimeout(() => node.classList.remove('found'), 2500);
}

/**
 * Called by Streamlit with every run of the page.
 * @param {{parentElement: HTMLElement, data: Data, setTriggerValue: (name: string, value: number) => void}} component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.root'));
  const known = drawn.get(parentElement) ?? new Map();
  drawn.set(parentElement, known);
  /** @param {number} classId @returns {HTMLElement|null} */
  const find = (classId) => root.querySelector(`[data-class="${classId}"]`);
  /** @type {Jump} */
  const jump = (classId) => {
    const node = find(classId);
    if (node) showCard(node);
    else setTriggerValue('jump', classId);
  };
  /** @type {HTMLElement[]} */
  const sections = [];
  for (const card of data.cards) {
    if (sections.at(-1)?.dataset.group !== card.group) {
      const section = make('section', 'group');
      section.dataset.group = card.group;
      section.style.setProperty('--group', card.colour);
      section.append(make('h2', '', card.group), make('div', 'grid'));
      sections.push(section);
    }
    const node = known.get(card.class_id) ?? makeCard(card, jump);
    known.set(card.class_id, node);
    sections.at(-1)?.lastElementChild?.append(node);
  }
  root.replaceChildren(...(sections.length ? sections : [make('p', 'none', data.none)]));
  const wanted = data.focus === null ? null : find(data.focus);
  if (wanted) requestAnimationFrame(() => showCard(wanted));
}
