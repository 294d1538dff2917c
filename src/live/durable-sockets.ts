/**
 * The WebSockets of one shop inside its Durable Object. Between frames the object may be unloaded and the sockets stay open, so what
 * must be known of a socket travels with it; limits of `security.md` WD-7.
 * https://developers.cloudflare.com/durable-objects/best-practices/websockets/
 */
import type { DurableObjectState, WebSocket as HeldSocket } from "@cloudflare/workers-types";
import type { Ephemeral, Topic } from "../core/live.ts";
import type { StreamFrame } from "./stream.ts";

/** https://developer.mozilla.org/docs/Web/API/WebSocket/readyState */
const OPEN = 1;
const PER_CONVERSATION = 5;
const PER_ADDRESS = 50;
const MAX_FRAME = 64 * 1024;
const FRAMES_PER_WINDOW = 20;
const WINDOW_MS = 10_000;
const MAX_BUFFERED = 1024 * 1024;
/** Nothing is shown to a login or token that was last seen good longer ago. */
const ALLOWED_FOR_MS = 4000;
/** After something happened all sockets are looked at again this soon; */
const LOOK_SOON_MS = 4000;
/** and this often while nothing does: a hint may have been lost. */
const LOOK_LATER_MS = 30_000;

/** Remembered with a socket across hibernation. */
interface Held {
  readonly topic: Topic;
  readonly kind: "visitor" | "desk";
  /** The hash of the login or visitor token. */
  readonly credential: string;
  readonly cursor: number;
  readonly allowedAt: number;
}

export interface SocketDeps {
  readonly ctx: Pick<DurableObjectState, "acceptWebSocket" | "getWebSockets" | "storage">;
  readonly now: () => number;
  readonly read: (
    kind: Held["kind"],
    topic: Topic,
    after: number,
  ) => Promise<{ readonly frames: readonly StreamFrame[]; readonly cursor: number; readonly more: boolean }>;
  readonly allowed: (kind: Held["kind"], credential: string) => Promise<boolean>;
}

export interface HibernatingSockets {
  accept(
    socket: HeldSocket,
    held: Omit<Held, "cursor" | "allowedAt">,
    from: { readonly after: number; readonly address: string },
  ): Promise<void>;
  /** New rows exist for the desk and for these conversations. */
  wake(conversationIds: readonly string[]): Promise<void>;
  show(topic: Topic, frame: Ephemeral): Promise<void>;
  /** A frame from the other side: nothing is asked for, so it only counts. */
  received(socket: HeldSocket, size: number, isText: boolean): void;
  /** The alarm: looks at every socket, and sets the next. */
  look(): Promise<void>;
}

const DESK = "desk";
const tagOf = ({ conversationId }: Topic) => (conversationId === undefined ? DESK : `conversation:${conversationId}`);
const heldBy = (socket: HeldSocket): Held => socket.deserializeAttachment() as Held; // written here alone

export function createHibernatingSockets({ ctx, now, read, allowed }: SocketDeps): HibernatingSockets {
  const reading = new Set<string>();
  const again = new Set<string>();
  const received = new WeakMap<HeldSocket, number[]>();
  let lookAt = 0;

  const open = (tag?: string) => ctx.getWebSockets(tag).filter((socket) => socket.readyState === OPEN);

  async function lookWithin(ms: number): Promise<void> {
    const at = now() + ms;
    if (lookAt > now() && lookAt <= at) return;
    lookAt = at;
    await ctx.storage.setAlarm(at);
  }

  /** Brings all sockets of a topic to its end; asked again meanwhile, it reads on. */
  async function pump(tag: string): Promise<void> {
    if (reading.has(tag)) {
      again.add(tag);
      return;
    }
    reading.add(tag);
    try {
      do again.delete(tag);
      while ((await step(tag)) || again.has(tag));
    } finally {
      reading.delete(tag);
    }
  }

  /** Sockets that stand at the same cursor share one read. */
  async function step(tag: string): Promise<boolean> {
    const byCursor = Map.groupBy(open(tag), (socket) => heldBy(socket).cursor);
    const more = await Promise.all([...byCursor].map(([cursor, sockets]) => advance(cursor, sockets)));
    return more.includes(true);
  }

  async function advance(cursor: number, sockets: readonly HeldSocket[]): Promise<boolean> {
    const [first] = sockets;
    if (first === undefined) return false;
    const { kind, topic } = heldBy(first);
    const batch = await read(kind, topic, cursor).catch(() => undefined);
    await Promise.all(
      sockets.map((socket) =>
        // The client resumes by cursor.
        batch === undefined
          ? end(socket, 1011, "try again")
          : deliver(socket, batch).catch(() => end(socket, 1011, "try again")),
      ),
    );
    return batch?.more === true;
  }

  async function deliver(
    socket: HeldSocket,
    batch: { readonly frames: readonly StreamFrame[]; readonly cursor: number },
  ): Promise<void> {
    if (batch.frames.length > 0 && !(await stillAllowed(socket, { freshMs: ALLOWED_FOR_MS })))
      return end(socket, 1008, "logged out");
    if (socket.readyState !== OPEN || batch.cursor === heldBy(socket).cursor) return;
    for (const frame of batch.frames) socket.send(JSON.stringify(frame));
    socket.serializeAttachment({ ...heldBy(socket), cursor: batch.cursor });
    if ((socket.bufferedAmount ?? 0) > MAX_BUFFERED) end(socket, 1013, "too slow");
  }

  /** Not asked again with every frame. */
  async function stillAllowed(socket: HeldSocket, { freshMs }: { readonly freshMs: number }): Promise<boolean> {
    const held = heldBy(socket);
    const at = now();
    if (at - held.allowedAt < freshMs) return true;
    if (!(await allowed(held.kind, held.credential))) return false;
    socket.serializeAttachment({ ...heldBy(socket), allowedAt: at });
    return true;
  }

  function end(socket: HeldSocket, code: number, reason: string): void {
    try {
      socket.close(code, reason);
    } catch {
      // closed already
    }
  }

  return {
    async accept(socket, { topic, kind, credential }, { after, address }) {
      const tags = [tagOf(topic), `address:${address}`];
      const full =
        (topic.conversationId !== undefined && open(tags[0]).length >= PER_CONVERSATION) ||
        open(tags[1]).length >= PER_ADDRESS;
      ctx.acceptWebSocket(socket, tags);
      socket.serializeAttachment({ topic, kind, credential, cursor: after, allowedAt: now() } satisfies Held);
      if (full) return end(socket, 1008, "too many sockets");
      socket.send(JSON.stringify({ type: "ready", cursor: String(after), data: {} } satisfies StreamFrame));
      // The door opens first; what was missed follows through it.
      void pump(tagOf(topic));
      await lookWithin(LOOK_LATER_MS);
    },
    async wake(conversationIds) {
      if (ctx.getWebSockets().length === 0) return;
      const tags = [DESK, ...conversationIds.map((conversationId) => tagOf({ shopId: "", conversationId }))];
      await Promise.all([...tags.map(pump), lookWithin(LOOK_SOON_MS)]);
    },
    async show(topic, { type, ...data }) {
      const tags = new Set([tagOf(topic), DESK]);
      for (const socket of [...tags].flatMap(open))
        socket.send(JSON.stringify({ type, cursor: String(heldBy(socket).cursor), data }));
      if (ctx.getWebSockets().length > 0) await lookWithin(LOOK_SOON_MS);
    },
    received(socket, size, isText) {
      if (!isText) return end(socket, 1003, "text only");
      if (size > MAX_FRAME) return end(socket, 1009, "too big");
      const at = now();
      const frames = [...(received.get(socket) ?? []).filter((before) => at - before < WINDOW_MS), at];
      received.set(socket, frames);
      if (frames.length > FRAMES_PER_WINDOW) end(socket, 1008, "too many frames");
    },
    async look() {
      lookAt = 0;
      const sockets = open();
      if (sockets.length === 0) return;
      await lookWithin(LOOK_LATER_MS);
      await Promise.all(
        sockets.map(async (socket) => {
          // An outage of the store is no logout.
          if (!(await stillAllowed(socket, { freshMs: 0 }).catch(() => true))) end(socket, 1008, "logged out");
        }),
      );
      await Promise.all([...new Set(sockets.map((socket) => tagOf(heldBy(socket).topic)))].map(pump));
    },
  };
}
