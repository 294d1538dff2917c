import { contentText } from "../core/content.ts";
import type { Message } from "../core/message.ts";
import type { Deps } from "./deps.ts";

/** Remembers a question nobody answered, by its wording, for the merchant. */
export async function recordGap(
  deps: Deps,
  { message, transferred }: { readonly message: Message; readonly transferred: boolean },
): Promise<void> {
  const text = contentText(message.content).slice(0, 500);
  const normalized = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, "");
  if (normalized === "") return;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(normalized));
  const id = [...new Uint8Array(digest).slice(0, 12)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  await deps.store.recordGap({
    shopId: message.shopId,
    id: `gap_${id}`,
    text,
    normalized,
    transferred,
    ask: {
      messageId: message.id,
      contactId: message.contactId,
      sessionId: message.sessionId,
      channel: message.channel,
    },
    now: deps.now(),
  });
}
