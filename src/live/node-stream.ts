/** Live streams on Node: a WebSocket where one is asked for, server-sent events otherwise; limits of `security.md` WD-7. */
import { upgradeWebSocket } from "@hono/node-server";
import type { Context } from "hono";
import type { WebSocket as NodeSocket } from "ws";
import { follow, type Sink, type StreamFrame, type StreamSource } from "./stream.ts";

const PER_TOPIC = 5;
const FRAMES_PER_WINDOW = 20;
const WINDOW_MS = 10_000;
const PING_MS = 30_000;
/** An agent whose line went dead is missed soon. */
const DESK_PING_MS = 10_000;

export interface SocketStream {
  readonly source: StreamSource;
  readonly after: number;
  readonly ready: StreamFrame;
  /** Whom the socket belongs to, for the limit of sockets at once; absent: no limit. */
  readonly limitKey: string | undefined;
}

export interface NodeStreams {
  upgrade(c: Context, open: () => Promise<SocketStream>): Promise<Response>;
  /** Tells every socket to come back a little later; for a clean stop. */
  closeAll(): void;
  readonly size: number;
}

export function createNodeStreams(): NodeStreams {
  const sockets = new Set<NodeSocket>();
  const counts = new Map<string, number>();
  return {
    async upgrade(c, open) {
      const { source, after, ready, limitKey } = await open();
      const handler = upgradeWebSocket(() => {
        let stop: (() => void) | undefined;
        let ping: ReturnType<typeof setInterval> | undefined;
        let frames: number[] = [];
        let raw: NodeSocket | undefined;
        const finish = () => {
          stop?.();
          clearInterval(ping);
          if (raw !== undefined && sockets.delete(raw) && limitKey !== undefined)
            counts.set(limitKey, (counts.get(limitKey) ?? 1) - 1);
          if (limitKey !== undefined && (counts.get(limitKey) ?? 0) <= 0) counts.delete(limitKey);
        };
        return {
          onOpen(_event, ws) {
            // The Node adapter hands the `ws` socket through.
            raw = ws.raw as NodeSocket;
            const socket = raw;
            if (limitKey !== undefined && (counts.get(limitKey) ?? 0) >= PER_TOPIC) {
              socket.close(1008, "too many sockets");
              return;
            }
            if (limitKey !== undefined) counts.set(limitKey, (counts.get(limitKey) ?? 0) + 1);
            sockets.add(socket);
            const sink: Sink = {
              send: (frame) => socket.readyState === socket.OPEN && socket.send(JSON.stringify(frame)),
              buffered: () => socket.bufferedAmount,
              close(code, reason) {
                finish();
                socket.close(code, reason);
              },
            };
            sink.send(ready);
            stop = follow(source, sink, after);
            let alive = true;
            socket.on("pong", () => {
              alive = true;
            });
            ping = setInterval(
              () => {
                if (!alive) {
                  finish();
                  socket.terminate();
                  return;
                }
                alive = false;
                socket.ping();
              },
              limitKey === undefined ? DESK_PING_MS : PING_MS,
            );
          },
          onMessage(_event, ws) {
            const now = performance.now();
            frames = [...frames.filter((at) => now - at < WINDOW_MS), now];
            if (frames.length > FRAMES_PER_WINDOW) ws.close(1008, "too many frames");
          },
          onClose: finish,
          onError: finish,
        };
      });
      const response = await handler(c, async () => undefined);
      return response instanceof Response ? response : c.body(null, 426);
    },
    closeAll() {
      for (const socket of sockets) socket.close(1012, "restarting");
    },
    get size() {
      return sockets.size;
    },
  };
}
