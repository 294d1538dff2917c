/** One browser's stream: catches up by cursor, then follows; on a wake it reads the rows, and now and then without one. */
import type { Ephemeral, Hub, Topic } from "../core/live.ts";

export interface StreamFrame {
  readonly type: string;
  readonly cursor: string;
  readonly data: unknown;
}

/** Where frames go: a socket, an event stream. */
export interface Sink {
  send(frame: StreamFrame): void;
  /** Bytes not yet taken by the other side. */
  buffered(): number;
  close(code: number, reason: string): void;
}

export interface StreamSource {
  readonly hub: Pick<Hub, "subscribe">;
  readonly topic: Topic;
  readonly read: (
    after: number,
  ) => Promise<{ readonly frames: readonly StreamFrame[]; readonly cursor: number; readonly more: boolean }>;
  /** Is the login or token behind it still good? */
  readonly allowed: () => Promise<boolean>;
}

/** A reader this far behind is let go; it comes back by cursor. */
const MAX_BUFFERED = 1024 * 1024;
/** A wake may be lost; after this a stream looks by itself. */
const LOOK_EVERY_MS = 1000;
const ALLOWED_EVERY_MS = 4000;

/** Follows until the returned function is called or the sink is closed. */
export function follow(
  source: StreamSource,
  sink: Sink,
  after: number,
  options: { readonly pollMs?: number } = {},
): () => void {
  let cursor = after;
  let stopped = false;
  let reading = false;
  let again = false;
  let checkedAt = 0;

  const stop = () => {
    if (stopped) return;
    stopped = true;
    unsubscribe();
    clearInterval(timer);
  };
  const end = (code: number, reason: string) => {
    if (stopped) return;
    stop();
    sink.close(code, reason);
  };
  const look = async (): Promise<void> => {
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    try {
      do {
        again = false;
        const batch = await source.read(cursor);
        if (stopped) return;
        for (const frame of batch.frames) sink.send(frame);
        cursor = batch.cursor;
        if (sink.buffered() > MAX_BUFFERED) return end(1013, "too slow");
        if (batch.more) again = true;
      } while (again && !stopped);
    } catch {
      end(1011, "try again"); // the client resumes by cursor
    } finally {
      reading = false;
    }
  };
  const tick = async () => {
    const now = performance.now();
    if (now - checkedAt >= ALLOWED_EVERY_MS) {
      checkedAt = now;
      if (!(await source.allowed().catch(() => true))) return end(1008, "logged out"); // an outage of the store is no logout
    }
    await look();
  };
  const unsubscribe = source.hub.subscribe(source.topic, {
    wake: () => void look(),
    show: (frame: Ephemeral) => {
      const { type, ...data } = frame;
      if (!stopped) sink.send({ type, cursor: String(cursor), data });
    },
  });
  const timer = setInterval(() => void tick(), options.pollMs ?? LOOK_EVERY_MS);
  void look();
  return stop;
}
