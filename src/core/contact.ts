import type { JoinKind } from "./identity.ts";

import type { WindowFacts } from "./window.ts";

/**
 * How sure we are who a contact is. `claimed`: they said so; `verified`: their shop, platform or a code proved it.
 * Only `verified` opens order data and merges timelines (`security.md` WD-3, WD-4).
 */
export type IdentityLevel = "anonymous" | "claimed" | "verified";

/** The person, whatever channel they write on. */
export interface Contact {
  readonly id: string;
  readonly shopId: string;
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly locale?: string;
  readonly level: IdentityLevel;
  /** The shop's own customer number, proven by its signature: what order data is looked up by. */
  readonly memberId?: string;
  readonly tags: readonly string[];
  readonly vip: boolean;
  /** Set when an agent or a proof joined this contact into another. */
  readonly mergedInto?: string;
  readonly createdAt: number;
  /** When everything personal was scrubbed: by their wish, for good. */
  readonly erasedAt?: number;
  /** Why their data must be kept, whoever asks for it to be erased. */
  readonly legalHold?: string;
}

/** A contact's id in one inbox. */
export interface Identity {
  readonly id: string;
  readonly shopId: string;
  readonly inboxId: string;
  readonly contactId: string;
  /** The platform's id for the person, as text, exactly as sent. */
  readonly channelUserId: string;
  readonly level: IdentityLevel;
  /** By which proof it is this contact's; absent: it is what the contact began with. */
  readonly provenBy?: JoinKind;
  /** When the platform was asked who else this is. */
  readonly identifiedAt?: number;
}

/** The lasting thread of one identity in one inbox. */
export interface Conversation extends WindowFacts {
  readonly id: string;
  readonly shopId: string;
  readonly inboxId: string;
  readonly channel: string;
  readonly identityId: string;
  readonly contactId: string;
  /** Where replies go, in the adapter's own words (a chat id, a service URL). */
  readonly address: Readonly<Record<string, string>>;
  readonly lastInboundAt?: number;
}

/** `13812346721` and `+8613812346721` → `138****6721`; short numbers are hidden whole. */
export function maskPhone(phone: string): string {
  // Everybody at home knows a mobile number without its country.
  const known = phone.replace(/^\+86(?=1\d{10}$)/, "");
  return known.length >= 8 ? `${known.slice(0, 3)}****${known.slice(-4)}` : "****";
}

/** `mei.lin@shop.example` → `m****@shop.example`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf("@");
  return at > 0 ? `${email.slice(0, 1)}****${email.slice(at)}` : "****";
}
