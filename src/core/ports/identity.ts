/** One person, one contact: what was proven, what was joined, and how it is taken back. */
import type { Contact } from "../contact.ts";
import type { JoinKind, ProofKind } from "../identity.ts";
import type { NewAudit } from "./operations.ts";

export interface Merge {
  readonly id: string;
  readonly shopId: string;
  readonly intoId: string;
  readonly fromId: string;
  readonly kind: JoinKind;
  readonly byId?: string;
  readonly byName?: string;
  readonly reason?: string;
  readonly at: number;
  readonly undoneAt?: number;
  readonly undoneByName?: string;
  readonly undoneReason?: string;
}

export interface NewLinkCode {
  readonly hash: string;
  readonly shopId: string;
  readonly kind: "link-code" | "line-link";
  readonly contactId: string;
  readonly conversationId: string;
  readonly now: number;
  readonly expiresAt: number;
}

export interface IdentityStore {
  /**
   * Joins `from` into `into`, with all that is theirs; of two open sessions the one further along with people stays open, then `into`'s.
   * False when one of them is not the shop's, or was joined already: then nothing happened, and nothing is audited.
   */
  mergeContacts(input: {
    readonly shopId: string;
    readonly into: string;
    readonly from: string;
    readonly now: number;
    /** @default a new one */
    readonly id?: string;
    /** @default "member" */
    readonly kind?: JoinKind;
    readonly by?: { readonly id: string; readonly name: string };
    readonly reason?: string;
    /** The identity that brought the proof: as sure as the contact from now on. */
    readonly verifies?: string;
    readonly audit?: NewAudit;
  }): Promise<boolean>;
  /**
   * Takes a merge back: what it moved goes where it was, what came since stays with whom it was said to. False when it is unknown,
   * undone, older than `since`, or one of the two was joined into a third meanwhile.
   */
  unmergeContacts(input: {
    readonly shopId: string;
    readonly mergeId: string;
    readonly since: number;
    readonly by: { readonly id: string; readonly name: string };
    readonly reason: string;
    readonly audit: NewAudit;
    readonly now: number;
  }): Promise<boolean>;
  /** Merges into a contact, latest first. */
  mergesOf(shopId: string, contactId: string): Promise<readonly Merge[]>;
  merge(shopId: string, mergeId: string): Promise<Merge | undefined>;
  /** Were the two joined once and parted by a person? Then no proof joins them again by itself. */
  wereParted(shopId: string, one: string, other: string): Promise<boolean>;
  /** Remembers it where nobody has it. A contact has one phone and one e-mail address: the last proven. */
  addProof(proof: {
    readonly shopId: string;
    readonly kind: ProofKind;
    readonly value: string;
    readonly contactId: string;
    readonly identityId?: string;
    readonly now: number;
  }): Promise<void>;
  /** Contacts that have proven it, of those not joined into others. */
  contactsByProof(shopId: string, kind: ProofKind, value: string): Promise<readonly Contact[]>;
  /** The identity is as sure as its contact from now on. */
  verifyIdentity(shopId: string, identityId: string, provenBy: JoinKind): Promise<void>;
  /** The platform was asked who else this identity is. */
  markIdentified(shopId: string, identityId: string, now: number): Promise<void>;
  /** A contact has one live code of a kind: the last. */
  createLinkCode(code: NewLinkCode): Promise<void>;
  /** Uses a code up; the message that used it may do so again. Undefined when there is no such code, or its time is over. */
  takeLinkCode(input: {
    readonly shopId: string;
    readonly hash: string;
    /** The message that brought it. */
    readonly usedBy: string;
    readonly now: number;
  }): Promise<Pick<NewLinkCode, "kind" | "contactId" | "conversationId"> | undefined>;
  /** Contacts of a name, member number or id. */
  findContacts(shopId: string, query: { readonly q: string; readonly limit: number }): Promise<readonly Contact[]>;
  /** Others who left the same phone or address, proven or not: hints for a person. */
  contactsLike(
    shopId: string,
    query: {
      readonly not: string;
      readonly phones: readonly string[];
      readonly email?: string;
      readonly limit: number;
    },
  ): Promise<readonly Contact[]>;
}
