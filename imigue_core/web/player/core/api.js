/**
 * Calls to the studio's JSON API. Every failure becomes one `ApiError` with a
 * stable code; a server that cannot be reached has status 0 and code OFFLINE.
 */

export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {string} message @param {string} [hint] */
  constructor(status, code, message, hint = '') {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

export class Api {
  /** @param {string} base such as "/api" @param {typeof fetch} [fetchFn] */
  constructor(base, fetchFn = (...args) => globalThis.fetch(...args)) {
    this.base = base;
    this.fetchFn = fetchFn;
  }

  /** @param {string} path @param {RequestInit} [options] @returns {Promise<Response>} */
  async request(path, options = {}) {
    let response;
    try {
      response = await this.fetchFn(this.base + path, { credentials: 'same-origin', ...options });
    } catch (error) {
      throw new ApiError(
        0,
        'OFFLINE',
        `the studio does not answer (${error instanceof Error ? error.message : error})`,
      );
    }
    if (response.ok) return response;
    const body = await response.json().catch(() => null);
    const error = body?.error ?? {};
    throw new ApiError(
      response.status,
      error.code ?? `HTTP_${response.status}`,
      error.message ?? response.statusText,
      error.hint,
    );
  }

  /**
   * @param {string} path @param {RequestInit} [options]
   * @returns {Promise<any>} `any`, since each caller writes down which answer of server.d.ts it reads
   */
  async getJson(path, options = {}) {
    return readJson(await this.request(path, { cache: 'no-store', ...options }));
  }

  /** @param {string} path @returns {Promise<ArrayBuffer>} */
  async getBuffer(path) {
    return (await this.request(path)).arrayBuffer();
  }

  /**
   * @param {string} path @param {unknown} body @param {{keepalive?: boolean}} [options]
   * @returns {Promise<any>} `any` as with getJson
   */
  async postJson(path, body, { keepalive = false } = {}) {
    const response = await this.request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      keepalive,
    });
    return readJson(response);
  }
}

/**
 * A 200 from something in between (a proxy, a sign-in page) is no answer of the studio.
 * @param {Response} response
 */
function readJson(response) {
  return response.json().catch(() => {
    throw new ApiError(response.status, 'ANSWER_UNREADABLE', 'what answered is not the studio');
  });
}
