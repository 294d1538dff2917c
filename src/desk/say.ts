/** A content on its way out: as stored, and as the channel will show it. */
import type { Say } from "../core/decide.ts";
import { nearestLocale } from "../core/language.ts";
import { lower } from "../core/lower.ts";
import type { Author } from "../core/message.ts";
import type { OutboundDraft, Party } from "../core/ports.ts";
import type { Deps } from "./deps.ts";
import { withPublicLink } from "./file-links.ts";

export async function toDraft(
  deps: Deps,
  input: {
    readonly party: Pick<Party, "conversation">;
    readonly say: Say;
    readonly author: Author;
    readonly clientId?: string;
    readonly locale?: string;
  },
): Promise<OutboundDraft> {
  const { conversation } = input.party;
  const running = await deps.inboxes.get(conversation.inboxId);
  const capabilities = running?.adapter.capabilities;
  const { content, ...told } = input.say;
  const parts =
    capabilities === undefined || capabilities.storedIsSent
      ? []
      : lower(
          await withPublicLink(deps, content),
          capabilities,
          input.locale === undefined ? {} : { locale: nearestLocale(input.locale) },
        ).map((part) => ({
          id: deps.newId("dlv"),
          content: part,
          ...(capabilities.inlineOnly === true && { awaitsContact: true }),
        }));
  return {
    id: deps.newId("msg"),
    conversation,
    author: input.author,
    content,
    parts,
    ...told,
    ...(input.clientId === undefined ? {} : { clientId: input.clientId }),
  };
}
