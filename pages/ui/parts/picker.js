/** Who are you? Posts the answer to /api/identity, which sets the cookie, and loads the page again. */

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

/** @param {{annotator_id: number}|{name: string}} body who @param {HTMLElement} alarm says what went wrong */
async function enter(body, alarm) {
  alarm.textContent = '';
  try {
    const answer = await fetch('/api/identity', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.ok) return location.reload();
    const { error } = await answer.json();
    alarm.textContent = [error.message, error.hint].filter(Boolean).join(' ');
  } catch {
    alarm.textContent = 'The studio does not answer. Is it still running?';
  }
}

/** @typedef {{people: {annotator_id: number, name: string}[]}} Data */

/** @param {HTMLElement} root @param {Data} data */
function draw(root, data) {
  const card = make('div', 'card');
  const alarm = make('p', 'alarm');
  alarm.setAttribute('role', 'alert');
  card.append(
    make('h1', '', 'Who is labelling?'),
    make(
      'p',
      'muted',
      'Every label remembers who made it, so that the work of several people can be told apart and compared.',
    ),
  );
  if (data.people.length) {
    const list = make('div', 'people');
    for (const person of data.people) {
      const row = make('button', 'person');
      row.type = 'button';
      row.append(make('i', 'sign', [...person.name][0].toUpperCase()), make('span', '', person.name));
      row.addEventListener('click', () => enter({ annotator_id: person.annotator_id }, alarm));
      list.append(row);
    }
    card.append(list);
  }
  const form = make('form', '');
  const label = make('label', '', data.people.length ? 'Somebody new' : 'Your name, or the sign you label under');
  const input = make('input', '');
  input.name = 'name';
  input.maxLength = 60;
  input.autocomplete = 'off';
  input.placeholder = 'Name';
  input.id = 'new-name';
  label.htmlFor = input.id;
  const start = make('button', 'button main', 'Start');
  start.type = 'submit';
  form.append(input, start);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (input.value.trim()) enter({ name: input.value }, alarm);
    else input.focus();
  });
  for (const kind of ['keydown', 'keyup']) card.addEventListener(kind, (event) => event.stopPropagation());
  card.append(label, form, alarm, make('p', 'small muted', 'No password: the studio answers on this computer only.'));
  root.replaceChildren(card);
  if (!data.people.length) input.focus();
}

/** Called by Streamlit with every run of the page. @param {{parentElement: HTMLElement, data: Data}} component */
export default function ({ parentElement, data }) {
  draw(/** @type {HTMLElement} */ (parentElement.querySelector('.root')), data);
}
