import type { AdapterState, WebhookRequest } from "../../src/core/adapter.ts";

/**
 * A platform without an account there: posts webhooks signed as the vendor signs them, and serves the vendor's send API as strictly.
 * Tests, the simulator and end-to-end runs drive every channel through this one interface.
 */
export interface FakePlatform {
  readonly channel: string;
  /** For `AdapterDeps.fetch`; fails on any host that is not the vendor's. */
  readonly fetch: typeof fetch;
  /** The vendor's API as a server: what `fetch` calls, and what a real HTTP server may be put in front of. Throws `FakeNetworkError` for a broken connection. */
  handle(request: Request): Promise<Response>;
  /** A person's action as the webhook the vendor would post for it. */
  webhook(event: FakeEvent): Promise<Request>;
  /** Any body, signed as the vendor would: fixtures, fuzzing. A string or bytes go as they are, anything else as JSON. */
  sign(body: unknown): Promise<Request>;
  /** Which actions this platform has. */
  readonly plays: readonly FakeEvent["type"][];
  /** Two people's ids in this platform's form. */
  readonly people: readonly [string, string];
  /** What its users were shown, oldest first. */
  readonly sent: readonly FakeSent[];
  /** The next `times` (default 1) API calls go wrong. */
  fail(next: FakeFailure, times?: number): void;
  readonly clock: FakeClock;
}

export type FakeEvent =
  | { readonly type: "text"; readonly userId: string; readonly text: string }
  /** Taps the button with this label on the newest message that shows one. */
  | { readonly type: "tap"; readonly userId: string; readonly label: string }
  | {
      readonly type: "image" | "audio" | "video" | "file";
      readonly userId: string;
      readonly name?: string;
      readonly caption?: string;
    }
  | { readonly type: "location"; readonly userId: string; readonly lat: number; readonly lng: number }
  | { readonly type: "sticker"; readonly userId: string; readonly emoji: string }
  /** Changes what they last said. */
  | { readonly type: "edit"; readonly userId: string; readonly text: string }
  | { readonly type: "recall"; readonly userId: string }
  | { readonly type: "join"; readonly userId: string; readonly payload?: string }
  | { readonly type: "leave"; readonly userId: string }
  /** A kind no adapter has heard of. */
  | { readonly type: "unknown"; readonly userId: string };

/** One message as the vendor's API took it. */
export interface FakeSent {
  readonly to: string;
  readonly messageId: string;
  /** What a person reads: text, caption, title. */
  readonly text: string;
  /** Labels of what they can tap. */
  readonly buttons: readonly string[];
  /** The API method or path. */
  readonly method: string;
  readonly payload: unknown;
  readonly at: number;
}

/** `refused`: no connection; `reset`: broken before the platform took it; `accepted-then-reset`: taken, and the answer lost. */
export type FakeFailure =
  | "429"
  | "500"
  | "502"
  | "401"
  | "gone"
  | "timeout"
  | "refused"
  | "reset"
  | "accepted-then-reset";

export interface FakeClock {
  now(): number;
  advance(ms: number): void;
}

/** A connection that broke, as Node's `fetch` reports it; a server in front of `handle` drops its socket. */
export class FakeNetworkError extends TypeError {
  constructor(code: "ECONNREFUSED" | "ECONNRESET") {
    super("fetch failed", { cause: Object.assign(new Error(code), { code }) });
  }
}

export function createFakeClock(start = Date.UTC(2026, 0, 5, 2)): FakeClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** The part of a fake that is the same for all: its door, and what goes wrong there. */
export interface FakeDoor {
  readonly fetch: typeof fetch;
  handle(request: Request): Promise<Response>;
  fail(next: FakeFailure, times?: number): void;
}

export function createFakeDoor(options: {
  /** The vendor's hosts. */
  readonly origin: string | readonly string[];
  serve(request: Request): Promise<Response>;
  /** The vendor's own words for a refusal. */
  refuse(failure: "429" | "500" | "502" | "401" | "gone"): Response;
}): FakeDoor {
  const failures: FakeFailure[] = [];
  /** @param signal the caller's own: a request's only follows it, and nobody holds on to a request that is never answered */
  async function handle(request: Request, signal: AbortSignal = request.signal): Promise<Response> {
    const failure = failures.shift();
    switch (failure) {
      case undefined:
        return options.serve(request);
      case "timeout":
        return neverAnswer(signal);
      case "refused":
        throw new FakeNetworkError("ECONNREFUSED");
      case "reset":
        throw new FakeNetworkError("ECONNRESET");
      case "accepted-then-reset":
        await options.serve(request);
        throw new FakeNetworkError("ECONNRESET");
      default:
        return options.refuse(failure);
    }
  }
  return {
    handle,
    fail: (next, times = 1) => void failures.push(...Array<FakeFailure>(times).fill(next)),
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.signal.throwIfAborted();
      const { origin, host } = new URL(request.url);
      if (![options.origin].flat().some((own) => new URL(own).origin === origin)) {
        throw new Error(`The fake platform was asked for another host: ${host}.`);
      }
      return handle(request, init?.signal ?? request.signal);
    },
  };
}

function neverAnswer(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
}

/** A request as the webhook endpoint hands it to an adapter. */
export async function toWebhookRequest(request: Request): Promise<WebhookRequest> {
  const body = new Uint8Array(await request.arrayBuffer());
  return { method: request.method, url: new URL(request.url), headers: request.headers, body };
}

/** A body for `sign`: text and bytes as they are, anything else as JSON. */
export function toBody(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

/** An `AdapterState` in memory, on the fake's clock. */
export function createFakeState(clock: FakeClock): AdapterState {
  const entries = new Map<string, { readonly value: string; readonly until: number }>();
  return {
    async get(key) {
      const entry = entries.get(key);
      return entry === undefined || entry.until <= clock.now() ? undefined : entry.value;
    },
    async set(key, value, options = {}) {
      entries.set(key, { value, until: clock.now() + (options.ttlMs ?? Number.POSITIVE_INFINITY) });
    },
  };
}
