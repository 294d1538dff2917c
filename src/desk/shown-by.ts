/** An answer as one channel shows it, and what of it is lost there. */
import type { Capabilities } from "../core/adapter.ts";
import type { AnswerVariant } from "../core/article.ts";
import type { Content } from "../core/content.ts";
import type { Decision } from "../core/decide.ts";
import { nearestLocale } from "../core/language.ts";
import { lower, offeredChoices } from "../core/lower.ts";
import type { Deps } from "./deps.ts";
import { withBrowserLink, withPublicLink } from "./file-links.ts";

export const PREVIEW_WARNINGS = [
  "split",
  "choices_as_text",
  "links_as_text",
  "image_as_text",
  "card_as_text",
  "order_unknown",
  "unresolved_variable",
] as const;

export interface PreviewWarning {
  readonly code: (typeof PREVIEW_WARNINGS)[number];
  /** Messages, choices or links it is about. */
  readonly count?: number;
  /** The variable that has no value. */
  readonly word?: string;
}

export interface ChannelPreview {
  readonly channel: string;
  readonly inboxId: string;
  readonly name: string;
  /** Absent: the default answer. */
  readonly variant?: Pick<AnswerVariant, "locale" | "channel" | "audience">;
  /** What is sent, in its order. */
  readonly messages: readonly Content[];
  readonly warnings: readonly PreviewWarning[];
  /** Why a person takes over after this. */
  readonly handoff?: string;
}

/** Every content as the channel shows it, and what it cannot show as it was meant. */
export async function shownBy(
  deps: Pick<Deps, "filePath" | "publicUrl">,
  { say }: Pick<Decision, "say">,
  { capabilities, locale }: { readonly capabilities: Capabilities; readonly locale: string },
): Promise<Pick<ChannelPreview, "messages" | "warnings">> {
  const lowered = await Promise.all(
    say.map(async ({ content }) => ({
      content,
      parts: lower(await withPublicLink(deps, content), capabilities, { locale: nearestLocale(locale) }),
    })),
  );
  return {
    messages: await Promise.all(lowered.flatMap(({ parts }) => parts).map((part) => withBrowserLink(deps, part))),
    warnings: lowered.flatMap(({ content, parts }) => lostIn(content, parts)),
  };
}

const linksOf = (content: Content): number =>
  content.type === "card"
    ? content.actions.filter((action) => "url" in action).length
    : content.type === "carousel"
      ? content.cards.reduce((sum, card) => sum + linksOf({ ...card, type: "card" }), 0)
      : 0;
const imagesOf = (content: Content): number =>
  content.type === "image" ? 1 : content.type === "card" && content.imageUrl !== undefined ? 1 : 0;
const isCard = (content: Content) => ["card", "carousel", "product", "order"].includes(content.type);

function lostIn(content: Content, parts: readonly Content[]): PreviewWarning[] {
  const warnings: PreviewWarning[] = [];
  const sum = (of: (part: Content) => number) => parts.reduce((total, part) => total + of(part), 0);
  const texts = parts.filter(({ type }) => type === "text").length;
  if (content.type === "text" && parts.length > 1) warnings.push({ code: "split", count: parts.length });
  else if (texts > 1) warnings.push({ code: "split", count: parts.length });
  const choices = offeredChoices(content).length;
  if (choices > sum((part) => offeredChoices(part).length)) warnings.push({ code: "choices_as_text", count: choices });
  const links = linksOf(content);
  if (links > sum(linksOf)) warnings.push({ code: "links_as_text", count: links });
  if (imagesOf(content) > sum(imagesOf)) warnings.push({ code: "image_as_text" });
  if (isCard(content) && !parts.some(isCard)) warnings.push({ code: "card_as_text" });
  return warnings;
}
