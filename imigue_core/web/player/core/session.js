/**
 * What outlives a player on the page: the outbox of this page load, and where each
 * video was left. Streamlit swaps pages without a reload, so unsent edits go on.
 */

import { Outbox } from '../labels/outbox.js';

/** @type {Map<string, Outbox>} */
const outboxes = new Map();
/** @type {Map<number, number>} video -> frame */
const places = new Map();

/**
 * The one outbox of this page load for a project and a person.
 * @param {import('./api.js').Api} api @param {string} projectId @param {number} annotatorId
 */
export function getOutbox(api, projectId, annotatorId) {
  const key = `${projectId}:${annotatorId}`;
  let outbox = outboxes.get(key);
  if (outbox) return outbox;
  outbox = new Outbox({
    projectId,
    annotatorId,
    locks: navigator.locks,
    env: {
      storage: findStorage(),
      post: (body, options) => api.postJson('/edits', body, options),
      newId: () => crypto.randomUUID(),
      setTimer: (run, ms) => setTimeout(run, ms),
      clearTimer: (timer) => clearTimeout(timer),
    },
  });
  outboxes.set(key, outbox);
  return outbox;
}

function sendAll() {
  for (const outbox of outboxes.values()) outbox.sendLast();
}

function retryAll() {
  for (const outbox of outboxes.values()) outbox.retry();
}

window.addEventListener('pagehide', sendAll);
window.addEventListener('online', retryAll);
document.addEventListener('visibilitychange', () => (document.hidden ? sendAll() : retryAll()));

/** @param {number} videoId */
export const placeOf = (videoId) => places.get(videoId) ?? 0;
/** @param {number} videoId @param {number} frame */
export const keepPlace = (videoId, frame) => void places.set(videoId, frame);

/** A setting of this browser; null when it was never made or cannot be read. @param {string} key */
export const readSetting = (key) => findStorage()?.getItem(key) ?? null;

/** @param {string} key @param {string} value */
export function writeSetting(key, value) {
  try {
    findStorage()?.setItem(key, value);
  } catch {
    // Full: it lasts as long as the page.
  }
}

function findStorage() {
  try {
    return window.localStorage;
  } catch {
    return null; // forbidden by the browser; edits then live in memory only
  }
}
