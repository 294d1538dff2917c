import { z } from "zod";
import type { Choice } from "../../src/core/lower.ts";
import { createHmac, fromBase64, toBase64 } from "../shared/hmac.ts";

const words = z.string().min(1);
const tapSchema = z.object({ xiaoer: z.object({ label: words, value: words, sign: z.string() }) });

/**
 * A card's data passes through the person's own client, and the platform's token signs no body: our signature shows that this button was
 * offered in this conversation.
 */
export interface Taps {
  pack(conversationId: string, tap: Choice): Promise<object>;
  /** Undefined when it is no data of ours; without its value when the signature does not hold. */
  unpack(conversationId: string, data: unknown): Promise<{ label: string; value?: string } | undefined>;
}

export function createTaps(appPassword: string): Taps {
  const hmac = createHmac(appPassword);
  // In a channel the thread is part of the conversation's id, and a card may be tapped from outside of it.
  const signed = (conversationId: string, { label, value }: Choice) =>
    JSON.stringify(["xiaoer.tap", conversationId.replace(/;messageid=.*$/, ""), label, value]);
  return {
    async pack(conversationId, tap) {
      return { xiaoer: { ...tap, sign: toBase64(await hmac.sign(signed(conversationId, tap))) } };
    },
    async unpack(conversationId, data) {
      const tap = tapSchema.safeParse(data).data?.xiaoer;
      if (tap === undefined) return undefined;
      const genuine = await hmac.verify(fromBase64(tap.sign), signed(conversationId, tap));
      return genuine ? { label: tap.label, value: tap.value } : { label: tap.label };
    },
  };
}
