import type { AdapterDeps } from "../../src/core/adapter.ts";
import { XiaoerError } from "../../src/core/errors.ts";
import { parseJson } from "./json.ts";
import { type FailedReceipt, refused } from "./receipts.ts";

/** One request to a platform. */
export interface PlatformCall {
  readonly url: string | URL;
  /** @default POST */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is (a form, an upload); `json` is ignored then. */
  readonly body?: BodyInit;
  readonly signal?: AbortSignal | undefined;
}

export type PlatformAnswer =
  /** `body` is undefined when the answer is not JSON (a gateway's HTML page). */
  | { readonly answered: true; readonly status: number; readonly headers: Headers; readonly body: unknown }
  /** No answer came; the receipt says whether the request can have been taken. */
  | { readonly answered: false; readonly receipt: FailedReceipt };

const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * Calls a platform through the injected `fetch`, under a time limit, and never throws. Without an answer the receipt is
 * `delivery.unavailable` when the request cannot have left (refused, unknown host), `delivery.outcome_unknown` when it may have
 * (timeout, reset), `delivery.cancelled` when the caller gave up: retryable only if nothing was sent.
 */
export async function callPlatform(
  deps: Pick<AdapterDeps, "fetch" | "timeoutMs">,
  call: PlatformCall,
): Promise<PlatformAnswer> {
  if (call.signal?.aborted) return unanswered("delivery.cancelled", "Cancelled before it was sent.", true);
  // Not AbortSignal.timeout and AbortSignal.any: their timers and ties outlive the call by as long as they wait.
  const controller = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, deps.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const cancel = () => controller.abort();
  call.signal?.addEventListener("abort", cancel);
  try {
    const response = await deps.fetch(call.url, toRequestInit(call, controller.signal));
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { answered: true, status: response.status, headers: response.headers, body: jsonOrUndefined(bytes) };
  } catch (error) {
    // The error's own words are left out: a failed URL is quoted in them, and URLs hold tokens.
    if (call.signal?.aborted) return unanswered("delivery.cancelled", "Cancelled while it was being sent.", false);
    if (late) return unanswered("delivery.outcome_unknown", "The platform did not answer in time.");
    if (error instanceof XiaoerError) return unanswered("delivery.unavailable", `Not sent (${error.code}).`);
    if (neverLeft(error)) return unanswered("delivery.unavailable", "The platform could not be reached.");
    return unanswered("delivery.outcome_unknown", "The connection broke before the platform answered.");
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener("abort", cancel);
  }
}

function unanswered(code: FailedReceipt["code"], detail: string, retryable?: boolean): PlatformAnswer {
  return { answered: false, receipt: refused(code, detail, retryable === undefined ? {} : { retryable }) };
}

function toRequestInit(call: PlatformCall, signal: AbortSignal): RequestInit {
  const { method = "POST", headers = {}, body, json } = call;
  if (body !== undefined || json === undefined) return { method, headers, body, signal };
  return { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(json), signal };
}

function jsonOrUndefined(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes);
  } catch {
    // A gateway's HTML page or nothing at all: the status says what is needed.
    return undefined;
  }
}

/** Node's and undici's codes for "no connection was made", so no byte of the request was written. */
const NEVER_LEFT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_INVALID_URL",
]);

function neverLeft(error: unknown, depth = 0): boolean {
  if (typeof error !== "object" || error === null || depth > 3) return false;
  if ("code" in error && typeof error.code === "string" && NEVER_LEFT.has(error.code)) return true;
  // Node tries each address of a host and reports them together.
  if (error instanceof AggregateError) return error.errors.every((each) => neverLeft(each, depth + 1));
  return "cause" in error && neverLeft(error.cause, depth + 1);
}
