/** Two contacts that are proven to be one person become one; `security.md` WD-3, AL-1. */
import type { Contact } from "../core/contact.ts";
import { type JoinKind, joinOf, type ProofKind, verifies } from "../core/identity.ts";
import type { Party } from "../core/ports.ts";
import { digest } from "../core/seal.ts";
import type { Deps } from "./deps.ts";

/** How a proof is kept and looked up: nobody reads a phone out of it who does not have it already. */
export const proofValue = (shopId: string, kind: ProofKind, value: string): Promise<string> =>
  digest(`${shopId}|${kind}|${value}`);

/** Longest chain of contacts joined into others that is followed. */
const MOST_MERGES = 20;

/** The contact as it is now: itself, or the one it was joined into. */
export async function livingContact(deps: Deps, shopId: string, contactId: string): Promise<Contact | undefined> {
  let contact = await deps.store.contact(shopId, contactId);
  for (let i = 0; contact?.mergedInto !== undefined && i < MOST_MERGES; i += 1)
    contact = await deps.store.contact(shopId, contact.mergedInto);
  return contact;
}

/**
 * Joins a party's contact and another by a proof; the rule says who stays, and may refuse.
 * @returns whether they are one now
 */
export async function join(
  deps: Deps,
  input: {
    readonly party: Pick<Party, "contact" | "identity">;
    readonly other: string;
    readonly kind: JoinKind;
  },
): Promise<boolean> {
  const { identity, contact } = input.party;
  const { shopId } = contact;
  const [one, other] = await Promise.all([
    livingContact(deps, shopId, contact.id),
    livingContact(deps, shopId, input.other),
  ]);
  if (one === undefined || other === undefined) return false;
  const audit = { shopId, at: deps.now(), actor: "system", data: { proof: input.kind } };
  const decided = joinOf(one, other);
  if (decided.kind === "refused") {
    deps.log.warn({ reason: decided.reason, proof: input.kind }, "two contacts were not joined");
    await deps.store.addAudit({
      ...audit,
      action: "contact.merge",
      target: one.id,
      result: "refused",
      data: { ...audit.data, reason: decided.reason },
    });
    return false;
  }
  if (decided.kind === "same") {
    if (verifies(input.kind)) await deps.store.verifyIdentity(shopId, identity.id, input.kind);
    return true;
  }
  const { into, from } = decided;
  const merged = await deps.store.mergeContacts({
    shopId,
    into,
    from,
    kind: input.kind,
    ...(verifies(input.kind) ? { verifies: identity.id } : {}),
    audit: { ...audit, action: "contact.merge", target: into, result: "ok", data: { ...audit.data, from } },
    now: deps.now(),
  });
  if (!merged)
    return (await livingContact(deps, shopId, one.id))?.id === (await livingContact(deps, shopId, other.id))?.id;
  const identities = await deps.store.identitiesOf(shopId, into);
  deps.hub.wake(
    shopId,
    identities.map(({ conversationId }) => conversationId),
  );
  return true;
}
