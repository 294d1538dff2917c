import { createStore } from "../store.ts";
import { whenUnreachable } from "./client.ts";
import type { Frame } from "./types.ts";

export interface LiveState {
  readonly phase: "connecting" | "live" | "offline";
  readonly transport: "websocket" | "sse";
  /** When the connection was lost, by our clock. */
  readonly since: number;
}

export const liveState = createStore<LiveState>({ phase: "connecting", transport: "websocket", since: Date.now() });

interface Connection {
  close(): void;
}

/** Follows the shop's events from the last cursor on; reconnects until stopped. Returns how to stop. */
export function followLive(onFrame: (frame: Frame) => void): () => void {
  let cursor = "";
  let failures = 0;
  let connection: Connection | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const receive = (data: unknown) => {
    const frame = parseFrame(data);
    if (frame === undefined) return;
    cursor = frame.cursor ?? cursor;
    onFrame(frame);
  };
  const opened = (transport: LiveState["transport"]) => {
    failures = 0;
    liveState.set({ phase: "live", transport, since: Date.now() });
  };
  const lost = () => {
    connection = undefined;
    if (stopped) return;
    failures += 1;
    // One quick retry is not worth a bar across the page.
    liveState.set((current) =>
      current.phase === "live"
        ? { ...current, phase: "offline", since: Date.now() }
        : { ...current, phase: failures > 1 ? "offline" : current.phase },
    );
    timer = setTimeout(connect, backoff(failures));
  };
  const connect = () => {
    clearTimeout(timer);
    connection?.close();
    const url = `/v1/stream?after=${encodeURIComponent(cursor)}`;
    // Proxies that break WebSockets let event streams through.
    const open = failures > 0 && failures % 3 === 0 ? openEventSource : openSocket;
    connection = open(url, { opened, receive, lost });
  };
  const wake = () => {
    if (liveState.get().phase !== "live") connect();
  };
  /** A connection can be dead for minutes before the browser notices; a new one resumes where the old one was. */
  const renew = () => {
    if (stopped || liveState.get().phase !== "live") return;
    connection?.close();
    lost();
  };

  const reconnect = () => (liveState.get().phase === "live" ? renew() : connect());
  whenUnreachable(renew);
  addEventListener("online", reconnect);
  document.addEventListener("visibilitychange", wake);
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    whenUnreachable(() => {});
    removeEventListener("online", reconnect);
    document.removeEventListener("visibilitychange", wake);
    connection?.close();
  };
}

interface Handlers {
  opened(transport: LiveState["transport"]): void;
  receive(data: unknown): void;
  lost(): void;
}

function openSocket(path: string, handlers: Handlers): Connection {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url, "xiaoer.v1");
  let done = false;
  const lost = () => {
    if (done) return;
    done = true;
    handlers.lost();
  };
  socket.onopen = () => handlers.opened("websocket");
  socket.onmessage = (event) => handlers.receive(event.data);
  socket.onclose = lost;
  socket.onerror = lost;
  return {
    close() {
      done = true;
      socket.close();
    },
  };
}

function openEventSource(path: string, handlers: Handlers): Connection {
  const source = new EventSource(path);
  source.onopen = () => handlers.opened("sse");
  source.onmessage = (event) => handlers.receive(event.data);
  for (const type of ["ready", "message", "session", "ticket", "receipt", "typing", "article", "inbox", "task"]) {
    if (type !== "message") source.addEventListener(type, (event) => handlers.receive((event as MessageEvent).data));
  }
  source.onerror = () => {
    source.close();
    handlers.lost();
  };
  return { close: () => source.close() };
}

function parseFrame(data: unknown): Frame | undefined {
  if (typeof data !== "string") return undefined;
  try {
    const frame: unknown = JSON.parse(data);
    // The server validates frames against the contract; kinds newer than this page fall through where they are handled.
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as Frame) : undefined;
  } catch {
    return undefined;
  }
}

/** 0.5 s doubling to 15 s, with full jitter above the first half. */
function backoff(failures: number): number {
  const ceiling = Math.min(15_000, 500 * 2 ** (failures - 1));
  return ceiling / 2 + Math.random() * (ceiling / 2);
}
