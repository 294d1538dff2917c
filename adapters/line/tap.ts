import { z } from "zod";
import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Choice } from "../../src/core/lower.ts";
import { shorten, textLength } from "../../src/core/text.ts";
import { jsonIn } from "../shared/json.ts";
import type { ShortValues } from "../shared/short-values.ts";

/** https://developers.line.biz/en/reference/messaging-api/#postback-action: at most 300 characters; counted in bytes here. */
const MAX_DATA = 300;

/** `v` is the value, `t` the token a longer one is stored under. */
const tapSchema = z.union([
  z.strictObject({ l: z.string().min(1), v: z.string().min(1) }),
  z.strictObject({ l: z.string().min(1), t: z.string() }),
]);

/** A postback brings back nothing but its `data`, so the label travels in it beside the value. */
export async function packTap({ label, value }: Choice, values: ShortValues): Promise<string> {
  const whole = JSON.stringify({ l: label, v: value });
  if (textLength(whole, "bytes") <= MAX_DATA) return whole;
  return JSON.stringify({ l: shorten(label, 200, "bytes"), t: await values.shorten(value) });
}

/** A postback's data is unpacked to its button's label and value; data of the shop's own (a rich menu's) stands for itself. */
export async function withTap(event: InboundEvent, values: ShortValues): Promise<InboundEvent> {
  if (event.type !== "message" || event.message.content.type !== "text") return event;
  const { text, value: data } = event.message.content;
  const tap = data === undefined ? undefined : tapSchema.safeParse(jsonIn(data)).data;
  if (tap === undefined) return event;
  const value = "v" in tap ? tap.v : await values.expand(tap.t);
  // A date picker's answer is its own label.
  const content = { type: "text" as const, text: text === data ? tap.l : text, ...(value && { value }) };
  return { type: "message", message: { ...event.message, content } };
}
