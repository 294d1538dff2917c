/** A call that rings or is answered: who it is, for the agent's screen. Orders and history load by themselves, by the contact. */
import type { Message } from "../core/message.ts";
import { candidatesFor } from "./candidates.ts";
import type { Deps } from "./deps.ts";

const CALL_CODE = /^call\.(ringing|answered|ended)$/;

export async function callPop(deps: Deps, message: Message) {
  const { content, shopId } = message;
  const state = content.type === "system" ? CALL_CODE.exec(content.code)?.[1] : undefined;
  if (state === undefined) return undefined;
  const [party, session] = await Promise.all([
    deps.store.partyOfConversation(shopId, message.conversationId),
    deps.store.session(shopId, message.sessionId),
  ]);
  if (party === undefined) return undefined;
  const { contact, identity } = party;
  const matched = contact.memberId !== undefined;
  const candidates = matched || state === "ended" ? [] : await candidatesFor(deps, contact);
  return {
    state,
    callId: party.conversation.address.callId,
    contact: { id: contact.id, name: contact.name, level: contact.level, vip: contact.vip },
    /** Never by the number alone: it can be forged. */
    callerLevel: identity.level,
    matched,
    sessionId: message.sessionId,
    sessionState: session?.state,
    ticket: session?.ticket && {
      id: session.ticket.id,
      number: session.ticket.number,
      summary: session.ticket.summary,
    },
    candidates: candidates.map((one) => ({
      id: one.contact.id,
      name: one.contact.name,
      why: one.why,
      proven: one.proven,
    })),
  };
}
