import type { AdapterState, InboundEvent } from "../../src/core/adapter.ts";
import { textLength } from "../../src/core/text.ts";
import { sha256, toHex } from "./secrets.ts";

/** Marks a token; values that begin with it are always stored, so the two cannot be confused. */
const MARK = "~";
/** Buttons stay in a chat for ever; a tap after this long still brings its label. */
const TTL_MS = 180 * 24 * 3_600_000;

/** Carries values through a platform that takes only a few bytes of them (Telegram `callback_data`: 64). */
export interface ShortValues {
  /** The value itself when it fits, else a token it is stored under; the same value always gives the same token. */
  shorten(value: string): Promise<string>;
  /** The value a tap stands for; undefined when its token is no longer known. */
  expand(data: string): Promise<string | undefined>;
}

export function createShortValues(state: AdapterState, maxBytes: number): ShortValues {
  return {
    async shorten(value) {
      if (textLength(value, "bytes") <= maxBytes && !value.startsWith(MARK)) return value;
      const token = `${MARK}${toHex(await sha256(value)).slice(0, 32)}`;
      await state.set(`value:${token}`, value, { ttlMs: TTL_MS });
      return token;
    },
    async expand(data) {
      return data.startsWith(MARK) ? state.get(`value:${data}`) : data;
    },
  };
}

/** Taps whose value went out as a token come back with the value. */
export function expandTaps(events: readonly InboundEvent[], values: ShortValues): Promise<readonly InboundEvent[]> {
  return Promise.all(events.map((event) => expandTap(event, values)));
}

/** A tapped button may bring a token in place of a long value; forgotten, the label is left. */
async function expandTap(event: InboundEvent, values: ShortValues): Promise<InboundEvent> {
  if (event.type !== "message" || event.message.content.type !== "text") return event;
  const { text, value: data } = event.message.content;
  if (data === undefined) return event;
  const value = await values.expand(data);
  const content = { type: "text" as const, text: text === data ? (value ?? text) : text, ...(value && { value }) };
  return { type: "message", message: { ...event.message, content } };
}
