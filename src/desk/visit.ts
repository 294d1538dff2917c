/** A visitor of the shop's own page: who they are, proven or not, and their one lasting conversation. */
import { createLocalJWKSet, importSPKI, type JWTPayload, jwtVerify } from "jose";
import type { IdentityLevel } from "../core/contact.ts";
import { NotFoundError, UnauthenticatedError } from "../core/errors.ts";
import type { Inbox, Party } from "../core/ports.ts";
import { digest, randomToken } from "../core/seal.ts";
import type { Deps } from "./deps.ts";
import { rememberMember } from "./identify.ts";
import { join } from "./join.ts";

/** A visitor's token dies after 30 idle days; `security.md` WD-1. */
export const VISITOR_IDLE_MS = 30 * 24 * 3_600_000;
const TOUCH_EVERY_MS = 3_600_000;
const LONGEST_TOKEN_MS = 24 * 3_600_000;
const CLOCK_TOLERANCE_S = 60;

export interface Claim {
  readonly memberId: string;
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly locale?: string;
  /** WeChat's id of the person, from the shop's own `jscode2session`. */
  readonly unionid?: string;
}

export type VisitorIdentity =
  | { readonly token: string }
  | {
      readonly externalId: string;
      readonly name?: string;
      readonly email?: string;
      readonly phone?: string;
      readonly signature: string;
    };

const refused = (cause?: unknown) =>
  new UnauthenticatedError("visitor.identity_invalid", "The identity is not signed by the shop.", { cause });

/** Opens or resumes; returns the token the page keeps. */
export async function visit(
  deps: Deps,
  input: {
    readonly inbox: Inbox;
    readonly identitySecret: string | undefined;
    readonly visitorToken?: string;
    readonly identity?: VisitorIdentity;
    readonly locale?: string;
  },
): Promise<{ readonly token: string; readonly party: Party }> {
  const { inbox } = input;
  const proven =
    input.identity === undefined ? undefined : await prove(deps, inbox, input.identitySecret, input.identity);
  if (proven === undefined && input.visitorToken !== undefined) {
    const resumed = await partyOfVisitor(deps, input.visitorToken);
    if (resumed !== undefined && resumed.conversation.inboxId === inbox.id)
      return { token: input.visitorToken, party: resumed };
  }
  const now = deps.now();
  const level: IdentityLevel = proven === undefined ? "anonymous" : "verified";
  const locale = proven?.locale ?? input.locale;
  const party = await deps.store.ensureParty({
    shopId: inbox.shopId,
    inboxId: inbox.id,
    channel: inbox.channel,
    sender: {
      // A member keeps one thread on whatever device; an anonymous visitor is new.
      id: proven === undefined ? deps.newId("vis") : `member:${proven.memberId}`,
      ...(proven?.name === undefined ? {} : { name: proven.name }),
      ...(locale === undefined ? {} : { locale }),
    },
    level,
    ...(proven === undefined ? {} : { memberId: proven.memberId }),
    ...(proven?.email === undefined ? {} : { email: proven.email }),
    ...(proven?.phone === undefined ? {} : { phone: proven.phone }),
    address: {},
    now,
  });
  if (proven !== undefined) {
    await refreshProfile(deps, party, proven);
    await bringAlong(deps, party, input.visitorToken);
    deps.background(
      rememberMember(deps, party, proven).catch((error: unknown) => {
        deps.log.warn(
          { err: error, contactId: party.contact.id },
          "a member's phone could not be looked up; next time",
        );
      }),
    );
  }
  const token = randomToken();
  await deps.store.createVisitorToken({
    tokenHash: await digest(token),
    shopId: inbox.shopId,
    inboxId: inbox.id,
    conversationId: party.conversation.id,
    identityId: party.identity.id,
    now,
  });
  return { token, party };
}

/** Who held an anonymous conversation and now proves to be a member said both: one timeline. A proven contact is never joined this way. */
async function bringAlong(deps: Deps, party: Party, visitorToken: string | undefined): Promise<void> {
  const { contact } = party;
  const before = visitorToken === undefined ? undefined : await partyOfVisitor(deps, visitorToken);
  if (before === undefined || before.contact.id === contact.id || before.contact.level !== "anonymous") return;
  if (before.contact.shopId !== contact.shopId) return;
  await join(deps, { party, other: before.contact.id, kind: "member" });
}

/** What the shop signs about its member is the truth about them. */
async function refreshProfile(deps: Deps, { contact }: Party, proven: Claim): Promise<void> {
  const patch = Object.fromEntries(
    (["name", "email", "phone", "locale"] as const).flatMap((key) =>
      proven[key] !== undefined && proven[key] !== contact[key] ? [[key, proven[key]]] : [],
    ),
  );
  if (Object.keys(patch).length > 0) await deps.store.patchContact(contact.shopId, contact.id, patch);
}

/** The party behind a visitor's token, or undefined when it is unknown, revoked or idle too long. */
export async function partyOfVisitor(deps: Deps, token: string): Promise<Party | undefined> {
  const tokenHash = await digest(token);
  const known = await deps.store.visitorToken(tokenHash);
  const now = deps.now();
  if (known === undefined || known.seenAt + VISITOR_IDLE_MS < now) return undefined;
  if (now - known.seenAt > TOUCH_EVERY_MS) await deps.store.touchVisitorToken(tokenHash, now);
  return deps.store.partyOfConversation(known.shopId, known.conversationId);
}

/** @throws {UnauthenticatedError} for anything but a good proof: there is no falling back to the claimed id */
async function prove(deps: Deps, inbox: Inbox, secret: string | undefined, identity: VisitorIdentity): Promise<Claim> {
  if (secret === undefined || secret === "") throw refused();
  return "token" in identity ? proveByToken(deps, inbox, secret, identity.token) : proveBySignature(secret, identity);
}

async function proveByToken(deps: Deps, inbox: Inbox, secret: string, token: string): Promise<Claim> {
  if (token.length > 8192) throw refused();
  let payload: JWTPayload;
  try {
    const options = {
      audience: inbox.id,
      requiredClaims: ["sub", "iat", "exp"],
      clockTolerance: CLOCK_TOLERANCE_S,
      currentDate: new Date(deps.now()),
    };
    const verified = secret.startsWith("-----BEGIN PUBLIC KEY-----")
      ? await jwtVerify(token, await importSPKI(secret, "ES256"), { ...options, algorithms: ["ES256"] })
      : secret.startsWith("{")
        ? await jwtVerify(token, createLocalJWKSet(JSON.parse(secret)), { ...options, algorithms: ["ES256"] })
        : await jwtVerify(token, new TextEncoder().encode(secret), { ...options, algorithms: ["HS256"] });
    payload = verified.payload;
  } catch (cause) {
    throw refused(cause);
  }
  const { sub, iat = 0, exp = 0 } = payload;
  if (
    typeof sub !== "string" ||
    sub === "" ||
    sub.length > 200 ||
    (exp - iat) * 1000 > LONGEST_TOKEN_MS ||
    iat * 1000 > deps.now() + CLOCK_TOLERANCE_S * 1000
  )
    throw refused();
  const word = (key: string) =>
    typeof payload[key] === "string" ? { [key]: (payload[key] as string).slice(0, 200) } : {};
  return { memberId: sub, ...word("name"), ...word("email"), ...word("phone"), ...word("locale"), ...word("unionid") };
}

/** For shops that cannot make a JWT: hex HMAC-SHA-256 of the id alone. Only the id is proven, so nothing else is believed. */
async function proveBySignature(
  secret: string,
  identity: Extract<VisitorIdentity, { externalId: string }>,
): Promise<Claim> {
  const signature = identity.signature.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(signature) || identity.externalId === "") throw refused();
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
  const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(signature.slice(i * 2, i * 2 + 2), 16));
  if (!(await crypto.subtle.verify("HMAC", key, bytes, encoder.encode(identity.externalId)))) throw refused();
  return { memberId: identity.externalId, ...(identity.name === undefined ? {} : { name: identity.name }) };
}

/** @throws {NotFoundError} no such web inbox */
export async function webInbox(deps: Deps, inboxId: string) {
  const running = await deps.inboxes.get(inboxId);
  if (running === undefined || !running.adapter.capabilities.storedIsSent)
    throw new NotFoundError("inbox.not_found", "There is no such web inbox.");
  return running;
}
