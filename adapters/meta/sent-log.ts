import { z } from "zod";
import type { AdapterState, InboundEvent } from "../../src/core/adapter.ts";
import { readWatermark } from "./messenger-parse.ts";

const KEPT = 20;
const TTL_MS = 7 * 24 * 3_600_000;
const logSchema = z.array(z.object({ mid: z.string(), at: z.number() }));

/**
 * Our last messages to each person: Messenger says "read until 10:42" and names none, and Instagram's echoes do not say whose they are.
 * Two sends at once may forget one; its status then stays at delivered.
 */
export interface SentLog {
  add(psid: string, mid: string): Promise<void>;
  /** Reads and deliveries up to a time become those of the messages they mean; our own echoes say "sent". */
  resolve(events: readonly InboundEvent[]): Promise<readonly InboundEvent[]>;
}

export function createSentLog({ state, now }: { readonly state: AdapterState; readonly now: () => number }): SentLog {
  const keyOf = (psid: string) => `sent:${psid}`;
  async function load(psid: string) {
    const text = await state.get(keyOf(psid));
    return (text === undefined ? undefined : logSchema.safeParse(JSON.parse(text)).data) ?? [];
  }
  async function resolveOne(event: InboundEvent): Promise<readonly InboundEvent[]> {
    const mark = readWatermark(event);
    if (mark !== undefined) {
      const { status, at, watermark } = mark;
      const meant = (await load(mark.psid)).filter((entry) => entry.at <= watermark);
      return meant.length === 0
        ? [event]
        : meant.map(({ mid }) => ({ type: "status", channelMessageId: mid, status, at }));
    }
    if (event.type !== "message" || event.message.sender.isBot !== true) return [event];
    const { channelMessageId, sender, at } = event.message;
    const isOurs = (await load(sender.id)).some(({ mid }) => mid === channelMessageId.split(":")[0]);
    return isOurs ? [{ type: "status", channelMessageId, status: "sent", at }] : [event];
  }
  return {
    async add(psid, mid) {
      const log = [...(await load(psid)), { mid, at: now() }].slice(-KEPT);
      await state.set(keyOf(psid), JSON.stringify(log), { ttlMs: TTL_MS });
    },
    resolve: async (events) => (await Promise.all(events.map(resolveOne))).flat(),
  };
}
