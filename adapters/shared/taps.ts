import type { InboundEvent } from "../../src/core/adapter.ts";
import type { ShortValues } from "./short-values.ts";

/** A tapped button may bring a token in place of a long value; forgotten, the label is left. */
export async function expandTap(event: InboundEvent, values: ShortValues): Promise<InboundEvent> {
  if (event.type !== "message" || event.message.content.type !== "text") return event;
  const { text, value: data } = event.message.content;
  if (data === undefined) return event;
  const value = await values.expand(data);
  const content = { type: "text" as const, text: text === data ? (value ?? text) : text, ...(value && { value }) };
  return { type: "message", message: { ...event.message, content } };
}
