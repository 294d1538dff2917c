import type { Content, Message, MessagePage, SessionAnswer, SessionRequest, Upload } from "./contract.ts";

/** The server said no. `status` 0 means it could not be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs?: number) {
    super(`The server answered ${status}.`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

export interface Api {
  /** Files are named by path; everything else is left as it is. */
  absolute(url: string): string;
  createSession(request: SessionRequest): Promise<SessionAnswer>;
  sendMessage(token: string, message: { clientId: string; content: Content }): Promise<Message>;
  listMessages(token: string, after: string): Promise<MessagePage>;
  message(token: string, id: string): Promise<Message>;
  rate(token: string, rating: { sessionId: string; score: number; comment?: string }): Promise<void>;
  upload(token: string, job: UploadJob): Promise<Upload>;
  openSocket(token: string, after: string): WebSocket;
  openEvents(token: string, after: string, signal: AbortSignal): Promise<Response>;
}

export interface UploadJob {
  readonly file: File;
  readonly signal: AbortSignal;
  onProgress(share: number): void;
}

/** Longest wait for one call, in milliseconds. */
const callTimeoutMs = 15_000;

export function createApi(origin: string): Api {
  const path = (name: string) => `${origin}/v1/visitor/${name}`;
  const stream = (after: string) => `${path("stream")}?after=${encodeURIComponent(after)}`;

  async function call<T>(name: string, { token, body }: { token?: string; body?: unknown }): Promise<T> {
    const response = await fetch(path(name), {
      method: body === undefined ? "GET" : "POST",
      headers: { ...(token && bearer(token)), ...(body !== undefined && { "content-type": "application/json" }) },
      body: JSON.stringify(body),
      ...quiet,
      signal: AbortSignal.timeout(callTimeoutMs),
    }).catch(unreachable);
    const text = await response.text().catch(unreachable);
    if (!response.ok) throw new ApiError(response.status, waitOf(response.headers.get("retry-after")));
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  return {
    absolute: (url) => (url.startsWith("/") ? origin + url : url),
    createSession: (body) => call("sessions", { body }),
    sendMessage: async (token, body) => (await call<{ message: Message }>("messages", { token, body })).message,
    listMessages: (token, after) => call(`messages?after=${encodeURIComponent(after)}`, { token }),
    message: async (token, id) => (await call<{ message: Message }>(`messages/${id}`, { token })).message,
    rate: (token, body) => call("rating", { token, body }),
    upload: (token, job) => uploadWithProgress(path("uploads"), token, job),
    openSocket: (token, after) => new WebSocket(stream(after).replace(/^http/, "ws"), ["xiaoer.v1", `bearer.${token}`]),
    openEvents: (token, after, signal) =>
      fetch(stream(after), { headers: { accept: "text/event-stream", ...bearer(token) }, ...quiet, signal }),
  };
}

/** No cookies either way, and the shop's address stays at home. */
const quiet = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" } as const;

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function unreachable(): never {
  throw new ApiError(0);
}

function waitOf(retryAfter: string | null): number | undefined {
  const seconds = Number(retryAfter);
  return seconds > 0 ? seconds * 1000 : undefined;
}

/** `fetch` cannot tell how far an upload is. */
function uploadWithProgress(url: string, token: string, { file, signal, onProgress }: UploadJob): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onerror = () => reject(new ApiError(0));
    request.onload = () => {
      const { status } = request;
      if (status !== 201 && status !== 200)
        return reject(new ApiError(status, waitOf(request.getResponseHeader("retry-after"))));
      resolve(JSON.parse(request.responseText) as Upload);
    };
    signal.onabort = () => {
      request.abort();
      reject(new ApiError(cancelled));
    };
    const form = new FormData();
    form.append("file", file, file.name);
    request.send(form);
  });
}

/** The shopper took it back; no server says so. */
const cancelled = 499;
