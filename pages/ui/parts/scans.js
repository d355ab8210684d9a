/**
 * The videos and what the active model has said about each, as rows. Everything a person named is set as text.
 *
 * @typedef {{video_id: number, name: string, state: string, text: string, share: number|null, found: string,
 *   when: string, action: "scan"|"stop"|null, action_text: string, can_open: boolean}} Row
 *
 * @typedef {(name: 'open'|'scan'|'stop', videoId: number) => void} Send
 */

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

/** @param {string} text @param {string} title @param {() => void} onClick */
function makeButton(text, title, onClick) {
  const button = make('button', 'button', text);
  button.type = 'button';
  button.title = title;
  button.addEventListener('click', () => {
    button.disabled = true;
    onClick();
  });
  return button;
}

/** @param {Row} row */
function makeState(row) {
  const cell = make('td', `state ${row.state}`);
  cell.append(make('span', '', row.text));
  if (row.share !== null) {
    const bar = make('div', 'bar');
    bar.setAttribute('role', 'progressbar');
    bar.setAttribute('aria-valuenow', String(Math.round(row.share * 100)));
    bar.setAttribute('aria-label', row.name);
    const done = document.createElement('i');
    done.style.width = `${Math.round(row.share * 100)}%`;
    bar.append(done);
    cell.append(bar);
  }
  return cell;
}

/** @param {Row} row @param {Send} send */
function makeRow(row, send) {
  const node = make('tr', '');
  node.dataset.video = String(row.video_id);
  const name = make('td', 'name');
  if (row.can_open) {
    const open = make('button', 'open', row.name);
    open.type = 'button';
    open.title = `Open ${row.name} in Annotate`;
    open.addEventListener('click', () => send('open', row.video_id));
    name.append(open);
  } else name.textContent = row.name;
  const act = make('td', 'act');
  const { action } = row;
  if (action) {
    act.append(makeButton(row.action_text, `${row.action_text}: ${row.name}`, () => send(action, row.video_id)));
  }
  node.append(name, makeState(row), make('td', 'found', row.found), make('td', 'when', row.when), act);
  return node;
}

/**
 * Called by Streamlit with every run of the page.
 * @param {{parentElement: HTMLElement, data: {rows: Row[]}, setTriggerValue: (name: string, value: number) => void}}
 * component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const root = /** @type {HTMLElement} */ (parentElement.querySelector('.root'));
  const text = JSON.stringify(data);
  if (root.dataset.drawn === text) return;
  root.dataset.drawn = text;
  const table = make('table', 'scans');
  const head = make('tr', '');
  for (const title of ['Video', 'Scan', 'Suggestions', 'When', '']) head.append(make('th', '', title));
  const top = document.createElement('thead');
  top.append(head);
  const body = document.createElement('tbody');
  body.append(...data.rows.map((row) => makeRow(row, (name, id) => setTriggerValue(name, id))));
  table.append(top, body);
  root.replaceChildren(table);
}
