/** Others who may be the same person, as hints for whoever looks: nothing is ever joined by them. */
import type { Contact } from "../core/contact.ts";
import { callingCodeOf, phoneSpellings, toE164 } from "../core/phone.ts";
import type { Deps } from "./deps.ts";
import { proofValue } from "./join.ts";

const MOST = 5;

export interface Candidate {
  readonly contact: Contact;
  /** What both left, or the shop keeps of one. */
  readonly why: "phone" | "email";
  /** The shop has checked it for the other. */
  readonly proven: boolean;
}

export async function candidatesFor(deps: Deps, contact: Contact): Promise<readonly Candidate[]> {
  const { shopId, id } = contact;
  const shop = await deps.shop(shopId);
  const phone =
    contact.phone === undefined ? undefined : toE164(contact.phone, callingCodeOf({ ...shop, ...shop.rules }));
  const email = contact.email?.toLowerCase();
  const [provenPhone, provenEmail, samePhone, sameEmail] = await Promise.all([
    phone === undefined ? [] : deps.store.contactsByProof(shopId, "phone", await proofValue(shopId, "phone", phone)),
    email === undefined ? [] : deps.store.contactsByProof(shopId, "email", await proofValue(shopId, "email", email)),
    phone === undefined ? [] : deps.store.contactsLike(shopId, { not: id, phones: phoneSpellings(phone), limit: MOST }),
    email === undefined ? [] : deps.store.contactsLike(shopId, { not: id, phones: [], email, limit: MOST }),
  ]);
  const found: Candidate[] = [
    ...provenPhone.map((one) => ({ contact: one, why: "phone" as const, proven: true })),
    ...provenEmail.map((one) => ({ contact: one, why: "email" as const, proven: true })),
    ...samePhone.map((one) => ({ contact: one, why: "phone" as const, proven: false })),
    ...sameEmail.map((one) => ({ contact: one, why: "email" as const, proven: false })),
  ];
  const others = new Map<string, Candidate>();
  for (const one of found) if (one.contact.id !== id && !others.has(one.contact.id)) others.set(one.contact.id, one);
  return [...others.values()].slice(0, MOST);
}
