/** What one shopper's phone shows, and what happened behind it. */
import { lower } from "../../core/lower.ts";
import type { Store } from "../../core/ports.ts";
import { SHOP_ID } from "../../desk/seed.ts";
import type { Bubble, SimulatedPhone, TraceEntry } from "../../http/simulator-contract.ts";
import type { Platform } from "./platform.ts";

const SHOWN = 60;

export type PhoneStore = Pick<Store, "findParty" | "messagesOf">;

export async function readPhone(
  store: PhoneStore,
  platform: Platform,
  phone: { readonly person: number; readonly said: readonly Bubble[]; readonly publicUrl: string },
): Promise<SimulatedPhone> {
  const { fake, channel, inboxId, trace } = platform;
  const userId = fake.people[phone.person === 1 ? 1 : 0];
  const party = await store.findParty(inboxId, userId);
  // Platforms address people by a chat, a channel or a conversation, which is what the adapter keeps as the address.
  const names = new Set([userId, ...Object.values(party?.conversation.address ?? {})]);
  const shown = fake.sent
    .filter(({ to }) => names.has(to))
    .map(({ messageId, at, text, buttons, payload }): Bubble => {
      const pictures = picturesOf(payload, phone.publicUrl);
      return { id: messageId, from: "shop", at, text, buttons, ...(pictures.length > 0 && { pictures }) };
    });
  const { items } =
    party === undefined
      ? { items: [] }
      : await store.messagesOf({ shopId: SHOP_ID, conversationId: party.conversation.id, limit: SHOWN });
  const saidByUs = items
    .filter(({ direction }) => direction === "outbound")
    .map((message): TraceEntry => {
      const { id, at, author, content, delivery, deliveryDetail } = message;
      return {
        kind: "said",
        id,
        at,
        author: author.kind,
        content,
        lowered: lower(content, channel.capabilities),
        ...(delivery !== undefined && { delivery }),
        ...(deliveryDetail !== undefined && { detail: deliveryDetail }),
      };
    });
  const exchanges = trace.exchanges.filter((one) => one.userId === undefined || one.userId === userId);
  return {
    channel: channel.channel,
    person: phone.person,
    inboxId,
    bubbles: inOrder([...phone.said, ...shown]),
    trace: inOrder([...exchanges.map(({ entry }) => entry), ...saidByUs]),
  };
}

function inOrder<T extends { readonly at: number }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => a.at - b.at).slice(-SHOWN);
}

/** Addresses of our own pictures anywhere in a payload: a page may show no others. */
function picturesOf(payload: unknown, publicUrl: string): readonly string[] {
  const found = new Set<string>();
  JSON.stringify(payload, (_, value) => {
    const isOurs = typeof value === "string" && value.startsWith(`${publicUrl}/`);
    if (isOurs && /\.(png|jpe?g|gif|svg|webp)$|\/files\//.test(new URL(value).pathname)) found.add(value);
    return value;
  });
  return [...found].map((url) => url.slice(publicUrl.length));
}
