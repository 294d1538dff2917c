/** `wx.request` and `wx.uploadFile` as promises. */

/** A refusal, with the code of the problem; `status` 0 means that nothing answered. */
class ApiError extends Error {
  constructor(status, problem, retryAfterMs) {
    super(problem.detail || problem.title || "The server cannot be reached.");
    this.status = status;
    this.code = problem.code || "unreachable";
    this.retryAfterMs = retryAfterMs;
  }
}

function createHttp({ wx, baseUrl }) {
  const root = baseUrl.replace(/\/+$/, "");

  function request(method, path, { token, data } = {}) {
    return new Promise((resolve, reject) => {
      wx.request({
        url: `${root}${path}`,
        method,
        data,
        header: { "content-type": "application/json", ...bearer(token) },
        timeout: 15_000,
        success: (answer) => settle(answer.statusCode, answer.data, answer.header, resolve, reject),
        fail: () => reject(new ApiError(0, {})),
      });
    });
  }

  function upload(path, { token, filePath }) {
    return new Promise((resolve, reject) => {
      wx.uploadFile({
        url: `${root}${path}`,
        filePath,
        name: "file",
        header: bearer(token),
        timeout: 60_000,
        // Its answer is text, whatever it is.
        success: (answer) => settle(answer.statusCode, parse(answer.data), answer.header, resolve, reject),
        fail: () => reject(new ApiError(0, {})),
      });
    });
  }

  return { root, request, upload };
}

function bearer(token) {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

function settle(status, data, header, resolve, reject) {
  if (status >= 200 && status < 300) {
    resolve(data);
    return;
  }
  const wait = Number(header?.["retry-after"] || header?.["Retry-After"]);
  const problem = typeof data === "object" && data !== null ? data : {};
  reject(new ApiError(status, problem, wait > 0 ? wait * 1000 : undefined));
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    // A gateway's page: the status says what is needed.
    return undefined;
  }
}

module.exports = { ApiError, createHttp };
