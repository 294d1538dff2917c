/** The Durable Object of one shop's live streams: WebSockets that hibernate, and event streams while they last. */
import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState, WebSocket as HeldSocket } from "@cloudflare/workers-types";
import type { Ephemeral, Topic } from "../core/live.ts";
import type { StreamRequest } from "../http/context.ts";
import { framesAfter } from "../http/frames.ts";
import { beginning, credentialHash, isAllowed, serveEvents } from "../http/streams.ts";
import { createHibernatingSockets, type HibernatingSockets } from "../live/durable-sockets.ts";
import { createMemoryHub } from "../live/memory-hub.ts";
import type { Bindings } from "./env.ts";
import { createHome, type WorkerHome } from "./home.ts";
import { readStreamRequest } from "./stream-door.ts";

/** Event streams of one conversation at once; `security.md` WD-7. */
const EVENT_STREAMS = 5;

export class LiveHub extends DurableObject<Bindings> {
  readonly #hub = createMemoryHub();
  readonly #home: WorkerHome;
  readonly #sockets: HibernatingSockets;
  readonly #eventStreams = new Map<string, number>();

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    const home = createHome(env, {
      hub: this.#hub,
      background: (work) => ctx.waitUntil(work),
      // It only reads: nothing is sent from here, and nothing left to do.
      origin: () => "",
      reminder: { remind: async () => undefined },
    });
    this.#home = home;
    this.#sockets = createHibernatingSockets({
      ctx,
      now: home.desk.now,
      read: (kind, topic, after) => framesAfter(home.desk, kind, topic, after),
      allowed: (kind, credential) => isAllowed(home.desk, kind, credential),
    });
    // Answered by the runtime without waking this object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  async wake(shopId: string, conversationIds: readonly string[]): Promise<void> {
    this.#hub.wake(shopId, conversationIds);
    await this.#sockets.wake(conversationIds);
  }

  async show(topic: Topic, frame: Ephemeral): Promise<void> {
    this.#hub.show(topic, frame);
    await this.#sockets.show(topic, frame);
  }

  /** A stream request from our own Worker, which has proven it. */
  async fetch(request: Request): Promise<Response> {
    const { stream, address } = readStreamRequest(request);
    if (request.headers.get("upgrade") !== "websocket") return this.#openEvents(stream, request);
    const { after } = await beginning(this.#home.desk, stream);
    const { 0: client, 1: server } = new WebSocketPair();
    const { topic, kind } = stream;
    await this.#sockets.accept(server, { topic, kind, credential: await credentialHash(stream) }, { after, address });
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(socket: HeldSocket, message: string | ArrayBuffer): void {
    const isText = typeof message === "string";
    this.#sockets.received(socket, isText ? message.length : message.byteLength, isText);
  }

  webSocketClose(socket: HeldSocket, code: number): void {
    // 1005 and 1006 say that no code came, and may not be sent.
    try {
      socket.close(code === 1005 || code === 1006 ? 1000 : code);
    } catch {
      // closed on both sides
    }
  }

  alarm(): Promise<void> {
    return this.#sockets.look();
  }

  async #openEvents(stream: StreamRequest, request: Request): Promise<Response> {
    const key = stream.topic.conversationId ?? "";
    const open = this.#eventStreams.get(key) ?? 0;
    if (key !== "" && open >= EVENT_STREAMS)
      return new Response(null, { status: 429, headers: { "retry-after": "10" } });
    this.#eventStreams.set(key, open + 1);
    return serveEvents(this.#home.desk, stream, request.signal, () => {
      const left = (this.#eventStreams.get(key) ?? 1) - 1;
      if (left > 0) this.#eventStreams.set(key, left);
      else this.#eventStreams.delete(key);
    });
  }
}
