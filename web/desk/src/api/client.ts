import type { Problem } from "./types.ts";

/** An answer that is not 2xx, as the server's problem document says it; `network` when there was no answer. */
export class ApiError extends Error {
  readonly problem: Problem;
  /** Seconds the server asks to wait. */
  readonly retryAfter: number | undefined;
  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail ?? problem.title ?? problem.code);
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
  get code(): string {
    return this.problem.code;
  }
  get status(): number {
    return this.problem.status;
  }
}

interface Options {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  /** A file sent as it is, with its own type. */
  readonly raw?: { readonly body: BodyInit; readonly type: string };
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

let csrf = "";
let onSignedOut: () => void = () => {};
let onUnreachable: () => void = () => {};
/** Server time minus ours, so that waiting times are right on a machine whose clock is not. */
let skewMs = 0;

export function setCsrf(value: string): void {
  csrf = value;
}
/** What a write says of itself besides its cookie. */
export function authHeaders(): Readonly<Record<string, string>> {
  return csrf === "" ? {} : { "x-xiaoer-csrf": csrf };
}
export function whenSignedOut(run: () => void): void {
  onSignedOut = run;
}
/** A request that got no answer: the live connection may be dead without knowing it. */
export function whenUnreachable(run: () => void): void {
  onUnreachable = run;
}
export function serverNow(): number {
  return Date.now() + skewMs;
}

export const get = <T>(path: string, options?: Options) => request<T>("GET", path, options);
export const post = <T>(path: string, body: unknown = {}, options?: Options) =>
  request<T>("POST", path, { ...options, body });
export const put = <T>(path: string, body: unknown, options?: Options) => request<T>("PUT", path, { ...options, body });
export const patch = <T>(path: string, body: unknown, options?: Options) =>
  request<T>("PATCH", path, { ...options, body });
export const del = <T = void>(path: string, body: unknown = {}, options?: Options) =>
  request<T>("DELETE", path, { ...options, body });
/** A file, kept under the name the server gives it. */
export async function download(path: string, query?: Options["query"]): Promise<void> {
  const response = await send(path + toQuery(query), { credentials: "same-origin" });
  if (!response.ok) throw new ApiError(await toProblem(response));
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1] ?? "";
  link.click();
  // The browser has begun by the time the next task runs; a minute is more than it needs.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
export const upload = <T>(path: string, raw: NonNullable<Options["raw"]>, query?: Options["query"]) =>
  request<T>("POST", path, { raw, ...(query && { query }) });

async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json", ...options.headers };
  const init: RequestInit = {
    method,
    headers,
    credentials: "same-origin",
    ...(options.signal && { signal: options.signal }),
  };
  if (method !== "GET") {
    headers["content-type"] = options.raw?.type ?? "application/json";
    if (csrf !== "") headers["x-xiaoer-csrf"] = csrf;
    init.body = options.raw?.body ?? JSON.stringify(options.body ?? {});
  }
  const response = await send(path + toQuery(options.query), init);
  noteServerTime(response);
  if (response.ok) {
    const text = await response.text();
    // The contract types the answer; the server validates what it sends against the same schema.
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
  const problem = await toProblem(response);
  if (problem.status === 401 && path !== "/v1/auth/login") onSignedOut();
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  throw new ApiError(problem, Number.isNaN(retryAfter) ? undefined : retryAfter);
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    onUnreachable();
    throw new ApiError({ status: 0, code: "network" });
  }
}

async function toProblem(response: Response): Promise<Problem> {
  const fallback: Problem = { status: response.status, code: "internal", title: response.statusText };
  if (!(response.headers.get("content-type") ?? "").includes("json")) return fallback;
  try {
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null ? { ...fallback, ...body, status: response.status } : fallback;
  } catch {
    return fallback; // A cut-off body: the status alone must do.
  }
}

function noteServerTime(response: Response): void {
  const at = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(at)) return;
  const skew = at + 500 - Date.now();
  // The header has whole seconds: smaller differences are rounding.
  skewMs = Math.abs(skew) < 2000 ? 0 : skew;
}

function toQuery(query: Options["query"]): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== "") params.set(key, String(value));
  }
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}
