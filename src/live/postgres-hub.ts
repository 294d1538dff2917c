import type { Client } from "pg";
import type { Ephemeral, Hub, Topic } from "../core/live.ts";
import type { Logger } from "../core/ports.ts";
import { createMemoryHub } from "./memory-hub.ts";

const CHANNEL = "xiaoer_live";
const RECONNECT_MS = 1000;
/** A NOTIFY carries 8,000 bytes; wakes are collected for this long and sent as one. */
const COLLECT_MS = 5;
const MOST_PER_NOTIFY = 150;

interface Wire {
  readonly from: string;
  readonly wakes?: readonly (readonly [shopId: string, conversationIds: readonly string[]])[];
  readonly show?: { readonly topic: Topic; readonly frame: Ephemeral };
}

/** Wakes the streams of every process on one PostgreSQL. A lost notification costs a second: each stream also looks by itself. */
export function createPostgresHub(deps: {
  readonly connect: () => Promise<Client>;
  readonly log: Logger;
  readonly id: string;
}): Hub {
  const local = createMemoryHub();
  let client: Client | undefined;
  let closed = false;
  let waiting = new Map<string, Set<string>>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = (wire: Wire) => {
    client?.query("select pg_notify($1, $2)", [CHANNEL, JSON.stringify(wire)]).catch(() => undefined); // a hint; the rows are there anyway
  };
  const flush = () => {
    timer = undefined;
    const wakes = [...waiting].map(([shopId, ids]) => [shopId, [...ids]] as const);
    waiting = new Map();
    for (const [shopId, ids] of wakes) {
      for (let at = 0; at === 0 || at < ids.length; at += MOST_PER_NOTIFY)
        send({ from: deps.id, wakes: [[shopId, ids.slice(at, at + MOST_PER_NOTIFY)]] });
    }
  };
  const onNotice = (payload: string | undefined) => {
    try {
      const wire = JSON.parse(payload ?? "") as Wire;
      if (wire.from === deps.id) return;
      for (const [shopId, ids] of wire.wakes ?? []) local.wake(shopId, ids);
      if (wire.show !== undefined) local.show(wire.show.topic, wire.show.frame);
    } catch {
      // not one of ours
    }
  };
  const connect = async (): Promise<void> => {
    if (closed) return;
    try {
      const made = await deps.connect();
      made.on("notification", ({ payload }) => onNotice(payload));
      made.on("error", () => undefined);
      made.on("end", () => {
        client = undefined;
        if (!closed) setTimeout(connect, RECONNECT_MS).unref();
      });
      await made.query(`listen ${CHANNEL}`);
      client = made;
    } catch (error) {
      deps.log.warn({ err: error }, "the live channel is down; streams look by themselves meanwhile");
      setTimeout(connect, RECONNECT_MS).unref();
    }
  };
  void connect();

  return {
    wake(shopId, conversationIds = []) {
      local.wake(shopId, conversationIds);
      const ids = waiting.get(shopId) ?? new Set();
      for (const id of conversationIds) ids.add(id);
      waiting.set(shopId, ids);
      timer ??= setTimeout(flush, COLLECT_MS);
    },
    show(topic, frame) {
      local.show(topic, frame);
      send({ from: deps.id, show: { topic, frame } });
    },
    subscribe: (topic, listener) => local.subscribe(topic, listener),
    async close() {
      closed = true;
      if (timer !== undefined) clearTimeout(timer);
      await client?.end();
      await local.close();
    },
  };
}
