/** A template on its way out: stored as it reads, sent as the platform knows it. */
import type { Content } from "../core/content.ts";
import { InvalidError, NotFoundError } from "../core/errors.ts";
import type { Author } from "../core/message.ts";
import type { OutboundDraft, Party } from "../core/ports.ts";
import { fillTemplate } from "../core/template.ts";
import { templateRouteOf } from "../core/window.ts";
import type { Deps } from "./deps.ts";

export interface TemplateUse {
  readonly type: "template";
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
}

export function isTemplateUse(content: Content | TemplateUse): content is TemplateUse {
  return content.type === "template";
}

/**
 * @throws {NotFoundError} `template.not_found` in the conversation's own inbox
 * @throws {InvalidError} `template.unsupported`, `template.invalid_params`
 */
export async function templateDraft(
  deps: Deps,
  {
    party,
    use,
    author,
    clientId,
  }: { readonly party: Party; readonly use: TemplateUse; readonly author: Author; readonly clientId: string },
): Promise<OutboundDraft> {
  const { contact, conversation } = party;
  const [template, running] = await Promise.all([
    deps.store.template(contact.shopId, use.id),
    deps.inboxes.get(conversation.inboxId),
  ]);
  if (template === undefined || template.inboxId !== conversation.inboxId)
    throw new NotFoundError("template.not_found", "There is no such template in this inbox.");
  const rules = running && templateRouteOf(running.adapter.capabilities)?.template;
  if (rules === undefined) throw new InvalidError("template.unsupported", "The channel has no templates.");
  const filled = fillTemplate(template, use.params, rules);
  const content: Content = { type: "text", text: filled.text };
  const parts = [{ id: deps.newId("dlv"), content, template: filled.template }];
  return { id: deps.newId("msg"), conversation, author, content, parts, clientId };
}
