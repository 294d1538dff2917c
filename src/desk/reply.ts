import type { Content } from "../core/content.ts";
import { ConflictError, ForbiddenError, InvalidError, NotFoundError } from "../core/errors.ts";
import type { Message } from "../core/message.ts";
import type { Deps } from "./deps.ts";
import { ownFile } from "./own-file.ts";
import { toDraft } from "./say.ts";
import { isTemplateUse, type TemplateUse, templateDraft } from "./template-draft.ts";
import { type Actor, authorOf, change, loadTicket, ownerOf, partyOf } from "./ticket-change.ts";
import { refuseClosedWindow } from "./window.ts";

/**
 * An agent answers, in the conversation the contact wrote in last or another of theirs. The same `clientId` again is the same message.
 * @throws {ConflictError} `session.epoch_changed` when the session is not the agent's any more
 * @throws {ConflictError} `delivery.window_closed` with the alternatives
 * @throws {InvalidError} `knowledge.unresolved_variable` for a text that still holds `{{ … }}`
 */
export async function reply(
  deps: Deps,
  actor: Actor,
  ticketId: string,
  input: {
    readonly clientId: string;
    /** Or a template of the conversation's inbox, which goes out after its window too. */
    readonly content: Content | TemplateUse;
    readonly ownerEpoch?: number;
    readonly conversationId?: string;
  },
): Promise<{ readonly message: Message; readonly fresh: boolean }> {
  const { ticket, session } = await loadTicket(deps, actor, ticketId);
  const party = await partyOf(deps, session, input.conversationId);
  if (party.contact.id !== ticket.contactId)
    throw new NotFoundError("conversation.not_found", "There is no such conversation.");
  const known = await deps.store.messageByClientId(party.conversation.id, input.clientId);
  if (known !== undefined) return { message: known, fresh: false };
  if (session.state !== "agent" || session.owner !== actor.id || session.ticketId !== ticketId) {
    if (session.state === "agent" && session.owner !== actor.id) {
      throw new ConflictError("session.epoch_changed", "Another agent has this session.", ownerOf(session));
    }
    throw new ForbiddenError("ticket.not_yours", "Claim the ticket before you answer.");
  }
  if (!isTemplateUse(input.content)) await refuseClosedWindow(deps, party);
  if (!isTemplateUse(input.content) && input.content.type === "text") {
    const unresolved = /\{\{\s*([\w.]+)[^}]*\}\}/.exec(input.content.text);
    if (unresolved !== null) {
      throw new InvalidError("knowledge.unresolved_variable", `The variable ${unresolved[1]} is not filled in.`, {
        issues: [{ path: "content.text", message: `{{ ${unresolved[1]} }}` }],
      });
    }
  }
  const owners = [actor.id, party.conversation.id];
  const told = { party, author: authorOf(actor), clientId: input.clientId };
  const draft = isTemplateUse(input.content)
    ? await templateDraft(deps, { ...told, use: input.content })
    : await toDraft(deps, {
        ...told,
        say: { content: await ownFile(deps, { shopId: actor.shopId, owners }, input.content) },
        ...(session.language === undefined ? {} : { locale: session.language }),
      });
  const now = deps.now();
  const changed = await change(deps, {
    session,
    fence: {
      epoch: input.ownerEpoch ?? session.ownerEpoch,
      owner: actor.id,
      states: ["agent"],
      ticket: { id: ticketId },
    },
    ticket: { id: ticketId, patch: { firstReplyAt: now } },
    patch: { waitingSince: null, unread: 0 },
    say: [draft],
    now,
  });
  const message = changed.messages[0] ?? (await deps.store.messageByClientId(party.conversation.id, input.clientId));
  if (message === undefined)
    throw new ConflictError("session.epoch_changed", "The message could not be kept.", ownerOf(session));
  return { message, fresh: changed.messages.length > 0 };
}
