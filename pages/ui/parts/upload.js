/**
 * Sends video files to /api/upload, one after the other, each streamed from disk with its progress.
 * Files do not pass through the page's own connection, so their size does not matter to it.
 *
 * @typedef {{status: HTMLElement, stop: HTMLElement, bar: HTMLElement, done: HTMLElement}} Signs how one file fares
 * @typedef {{waiting: {file: File, row: HTMLElement, signs: Signs}[], busy: boolean, tell: (videoId: number) => void}}
 * Queue
 * @typedef {{video_id: number, created: boolean}} Answer
 * @typedef {{limit: number, limit_text: string}} Data `limit`: bytes
 */

/** @type {WeakMap<HTMLElement, Queue>} */
const queues = new WeakMap();

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

/**
 * @param {File} file @param {(share: number) => void} onShare @param {(request: XMLHttpRequest) => void} onRequest
 * @returns {Promise<Answer>}
 */
function send(file, onShare, onRequest) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => onShare(event.loaded / (file.size || 1)));
    request.addEventListener('load', () => {
      /** @type {Partial<Answer> & {error?: {code: string, message: string}}} */
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = {};
      }
      if (request.status < 300) resolve(/** @type {Answer} */ (answer));
      else
        reject(
          new Error(answer.error ? `${answer.error.message} (${answer.error.code})` : `refused (${request.status})`),
        );
    });
    request.addEventListener('error', () => reject(new Error('the connection broke; add the file again.')));
    request.addEventListener('abort', () => reject(new Error('stopped.')));
    onRequest(request);
    request.send(file);
  });
}

/** @param {Queue} queue */
async function run(queue) {
  if (queue.busy) return;
  queue.busy = true;
  for (let next = queue.waiting.shift(); next; next = queue.waiting.shift()) {
    const { file, row, signs } = next;
    if (!row.isConnected) continue;
    const { status, stop, bar, done } = signs;
    try {
      const answer = await send(
        file,
        (share) => {
          done.style.width = `${share * 100}%`;
          status.textContent = share < 1 ? `${Math.floor(share * 100)} %` : 'checking';
        },
        (request) => stop.addEventListener('click', () => request.abort(), { once: true }),
      );
      status.textContent = answer.created ? 'added' : 'already in the library';
      queue.tell(answer.video_id);
    } catch (error) {
      status.className = 'status alarm';
      status.textContent = error instanceof Error ? error.message : String(error);
    }
    stop.remove();
    bar.remove();
  }
  queue.busy = false;
}

/** @param {Queue} queue @param {HTMLElement} list @param {File[]} files @param {Data} data */
function enqueue(queue, list, files, { limit, limit_text: limitText }) {
  for (const file of files) {
    const row = make('div', 'file');
    const stop = make('button', 'stop', 'stop');
    stop.type = 'button';
    stop.addEventListener('click', () => row.remove());
    const status = make('span', 'status muted', 'waiting');
    const bar = make('div', 'bar');
    const done = make('i', 'done');
    bar.append(done);
    row.append(make('span', 'name', file.name), status, stop, bar);
    list.append(row);
    if (file.size > limit) {
      status.className = 'status alarm';
      status.textContent = `larger than ${limitText} (UPLOAD_TOO_LARGE)`;
      stop.remove();
      bar.remove();
    } else {
      queue.waiting.push({ file, row, signs: { status, stop, bar, done } });
    }
  }
  run(queue);
}

/** @param {HTMLElement} root @param {Data} data @param {Queue} queue */
function draw(root, data, queue) {
  const drop = make('div', 'drop');
  const list = make('div', 'files');
  const input = make('input', '');
  input.type = 'file';
  input.multiple = true;
  input.accept = 'video/*,.mkv,.avi,.mov,.mts';
  input.hidden = true;
  const choose = make('button', 'button main', 'Choose videos');
  choose.type = 'button';
  choose.addEventListener('click', () => input.click());
  drop.append(
    choose,
    make('p', 'muted', `or drop them here, up to ${data.limit_text} each. They stay on this computer.`),
    input,
  );
  const add = (/** @type {Iterable<File>} */ files) => enqueue(queue, list, [...files], data);
  input.addEventListener('change', () => {
    add(input.files ?? []);
    input.value = '';
  });
  drop.addEventListener('dragover', (event) => {
    event.preventDefault();
    drop.classList.add('over');
  });
  drop.addEventListener('dragleave', () => drop.classList.remove('over'));
  drop.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    add(event.dataTransfer?.files ?? []);
  });
  root.replaceChildren(drop, list);
}

/**
 * Called by Streamlit with every run of the page.
 * @param {{parentElement: HTMLElement, data: Data, setTriggerValue: (name: string, value: number) => void}} component
 */
export default function ({ parentElement, data, setTriggerValue }) {
  const known = queues.get(parentElement);
  const queue = known ?? { waiting: [], busy: false, tell: () => {} };
  queue.tell = (videoId) => setTriggerValue('added', videoId);
  if (!known) {
    queues.set(parentElement, queue);
    draw(/** @type {HTMLElement} */ (parentElement.querySelector('.root')), data, queue);
  }
}
