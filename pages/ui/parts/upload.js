/**
 * Sends video files to /api/upload, one after the other, each streamed from disk with its progress.
 * Files do not pass through the page's own connection, so their size does not matter to it.
 */

const queues = new WeakMap();

function make(tag, className, text = '') {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** @returns {Promise<{video_id: number, created: boolean}>} */
function send(file, onShare, onRequest) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => onShare(event.loaded / (file.size || 1)));
    request.addEventListener('load', () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = {};
      }
      if (request.status < 300) resolve(answer);
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

async function run(queue) {
  if (queue.busy) return;
  queue.busy = true;
  while (queue.waiting.length) {
    const { file, row } = queue.waiting.shift();
    if (!row.isConnected) continue;
    const [status, stop, bar] = ['status', 'stop', 'done'].map((name) => row.querySelector(`.${name}`));
    try {
      const answer = await send(
        file,
        (share) => {
          bar.style.width = `${share * 100}%`;
          status.textContent = share < 1 ? `${Math.floor(share * 100)} %` : 'checking';
        },
        (request) => stop.addEventListener('click', () => request.abort(), { once: true }),
      );
      status.textContent = answer.created ? 'added' : 'already in the library';
      queue.tell(answer.video_id);
    } catch (error) {
      status.className = 'status alarm';
      status.textContent = error.message;
    }
    stop.remove();
    bar.parentElement.remove();
  }
  queue.busy = false;
}

function enqueue(queue, list, files, limit, limitText) {
  for (const file of files) {
    const row = make('div', 'file');
    const stop = make('button', 'stop', 'stop');
    stop.type = 'button';
    stop.addEventListener('click', () => row.remove());
    const bar = make('div', 'bar');
    bar.append(make('i', 'done'));
    row.append(make('span', 'name', file.name), make('span', 'status muted', 'waiting'), stop, bar);
    list.append(row);
    if (file.size > limit) {
      row.querySelector('.status').className = 'status alarm';
      row.querySelector('.status').textContent = `larger than ${limitText} (UPLOAD_TOO_LARGE)`;
      stop.remove();
      bar.remove();
    } else {
      queue.waiting.push({ file, row });
    }
  }
  run(queue);
}

/** @param {{limit: number, limit_text: string}} data */
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
  const add = (files) => enqueue(queue, list, files, data.limit, data.limit_text);
  input.addEventListener('change', () => {
    add([...input.files]);
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
    add([...event.dataTransfer.files]);
  });
  root.replaceChildren(drop, list);
}

export default function ({ parentElement, data, setTriggerValue }) {
  const known = queues.get(parentElement);
  const queue = known ?? { waiting: [], busy: false, tell: () => {} };
  queue.tell = (videoId) => setTriggerValue('added', videoId);
  if (!known) {
    queues.set(parentElement, queue);
    draw(parentElement.querySelector('.root'), data, queue);
  }
}
