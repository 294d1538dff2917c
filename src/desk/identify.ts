/** Who else is this? What the platform, the shop's own numbers and its members' tokens say; words of the shopper never do. */
import type { Adapter } from "../core/adapter.ts";
import type { Contact } from "../core/contact.ts";
import type { PlatformProof } from "../core/identity.ts";
import { callingCodeOf, toE164 } from "../core/phone.ts";
import type { Party } from "../core/ports.ts";
import type { Deps } from "./deps.ts";
import { join, proofValue } from "./join.ts";

/** A shopper does not wait longer for a platform to say who else they are. */
const IDENTIFY_TIMEOUT_MS = 1500;

const again = async (deps: Deps, party: Party): Promise<Party> =>
  (await deps.store.partyOfConversation(party.contact.shopId, party.conversation.id)) ?? party;

/**
 * Asks the platform once for each identity. Only where the platform proves the sender: a proof about a forged sender is none.
 * @returns the party as it is then
 */
export async function identify(deps: Deps, party: Party): Promise<Party> {
  const { identity, conversation } = party;
  if (identity.identifiedAt !== undefined) return party;
  const running = await deps.inboxes.get(conversation.inboxId).catch(() => undefined); // it cannot start, so it says nothing
  const adapter = running?.adapter;
  if (adapter?.identify === undefined || adapter.capabilities.identityLevel !== "verified") return party;
  let proofs: readonly PlatformProof[];
  try {
    proofs = await adapter.identify(
      { id: identity.channelUserId },
      { signal: AbortSignal.timeout(IDENTIFY_TIMEOUT_MS) },
    );
  } catch (error) {
    deps.log.warn(
      { err: error, inboxId: conversation.inboxId },
      "a platform could not say who a sender is; asked again",
    );
    return party;
  }
  const joined = await believe(deps, { party, adapter, proofs });
  await deps.store.markIdentified(party.contact.shopId, identity.id, deps.now());
  return joined;
}

/** Remembers what the platform says of a sender, and joins whoever it said the same of before. */
export async function believe(
  deps: Deps,
  {
    party,
    adapter,
    proofs,
  }: {
    readonly party: Party;
    readonly adapter: { readonly capabilities: Pick<Adapter["capabilities"], "identityLevel"> };
    readonly proofs: readonly PlatformProof[];
  },
): Promise<Party> {
  if (proofs.length === 0 || adapter.capabilities.identityLevel !== "verified") return party;
  let current = party;
  for (const { kind, value } of proofs) current = await prove(deps, current, kind, value);
  return current;
}

async function prove(deps: Deps, party: Party, kind: PlatformProof["kind"], value: string): Promise<Party> {
  const { shopId, id: contactId } = party.contact;
  const hash = await proofValue(shopId, kind, value);
  await deps.store.addProof({ shopId, kind, value: hash, contactId, identityId: party.identity.id, now: deps.now() });
  const [owner] = await deps.store.contactsByProof(shopId, kind, hash);
  if (owner === undefined || owner.id === contactId || (await deps.store.wereParted(shopId, owner.id, contactId)))
    return party;
  await join(deps, { party, other: owner.id, kind });
  return again(deps, party);
}

/**
 * A caller from a number the shop has checked is that member for the agent who picks up: their orders and history are on the screen.
 * Numbers can be forged, so the line itself proves nothing, and the bot tells it nothing.
 */
export async function matchCaller(deps: Deps, party: Party, number: string): Promise<Party> {
  const { contact, identity } = party;
  if (contact.memberId !== undefined || identity.provenBy !== undefined) return party;
  const known = await deps.store.contactsByProof(
    contact.shopId,
    "phone",
    await proofValue(contact.shopId, "phone", number),
  );
  const [one, ...others] = known.filter(({ id }) => id !== contact.id);
  if (one === undefined || others.length > 0) return party;
  if (await deps.store.wereParted(contact.shopId, one.id, contact.id)) return party;
  await join(deps, { party, other: one.id, kind: "phone" });
  return again(deps, party);
}

/** What the shop has signed or keeps of a member: from now on they are found by it. */
export async function rememberMember(
  deps: Deps,
  party: Party,
  told: { readonly phone?: string; readonly email?: string; readonly unionid?: string },
): Promise<void> {
  const { contact } = party;
  if (told.email !== undefined) await remember(deps, contact, "email", told.email.toLowerCase());
  const phone = told.phone ?? (await phoneOnFile(deps, contact));
  const shop = await deps.shop(contact.shopId);
  const number = phone === undefined ? undefined : toE164(phone, callingCodeOf({ ...shop, ...shop.rules }));
  if (number !== undefined) await remember(deps, contact, "phone", number);
  if (told.unionid !== undefined) await prove(deps, party, "unionid", told.unionid);
}

async function remember(deps: Deps, contact: Contact, kind: "phone" | "email", value: string): Promise<void> {
  const { shopId, id: contactId } = contact;
  const hash = await proofValue(shopId, kind, value);
  if ((await deps.store.contactsByProof(shopId, kind, hash)).some(({ id }) => id === contactId)) return;
  await deps.store.addProof({ shopId, kind, value: hash, contactId, now: deps.now() });
}

async function phoneOnFile(deps: Deps, contact: Contact): Promise<string | undefined> {
  if (contact.memberId === undefined) return undefined;
  const { value } = await deps.commerce.customer({ shopId: contact.shopId, memberId: contact.memberId });
  if (value?.phone !== undefined && contact.phone === undefined)
    await deps.store.patchContact(contact.shopId, contact.id, { phone: value.phone });
  return value?.phone;
}
