/** Which identities are one person's, and what may say so. Pure; `security.md` WD-2, WD-3, AZ-4. */
import type { Contact, Identity, IdentityLevel } from "./contact.ts";

/**
 * `member`: the shop signed who it is. `unionid`: WeChat's id of the person across one company's accounts. `phone`: the caller's number is
 * one the shop checked. `link-code`, `line-link`: a proven contact took a one-time code to the other channel. `agent`: a person decided.
 */
export type JoinKind = "member" | "unionid" | "phone" | "link-code" | "line-link" | "agent";

/** What is remembered of a contact to find them by; an e-mail address is known, and never joins. */
export type ProofKind = "unionid" | "phone" | "email";

/** What a platform itself says of who someone else is. */
export interface PlatformProof {
  readonly kind: "unionid";
  readonly value: string;
}

interface Rule {
  /** The identity that brought it is as good as the contact: the bot may speak of orders there. */
  readonly verifies: boolean;
}

/** A caller's number can be forged and an agent can err: both lend the timeline and not the orders. */
const RULES: Readonly<Record<JoinKind, Rule>> = {
  member: { verifies: true },
  unionid: { verifies: true },
  "link-code": { verifies: true },
  "line-link": { verifies: true },
  phone: { verifies: false },
  agent: { verifies: false },
};

export const verifies = (kind: JoinKind): boolean => RULES[kind].verifies;

const SURENESS: Readonly<Record<IdentityLevel, number>> = { anonymous: 0, claimed: 1, verified: 2 };

/** How sure we are here: a proven contact on a channel that proves nothing is as unsure as the channel. */
export function levelHere(contact: Pick<Contact, "level">, identity: Pick<Identity, "level">): IdentityLevel {
  return SURENESS[identity.level] < SURENESS[contact.level] ? identity.level : contact.level;
}

export type Joinable = Pick<Contact, "id" | "shopId" | "level" | "memberId" | "mergedInto" | "createdAt">;

export type Join =
  | { readonly kind: "join"; readonly into: string; readonly from: string }
  | { readonly kind: "same" }
  | { readonly kind: "refused"; readonly reason: "two_members" | "other_shop" | "merged_already" };

/**
 * Who stays when two are one: whom the shop knows by number, then the surer, then the older. Two members are two people, whatever
 * else says they are one, and so are contacts of two shops.
 */
export function joinOf(one: Joinable, other: Joinable): Join {
  if (one.id === other.id) return { kind: "same" };
  if (one.shopId !== other.shopId) return { kind: "refused", reason: "other_shop" };
  if (one.mergedInto !== undefined || other.mergedInto !== undefined)
    return { kind: "refused", reason: "merged_already" };
  if (one.memberId !== undefined && other.memberId !== undefined && one.memberId !== other.memberId)
    return { kind: "refused", reason: "two_members" };
  const [into, from] = outranks(one, other) ? [one, other] : [other, one];
  return { kind: "join", into: into.id, from: from.id };
}

function outranks(one: Joinable, other: Joinable): boolean {
  const known = Number(one.memberId !== undefined) - Number(other.memberId !== undefined);
  const surer = SURENESS[one.level] - SURENESS[other.level];
  const older = other.createdAt - one.createdAt;
  return (known || surer || older || (one.id < other.id ? 1 : -1)) > 0;
}

/** After this long too much has been said to the one contact to tell it apart again. */
export const UNMERGE_WITHIN_MS = 30 * 24 * 3_600_000;

/** Crockford's letters: none is taken for another. 32^8 is 40 bits. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_LENGTH = 8;

export const LINK_CODE_MS = 10 * 60_000;

/** @param random bytes, at least 64; the code has a letter and a digit, so that no order number is one */
export function linkCodeFrom(random: Uint8Array): string {
  for (let start = 0; start + CODE_LENGTH <= random.length; start += CODE_LENGTH) {
    const code = [...random.subarray(start, start + CODE_LENGTH)].map((byte) => LETTERS[byte & 31]).join("");
    if (/\d/.test(code) && /[A-Z]/.test(code)) return code;
  }
  throw new RangeError("Too few random bytes for a code.");
}

/** `7K4M2Q9D` → `7K4M-2Q9D`. */
export const spellCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;

/** What a deep link carries: Telegram takes 64 letters, digits, `_` and `-`. */
export const LINK_PAYLOAD = "link_";

const WORDED =
  /^(?=.*\d)(?:绑定|綁定|绑定码|綁定碼|关联|關聯|连接|連接|連携|連携コード|bind|link|link code)[\s:：]*([\dA-Z]{4})[\s-]?([\dA-Z]{4})[\s。.!！]*$/i;
const BARE = /^(?=.*\d)(?=.*[A-Z])([\dA-Z]{4})-([\dA-Z]{4})$/i;

export interface CodeSeen {
  readonly code: string;
  /** Said to be a code; a bare one that is none of ours may be something else, an order's number say. */
  readonly meant: boolean;
}

/** The code a message consists of: `绑定 7K4M-2Q9D`, `link 7k4m2q9d`, or bare with its hyphen. */
export function readLinkCode(text: string): CodeSeen | undefined {
  const plain = text
    .normalize("NFKC")
    .replaceAll(/[‐‑–—]/g, "-")
    .trim();
  if (plain.length > 40) return undefined;
  const worded = WORDED.exec(plain);
  const found = worded ?? BARE.exec(plain);
  if (found === null || /^\d+$/.test(`${found[1]}${found[2]}`)) return undefined;
  return { code: foldCode(`${found[1]}${found[2]}`), meant: worded !== null };
}

/** What a deep link or an account link came with: a code, or the long nonce a page made. */
export function readLinkPayload(payload: string): string | undefined {
  const found = /^link_([\w-]{8,64})$/.exec(payload)?.[1];
  return found?.length === CODE_LENGTH ? foldCode(found) : found;
}

const foldCode = (code: string): string => code.toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1");
