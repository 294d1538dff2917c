/** The send window of a conversation as agents meet it: what is open, and what they may do when nothing is. */
import type { Capabilities } from "../core/adapter.ts";
import { ConflictError } from "../core/errors.ts";
import type { Party } from "../core/ports.ts";
import { hasWindow, templateRouteOf, type Window, windowOf } from "../core/window.ts";
import { closedDetail } from "./attempt-plan.ts";
import type { Deps } from "./deps.ts";

/** Another thread of the same contact in which may be written now. */
interface OtherConversation {
  readonly kind: "conversation";
  readonly conversationId: string;
  readonly inboxId: string;
  readonly inboxName?: string;
  readonly channel: string;
}
/** A template of the platform, which opens nothing but arrives. */
interface TemplateChoice {
  readonly kind: "template";
  readonly templates: number;
}
export type Alternative = OtherConversation | TemplateChoice;

/** For an agent; undefined where the channel may be written to at any time, by one way. */
export function agentWindow(
  capabilities: Capabilities | undefined,
  facts: Parameters<typeof windowOf>[0]["facts"],
  now: number,
): Window | undefined {
  if (capabilities === undefined || !hasWindow(capabilities)) return undefined;
  return windowOf({ capabilities, facts, author: "agent", now });
}

/** @throws {ConflictError} `delivery.window_closed` with the alternatives, before anything is recorded */
export async function refuseClosedWindow(deps: Deps, { contact, conversation }: Party): Promise<void> {
  const running = await deps.inboxes.get(conversation.inboxId);
  const window = agentWindow(running?.adapter.capabilities, conversation, deps.now());
  if (window === undefined || window.open) return;
  throw new ConflictError("delivery.window_closed", closedDetail(window), {
    conversationId: conversation.id,
    alternatives: await alternativesTo(deps, { contact, conversation }),
  });
}

/** What an agent may do for a contact without the window of this conversation. */
export async function alternativesTo(
  deps: Deps,
  { contact, conversation }: Pick<Party, "contact" | "conversation">,
): Promise<readonly Alternative[]> {
  const { shopId, id: contactId } = contact;
  const running = await deps.inboxes.get(conversation.inboxId);
  const byTemplate = running !== undefined && templateRouteOf(running.adapter.capabilities) !== undefined;
  const [templates, identities] = await Promise.all([
    byTemplate ? deps.store.templates(shopId, conversation.inboxId) : [],
    deps.store.identitiesOf(shopId, contactId),
  ]);
  const others = await Promise.all(
    identities
      .filter((identity) => identity.conversationId !== conversation.id)
      .map(async (identity): Promise<OtherConversation[]> => {
        const other = await deps.inboxes.get(identity.inboxId).catch(() => undefined); // one that cannot start cannot be written to
        if (other === undefined) return [];
        const window = agentWindow(other.adapter.capabilities, identity.window, deps.now());
        if (window?.open === false) return [];
        const { conversationId, inboxId, channel } = identity;
        return [{ kind: "conversation", conversationId, inboxId, inboxName: other.inbox.name, channel }];
      }),
  );
  return [...(byTemplate ? [{ kind: "template" as const, templates: templates.length }] : []), ...others.flat()];
}
