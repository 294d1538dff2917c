/** A proven contact takes a one-time code to another channel, and is the same person there. */
import type { Content } from "../core/content.ts";
import type { Delivery } from "../core/delivery.ts";
import { ForbiddenError } from "../core/errors.ts";
import {
  LINK_CODE_MS,
  LINK_PAYLOAD,
  levelHere,
  linkCodeFrom,
  readLinkCode,
  readLinkPayload,
  spellCode,
} from "../core/identity.ts";
import { nearestLocale } from "../core/language.ts";
import { linkWords } from "../core/link-words.ts";
import type { Message } from "../core/message.ts";
import type { Party } from "../core/ports.ts";
import { digest, randomToken } from "../core/seal.ts";
import type { Deps } from "./deps.ts";
import { join, livingContact } from "./join.ts";
import { toDraft } from "./say.ts";

/** Tries of a code by one identity; `security.md` WD-4 counts the same for orders. */
const TRIES = 5;
const TRIES_WINDOW_MS = 15 * 60_000;
const LINK_TIMEOUT_MS = 2000;

export interface IssuedLink {
  /** `7K4M-2Q9D`. */
  readonly code: string;
  /** What to write in the other channel. */
  readonly say: string;
  readonly expiresAt: number;
  /** Addresses that open another channel and bring the code along, by channel. */
  readonly urls: Readonly<Record<string, string>>;
}

/** @throws {ForbiddenError} `visitor.not_verified`: who proves nothing has nothing to lend */
function mustBeProven({ contact, identity }: Party): void {
  if (levelHere(contact, identity) !== "verified")
    throw new ForbiddenError("visitor.not_verified", "Sign in first: only a proven member can link another channel.");
}

export async function issueLink(deps: Deps, party: Party, locale?: string): Promise<IssuedLink> {
  mustBeProven(party);
  const code = linkCodeFrom(crypto.getRandomValues(new Uint8Array(512)));
  const expiresAt = await keep(deps, party, "link-code", code);
  return {
    code: spellCode(code),
    say: linkWords(locale ?? party.contact.locale).say(spellCode(code)),
    expiresAt,
    urls: await deepLinks(deps, party, LINK_PAYLOAD + code),
  };
}

/**
 * The last step of LINE's account link: the nonce by which LINE will name this member to us, and where to send them with it.
 * https://developers.line.biz/en/docs/messaging-api/linking-accounts/
 */
export async function issueLineLink(
  deps: Deps,
  party: Party,
  linkToken: string,
): Promise<{ readonly url: string; readonly expiresAt: number }> {
  mustBeProven(party);
  const nonce = randomToken();
  const expiresAt = await keep(deps, party, "line-link", nonce);
  const url = new URL("https://access.line.me/dialog/bot/accountLink");
  url.search = new URLSearchParams({ linkToken, nonce }).toString();
  return { url: url.href, expiresAt };
}

async function keep(deps: Deps, party: Party, kind: "link-code" | "line-link", secret: string): Promise<number> {
  const { shopId, id: contactId } = party.contact;
  const now = deps.now();
  const expiresAt = now + LINK_CODE_MS;
  const hash = await hashOf(shopId, secret);
  await deps.store.createLinkCode({
    hash,
    shopId,
    kind,
    contactId,
    conversationId: party.conversation.id,
    now,
    expiresAt,
  });
  return expiresAt;
}

const hashOf = (shopId: string, secret: string) => digest(`link|${shopId}|${secret}`);

async function deepLinks(deps: Deps, party: Party, payload: string): Promise<Record<string, string>> {
  const inboxes = await deps.store.inboxes(party.contact.shopId);
  const links = await Promise.all(
    inboxes
      .filter(({ id, state }) => id !== party.conversation.inboxId && state === "active")
      .map(async ({ id, channel }) => {
        try {
          const running = await deps.inboxes.get(id);
          const url = await running?.adapter.deepLink?.(payload, { signal: AbortSignal.timeout(LINK_TIMEOUT_MS) });
          return url === undefined ? [] : [[channel, url] as const];
        } catch (error) {
          deps.log.warn({ err: error, inboxId: id }, "a deep link could not be made; the code can be typed");
          return [];
        }
      }),
  );
  return Object.fromEntries(links.flat());
}

interface Brought {
  readonly secret: string;
  readonly meant: boolean;
}

/** What a message brought that may be a code: typed by itself, or as a deep link's payload. */
function broughtBy(content: Content): Brought | undefined {
  if (content.type === "system" && content.code === "joined") {
    const secret = readLinkPayload(content.text);
    return secret === undefined ? undefined : { secret, meant: true };
  }
  const typed = content.type === "text" && content.value === undefined ? readLinkCode(content.text) : undefined;
  return typed === undefined ? undefined : { secret: typed.code, meant: typed.meant };
}

/**
 * Uses a code up, if the message is one; then it is answered here and is no question.
 * What is wrong with a wrong one is not said: unknown, used, late and too many tries look alike.
 */
export async function redeemLink(
  deps: Deps,
  { message, party }: { readonly message: Message; readonly party: Party },
  send: (delivery: Delivery) => void,
): Promise<boolean> {
  const brought = broughtBy(message.content);
  if (brought === undefined || message.author.kind === "bot") return false;
  const { shopId } = party.contact;
  const identityId = party.identity.id;
  const now = deps.now();
  const tries = await deps.store.countTry(`link:${identityId}`, { now, windowMs: TRIES_WINDOW_MS });
  const taken =
    tries > TRIES
      ? undefined
      : await deps.store.takeLinkCode({
          shopId,
          hash: await hashOf(shopId, brought.secret),
          usedBy: message.id,
          now,
        });
  const issuer = taken === undefined ? undefined : await livingContact(deps, shopId, taken.contactId);
  const linked =
    taken !== undefined && issuer !== undefined && (await join(deps, { party, other: issuer.id, kind: taken.kind }));
  if (!linked && !brought.meant) return false;
  if (linked) await deps.store.clearTries(`link:${identityId}`);
  await tell(deps, { message, conversationId: linked ? taken.conversationId : undefined }, send);
  return true;
}

/** Told where the code was brought and where it was asked for, in one write with the decision. */
async function tell(
  deps: Deps,
  { message, conversationId }: { readonly message: Message; readonly conversationId: string | undefined },
  send: (delivery: Delivery) => void,
): Promise<void> {
  const { shopId } = message;
  const here = await deps.store.partyOfConversation(shopId, message.conversationId);
  const session = here?.lastSession;
  if (here === undefined || session === undefined || session.state === "closed") {
    await deps.store.settleUndecided(message.id, { decidedAt: deps.now() });
    return;
  }
  const there =
    conversationId === undefined || conversationId === here.conversation.id
      ? undefined
      : await deps.store.partyOfConversation(shopId, conversationId);
  const locale = nearestLocale(here.contact.locale ?? (await deps.shop(shopId)).locale);
  const words = linkWords(locale);
  const line = (party: Party, text: string) =>
    toDraft(deps, {
      party,
      say: { content: { type: "text", text } },
      author: { kind: "system" },
      clientId: `link:${message.id}`,
      locale,
    });
  const running = await deps.inboxes.get(here.conversation.inboxId).catch(() => undefined); // its name alone is wanted
  const name = running?.inbox.name ?? here.conversation.channel;
  const say = await Promise.all([
    line(here, conversationId === undefined ? words.wrong : words.linkedHere),
    ...(there === undefined || there.contact.id !== here.contact.id ? [] : [line(there, words.linkedThere(name))]),
  ]);
  const changed = await deps.store.changeSession({
    session,
    fence: { epoch: session.ownerEpoch, decides: message.id },
    patch: {},
    say,
    now: deps.now(),
  });
  if (!changed.applied) {
    await deps.store.settleUndecided(message.id, { decidedAt: deps.now() });
    return;
  }
  deps.hub.wake(
    shopId,
    say.map(({ conversation }) => conversation.id),
  );
  for (const delivery of changed.leased) send(delivery);
}
