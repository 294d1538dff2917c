/** One message of a contact, from any channel, into the history: stored once, its session found or opened in the same write. */
import type { Address, Capabilities, Sender } from "../core/adapter.ts";
import type { IdentityLevel } from "../core/contact.ts";
import type { Content } from "../core/content.ts";
import { detectLocale } from "../core/language.ts";
import { writtenText } from "../core/media.ts";
import type { Inbox, Party, Recorded } from "../core/ports.ts";
import { openingFor, RESUME_VALUE } from "../core/session.ts";
import type { Deps } from "./deps.ts";
import { believe, matchCaller } from "./identify.ts";

/** Older than this it is history: kept, not answered. `security.md` WH-9. */
const ANSWERABLE_FOR_MS = 24 * 3_600_000;
/** A platform's clock may run ahead of ours by this much before we stop believing it. */
const CLOCK_AHEAD_MS = 5 * 60_000;

export interface Incoming {
  readonly inbox: Pick<Inbox, "id" | "shopId" | "channel">;
  readonly capabilities: Pick<Capabilities, "identityLevel">;
  readonly sender: Sender;
  readonly address: Address;
  readonly content: Content;
  readonly at: number;
  readonly channelMessageId?: string;
  readonly clientId?: string;
  readonly mediaRef?: string;
  readonly opens?: "message" | "joined";
  /** Known already: a visitor's own conversation. */
  readonly party?: Party;
}

/** What was recorded, and whose it is: the party as it was right after, unless it was joined into another meanwhile. */
export type Ingested =
  | { readonly fresh: false }
  | (Extract<Recorded, { fresh: true }> & { readonly party: Party | undefined });

export async function ingest(deps: Deps, incoming: Incoming): Promise<Ingested> {
  const now = deps.now();
  const party = incoming.party ?? (await partyOf(deps, incoming, now));
  const at = incoming.at > now + CLOCK_AHEAD_MS ? now : incoming.at;
  const { content } = incoming;
  const language = detectLocale(writtenText(content));
  const recorded = await deps.store.recordInbound({
    party,
    id: deps.newId("msg"),
    ...(incoming.channelMessageId === undefined ? {} : { channelMessageId: incoming.channelMessageId }),
    ...(incoming.clientId === undefined ? {} : { clientId: incoming.clientId }),
    ...(incoming.mediaRef === undefined ? {} : { mediaRef: incoming.mediaRef }),
    ...(incoming.opens === undefined ? {} : { opens: incoming.opens }),
    ...(language === undefined ? {} : { language }),
    content,
    address: incoming.address,
    at,
    now,
    opening: openingFor({
      last: party.lastSession,
      sameMatter: content.type === "text" && content.value === RESUME_VALUE,
      now,
    }),
    newSessionId: deps.newId("ses"),
    answerable: incoming.sender.isBot !== true && now - at < ANSWERABLE_FOR_MS,
    authorKind: incoming.sender.isBot === true ? "bot" : "contact",
  });
  if (!recorded.fresh) return recorded;
  deps.hub.wake(party.contact.shopId, [party.conversation.id]);
  const isTheirs = recorded.session.contactId === party.contact.id;
  const heard = incoming.sender.isBot === true ? {} : { lastInboundAt: now };
  const conversation = { ...party.conversation, address: incoming.address, ...heard };
  return { ...recorded, party: isTheirs ? { ...party, conversation, lastSession: recorded.session } : undefined };
}

async function partyOf(deps: Deps, { inbox, sender, address, capabilities }: Incoming, now: number): Promise<Party> {
  const known = await deps.store.findParty(inbox.id, sender.id);
  const level: IdentityLevel = capabilities.identityLevel;
  const party =
    known ??
    (await deps.store.ensureParty({
      shopId: inbox.shopId,
      inboxId: inbox.id,
      channel: inbox.channel,
      sender,
      level,
      ...(sender.phone === undefined ? {} : { phone: sender.phone }),
      address,
      now,
    }));
  const believed =
    sender.proofs === undefined
      ? party
      : await believe(deps, { party, adapter: { capabilities }, proofs: sender.proofs });
  return sender.phone === undefined ? believed : matchCaller(deps, believed, sender.phone);
}
