import { backoffMs, createNap } from "./backoff.ts";
import type { Frame } from "./contract.ts";
import { readEventStream } from "./event-stream.ts";

export interface LiveOptions {
  openSocket(): WebSocket;
  openEvents(signal: AbortSignal): Promise<Response>;
  /** Fetches what was missed by a plain request; also tells why a socket would not open. */
  catchUp(): Promise<"reached" | "unreachable" | "unauthorized">;
  /** Gets a new token after the old one was refused. */
  renew(): Promise<void>;
  onFrame(frame: Frame): void;
  onOnline(online: boolean): void;
}

export interface Live {
  start(): void;
  stop(): void;
  /** Tries again now: the network came back, the page was shown again, a request failed. */
  restart(): void;
}

interface End {
  readonly opened: boolean;
  /** WebSocket close code; 0 where there is none. */
  readonly code: number;
}

/** The server restarts. Every visitor hears it at once, so each waits its own moment. */
const serviceRestart = 1012;
const openTimeoutMs = 10_000;
const pollEveryMs = 3_000;
const pollForMs = 60_000;

/**
 * Keeps one way open from the server to this page: a WebSocket, or, where a proxy eats those, server-sent events over
 * `fetch` (`EventSource` cannot send a token), or polling. The cursor makes every one of them resume without loss.
 */
export function createLive(options: LiveOptions): Live {
  const nap = createNap();
  let running: AbortController | undefined;
  let hangUp = () => {};

  async function run(signal: AbortSignal): Promise<void> {
    let attempt = 0;
    /** Sockets and streams the server could have answered, yet did not. */
    let refused = 0;
    while (!signal.aborted) {
      const end = await (refused < 2 ? socketStream(signal) : refused === 2 ? eventStream(signal) : poll(signal));
      if (signal.aborted) return;
      options.onOnline(false);
      if (end.opened) attempt = 0;
      if (end.opened || refused > 2) refused = refused > 1 ? 1 : 0;
      await nap.sleep(end.code === serviceRestart ? Math.random() * 2_000 : backoffMs(attempt));
      if (signal.aborted) return;
      attempt += 1;
      const outcome = await options.catchUp();
      if (signal.aborted) return;
      if (outcome === "unauthorized") await options.renew();
      if (outcome === "reached" && !end.opened) refused += 1;
    }
  }

  function socketStream(signal: AbortSignal): Promise<End> {
    return new Promise((resolve) => {
      const socket = options.openSocket();
      let opened = false;
      const done = (code: number) => {
        clearTimeout(timer);
        socket.onclose = socket.onmessage = socket.onopen = null;
        socket.close();
        resolve({ opened, code });
      };
      const timer = setTimeout(() => done(0), openTimeoutMs);
      signal.addEventListener("abort", () => done(0), { once: true });
      hangUp = () => done(0);
      socket.onopen = () => {
        opened = true;
        clearTimeout(timer);
        options.onOnline(true);
      };
      socket.onmessage = (event) => receive(event.data);
      socket.onclose = (event) => done(event.code);
    });
  }

  async function eventStream(signal: AbortSignal): Promise<End> {
    const stop = new AbortController();
    hangUp = () => stop.abort();
    signal.addEventListener("abort", hangUp, { once: true });
    let opened = false;
    try {
      const response = await options.openEvents(stop.signal);
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream") ?? false;
      if (!response.ok || !isStream || response.body === null) return { opened, code: 0 };
      opened = true;
      options.onOnline(true);
      for await (const event of readEventStream(response.body)) receive(event.data, event.id);
    } catch {
      // A cut stream is the ordinary end of one: the caller reconnects.
    }
    return { opened, code: 0 };
  }

  async function poll(signal: AbortSignal): Promise<End> {
    let reached = false;
    let stopped = false;
    hangUp = () => {
      stopped = true;
      nap.wake();
    };
    const until = Date.now() + pollForMs;
    while (!signal.aborted && !stopped && Date.now() < until) {
      if ((await options.catchUp()) !== "reached") break;
      reached = true;
      options.onOnline(true);
      await nap.sleep(pollEveryMs);
    }
    return { opened: reached, code: 0 };
  }

  function receive(data: unknown, id?: string): void {
    if (typeof data !== "string" || data === "") return;
    try {
      const frame = JSON.parse(data) as Frame;
      options.onFrame(frame.cursor === undefined && id !== undefined ? { ...frame, cursor: id } : frame);
    } catch {
      // A frame we cannot read is not worth the connection; its message comes again by cursor.
    }
  }

  return {
    start() {
      if (running !== undefined) return;
      running = new AbortController();
      void run(running.signal);
    },
    stop() {
      running?.abort();
      running = undefined;
      nap.wake();
    },
    restart() {
      hangUp();
      nap.wake();
    },
  };
}
