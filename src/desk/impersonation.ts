/** Somebody unproven names a phone or an address that another contact has proven: nothing follows from it but a line in the audit log. */
import { levelHere, type ProofKind } from "../core/identity.ts";
import { addressesIn, callingCodeOf } from "../core/phone.ts";
import type { Party } from "../core/ports.ts";
import type { Deps } from "./deps.ts";
import { proofValue } from "./join.ts";

/** One line a day for each contact and value, however often it is typed. */
const ONCE_MS = 24 * 3_600_000;

export async function noteClaims(deps: Deps, party: Party, text: string): Promise<void> {
  const { contact, identity } = party;
  if (levelHere(contact, identity) === "verified") return;
  const shop = await deps.shop(contact.shopId);
  const { phones, emails } = addressesIn(text, callingCodeOf({ ...shop, ...shop.rules }));
  for (const phone of phones) await note(deps, party, "phone", phone);
  for (const email of emails) await note(deps, party, "email", email);
}

async function note(deps: Deps, { contact, identity }: Party, kind: ProofKind, value: string): Promise<void> {
  const { shopId, id } = contact;
  const hash = await proofValue(shopId, kind, value);
  const owners = await deps.store.contactsByProof(shopId, kind, hash);
  if (!owners.some((owner) => owner.id !== id)) return;
  const times = await deps.store.countTry(`claim:${id}:${hash}`, { now: deps.now(), windowMs: ONCE_MS });
  if (times > 1) return;
  await deps.store.addAudit({
    shopId,
    at: deps.now(),
    actor: "visitor",
    action: "contact.claim",
    target: id,
    result: "refused",
    data: { kind, identityId: identity.id },
  });
}
