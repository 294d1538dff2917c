/** A stream request served in this process: over a socket the runtime opened, or as server-sent events. */
import { digest } from "../core/seal.ts";
import type { Deps } from "../desk/deps.ts";
import { beat } from "../desk/duty.ts";
import { VISITOR_IDLE_MS } from "../desk/visit.ts";
import { follow, type Sink, type StreamFrame, type StreamSource } from "../live/stream.ts";
import { may } from "./access.ts";
import type { StreamRequest } from "./context.ts";
import { framesAfter } from "./frames.ts";

const SSE_PING_MS = 25_000;

export function sourceOf(desk: Deps, request: StreamRequest): StreamSource {
  return {
    hub: desk.hub,
    topic: request.topic,
    read: (after) => framesAfter(desk, request.kind, request.topic, after),
    allowed: async () => isAllowed(desk, request.kind, await credentialHash(request)),
  };
}

/** A login is known by its hash, a visitor by the token itself. */
export async function credentialHash({ kind, credential }: StreamRequest): Promise<string> {
  return kind === "desk" ? credential : digest(credential);
}

/** Is the login or visitor token behind a stream still good? An agent's that is, is there: asked while the stream lives, and only then. */
export async function isAllowed(desk: Deps, kind: StreamRequest["kind"], hash: string): Promise<boolean> {
  const now = desk.now();
  if (kind === "desk") {
    const login = await desk.store.login(hash);
    if (login === undefined || login.expiresAt <= now) return false;
    if (may(login.user.role, "sessions.serve")) await beat(desk, login.user);
    return true;
  }
  const token = await desk.store.visitorToken(hash);
  return token !== undefined && token.seenAt + VISITOR_IDLE_MS > now;
}

/** Where a stream begins: after the cursor the client has, or now; the first frame tells. */
export async function beginning(
  desk: Deps,
  request: StreamRequest,
): Promise<{ readonly after: number; readonly ready: StreamFrame }> {
  // Whoever opens the desk is there at once.
  if (request.kind === "desk") await isAllowed(desk, request.kind, await credentialHash(request));
  const after = request.after ?? (await desk.store.lastEventId(request.topic.shopId));
  return { after, ready: { type: "ready", cursor: String(after), data: {} } };
}

export async function serveEvents(
  desk: Deps,
  request: StreamRequest,
  signal: AbortSignal,
  closed?: () => void,
): Promise<Response> {
  const { after, ready } = await beginning(desk, request);
  const encoder = new TextEncoder();
  let stop: (() => void) | undefined;
  let ping: ReturnType<typeof setInterval> | undefined;
  let finished = false;
  const finish = () => {
    stop?.();
    clearInterval(ping);
    if (!finished) closed?.();
    finished = true;
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string) => controller.enqueue(encoder.encode(text));
        const sink: Sink = {
          send: (frame) => write(`id: ${frame.cursor}\nevent: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`),
          buffered: () => Math.max(0, -(controller.desiredSize ?? 0)),
          close() {
            finish();
            controller.close();
          },
        };
        sink.send(ready);
        stop = follow(sourceOf(desk, request), sink, after);
        ping = setInterval(() => write(": ping\n\n"), SSE_PING_MS);
        signal.addEventListener("abort", finish);
      },
      cancel: finish,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    },
  });
}
