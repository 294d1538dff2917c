/** One message answered: gathered, decided, recorded in one write, then sent. */
import { contentText } from "../core/content.ts";
import { decide } from "../core/decide.ts";
import type { Delivery } from "../core/delivery.ts";
import type { Message } from "../core/message.ts";
import { phrases } from "../core/phrases.ts";
import type { Party } from "../core/ports.ts";
import { toneFor } from "../core/tone.ts";
import { deliver } from "./deliver.ts";
import type { Deps } from "./deps.ts";
import { recordGap } from "./gaps.ts";
import { gather } from "./gather.ts";
import { handOff } from "./hand-off.ts";
import { identify } from "./identify.ts";
import { noteClaims } from "./impersonation.ts";
import { redeemLink } from "./link.ts";
import { patiently } from "./patiently.ts";
import { toDraft } from "./say.ts";

/** Times a message may fail to be answered before a person gets it instead; `security.md` RL-6. */
const MAX_ATTEMPTS = 3;

/** What is done with a delivery this process may send at once: sent, or held for the webhook's own response. */
export type SendNow = (delivery: Delivery) => void;

export interface AnswerOptions {
  /** Times it has been taken up, with this one. @default 1 */
  readonly attempts?: number | undefined;
  /** Whose message it is, read this very moment; then it is not read again. */
  readonly party?: Party | undefined;
  /** @default sent at once */
  readonly send?: SendNow | undefined;
}

/** Answers one message, after those of the same contact before it. Safe to call twice: the message is decided once. */
export function answer(
  deps: Deps,
  message: Message,
  { attempts = 1, party, send = (delivery) => deliver(deps, delivery) }: AnswerOptions = {},
): Promise<void> {
  // What is answered before it may change what was read.
  let known = deps.lanes.busy(message.contactId) ? undefined : party;
  return deps.lanes.run(message.contactId, async () => {
    try {
      await patiently(() => {
        const asRead = known;
        known = undefined;
        // What was taken up more often than it may fail has ended its processes without a word.
        if (attempts > MAX_ATTEMPTS) return giveUp(deps, message, send);
        return answerNow(deps, { message, known: asRead, send });
      });
    } catch (error) {
      if (attempts < MAX_ATTEMPTS) {
        deps.log.warn({ err: error, messageId: message.id, attempts }, "a message could not be answered; trying again");
        await deps.store.settleUndecided(message.id, { retryAt: deps.now() + 1000 * 2 ** attempts });
        return;
      }
      deps.log.error(
        { err: error, messageId: message.id, attempts },
        "a message could not be answered; it goes to a person",
      );
      await giveUp(deps, message, send);
    }
  });
}

async function answerNow(
  deps: Deps,
  {
    message: asRecorded,
    known,
    send,
  }: { readonly message: Message; readonly known: Party | undefined; readonly send: SendNow },
): Promise<void> {
  let message = asRecorded;
  const found = known ?? (await deps.store.partyOfConversation(message.shopId, message.conversationId));
  const party = found === undefined ? undefined : await identify(deps, found);
  if (party !== undefined && (await redeemLink(deps, { message, party }, send))) return;
  const session = party?.lastSession;
  // A merge may have brought what was not answered yet to the session that stays.
  if (session !== undefined && session.id !== message.sessionId)
    message = (await deps.store.message(message.shopId, message.id)) ?? message;
  if (party === undefined || session === undefined || session.state === "closed" || session.id !== message.sessionId) {
    await deps.store.settleUndecided(message.id, { decidedAt: deps.now() });
    return;
  }
  if (session.state === "agent") {
    await deps.store.settleUndecided(message.id, { decidedAt: deps.now() });
    return;
  }
  if (message.content.type === "system") return greet(deps, message, party, send);
  await noteClaims(deps, party, contentText(message.content));
  const situation = await gather(deps, { message, party, session });
  const decision = decide(situation, deps.rules);
  const now = deps.now();
  if (decision.gap) await recordGap(deps, { message, transferred: decision.handoff !== undefined });
  if (decision.handoff !== undefined && session.state === "bot") {
    await handOff(deps, { message, party, session, decision, locale: situation.locale }, send);
    return;
  }
  const said = await Promise.all(
    decision.say.map((say, i) =>
      toDraft(deps, {
        party,
        say,
        author: { kind: "bot" },
        clientId: `answer:${message.id}:${i}`,
        locale: situation.locale,
      }),
    ),
  );
  const changed = await deps.store.changeSession({
    session,
    fence: { epoch: session.ownerEpoch, states: ["bot", "queued"], decides: message.id },
    patch: { misses: decision.misses, flow: decision.flow },
    say: said,
    ...(decision.marks === undefined ? {} : { marks: decision.marks }),
    now,
  });
  if (!changed.applied) {
    // A person took over, or another process answered first: this answer is not said.
    deps.log.info(
      { messageId: message.id, sessionId: session.id, epoch: session.ownerEpoch },
      "answer dropped: the session has changed hands or the message was decided",
    );
    await deps.store.settleUndecided(message.id, { decidedAt: now });
    return;
  }
  deps.hub.wake(message.shopId, [message.conversationId]);
  for (const delivery of changed.leased) send(delivery);
}

/** Someone came without saying anything: followed, pressed start, opened the chat. */
async function greet(deps: Deps, message: Message, party: Party, send: SendNow): Promise<void> {
  const session = party.lastSession;
  if (session === undefined) return;
  const shop = await deps.shop(message.shopId);
  const locale = party.contact.locale ?? shop.locale;
  const tone = toneFor(shop.rules.tone, { inboxId: message.inboxId, channel: message.channel, locale });
  const greeting = await greetingOf(deps, message.inboxId);
  const draft = await toDraft(deps, {
    party,
    say: { content: { type: "text", text: greeting ?? phrases(locale, tone).greeting } },
    author: { kind: "bot" },
    clientId: `answer:${message.id}:0`,
    locale,
  });
  const changed = await deps.store.changeSession({
    session,
    fence: { epoch: session.ownerEpoch, states: ["bot"], decides: message.id },
    patch: {},
    say: [draft],
    now: deps.now(),
  });
  if (!changed.applied) return deps.store.settleUndecided(message.id, { decidedAt: deps.now() });
  deps.hub.wake(message.shopId, [message.conversationId]);
  for (const delivery of changed.leased) send(delivery);
}

async function greetingOf(deps: Deps, inboxId: string): Promise<string | undefined> {
  const running = await deps.inboxes.get(inboxId);
  const greeting = running?.inbox.config.greeting;
  return typeof greeting === "string" && greeting !== "" ? greeting : undefined;
}

/** What cannot be answered is a person's work, with the reason on the ticket. */
async function giveUp(deps: Deps, message: Message, send: SendNow): Promise<void> {
  const party = await deps.store.partyOfConversation(message.shopId, message.conversationId);
  const session = party?.lastSession;
  if (party === undefined || session === undefined || session.state !== "bot") {
    await deps.store.settleUndecided(message.id, { decidedAt: deps.now() });
    return;
  }
  const words = contentText(message.content);
  const locale = session.language ?? party.contact.locale ?? "zh-CN";
  await handOff(
    deps,
    {
      message,
      party,
      session,
      locale,
      decision: {
        say: [],
        misses: session.misses,
        flow: null,
        gap: false,
        attempts: [],
        handoff: { code: "bot_error", words, priority: "high", group: "general", mood: "calm" },
      },
    },
    send,
  );
}
