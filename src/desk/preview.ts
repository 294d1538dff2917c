/** What a shopper would be told: asked of edits not saved yet, as anyone, at any time; and how each channel of the shop would show it. */
import type { Capabilities } from "../core/adapter.ts";
import { type AnswerVariant, type ArticleDraft, audienceOf, type PickedAnswer, pickAnswer } from "../core/article.ts";
import type { Contact } from "../core/contact.ts";
import type { Content } from "../core/content.ts";
import { type Decision, decide } from "../core/decide.ts";
import type { ArticleMatch, KnowledgeAnswer } from "../core/knowledge.ts";
import { detectLocale, nearestLocale } from "../core/language.ts";
import { lower, offeredChoices } from "../core/lower.ts";
import type { Inbox } from "../core/ports.ts";
import type { SkillOutcome } from "../core/skill.ts";
import { type Tone, type ToneProfile, toneFor, toneOf } from "../core/tone.ts";
import type { Deps } from "./deps.ts";
import { renderAnswer } from "./render-answer.ts";

export interface PreviewInput {
  readonly shopId: string;
  readonly text: string;
  /** Edits not saved yet. */
  readonly draft?: { readonly id: string; readonly draft: ArticleDraft };
  /** Whom to answer; absent: somebody nobody knows. */
  readonly contact?: Contact;
  readonly orderId?: string;
  readonly locale?: string;
  /** Another tone than the shop's own. */
  readonly tone?: ToneProfile;
  /** Epoch milliseconds. */
  readonly at: number;
}

export interface PreviewMatch extends Pick<ArticleMatch, "articleId" | "version" | "score" | "why"> {
  readonly question: string;
  /** The edits answered, not what is published. */
  readonly edited: boolean;
}

/** Another article whose score is so near that a word more or less decides between them. */
export interface Conflict {
  readonly articleId: string;
  readonly question: string;
  readonly gap: number;
}

export const PREVIEW_WARNINGS = [
  "split",
  "choices_as_text",
  "links_as_text",
  "image_as_text",
  "card_as_text",
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

export interface Preview {
  readonly decision: KnowledgeAnswer["decision"];
  readonly locale: string;
  readonly matches: readonly PreviewMatch[];
  readonly conflicts: readonly Conflict[];
  readonly channels: readonly ChannelPreview[];
}

/** Scores nearer than this are easily confused; the same as before a publish. */
const TOO_CLOSE = 0.05;
const FACTS_TIMEOUT_MS = 2500;

const somebody = (shopId: string): Contact => ({
  id: "preview",
  shopId,
  level: "anonymous",
  tags: [],
  vip: false,
  createdAt: 0,
});

export async function preview(deps: Deps, input: PreviewInput): Promise<Preview> {
  const { shopId, text, draft, at } = input;
  const shop = await deps.shop(shopId);
  const contact = input.contact ?? somebody(shopId);
  const locale = input.locale ?? detectLocale(text) ?? nearestLocale(contact.locale, nearestLocale(shop.locale));
  const knowledge = await deps.knowledge.match({
    shopId,
    text,
    locale,
    limit: 5,
    now: deps.now(),
    at,
    ...(input.contact === undefined ? {} : { contactId: input.contact.id }),
    ...(draft === undefined ? {} : { draft }),
  });
  const [best] = knowledge.matches;
  const asked: Asked = { ...input, contact, locale, knowledge };
  const outcome = knowledge.decision === "answer" && best !== undefined ? await askSkill(deps, best, asked) : undefined;
  const inboxes = (await deps.store.inboxes(shopId)).filter(({ state }) => state !== "paused");
  const shown = await Promise.all(inboxes.map((inbox) => onChannel(deps, inbox, asked, outcome)));
  return {
    decision: knowledge.decision,
    locale,
    matches: knowledge.matches.map(({ articleId, article, version, score, why }) => ({
      articleId,
      question: article.question,
      version,
      score,
      why,
      edited: articleId === draft?.id,
    })),
    conflicts: conflictsOf(knowledge.matches, draft?.id),
    channels: shown.flatMap((one) => one ?? []),
  };
}

interface Asked extends Omit<PreviewInput, "contact" | "locale"> {
  readonly contact: Contact;
  readonly locale: string;
  readonly knowledge: KnowledgeAnswer;
}

/** Of the edited article where it was found, else of the first. */
export function conflictsOf(matches: readonly ArticleMatch[], id: string | undefined): readonly Conflict[] {
  const own = matches.find(({ articleId }) => articleId === id) ?? matches[0];
  if (own === undefined) return [];
  return matches
    .filter((other) => other !== own && Math.abs(own.score - other.score) < TOO_CLOSE)
    .map(({ articleId, article, score }) => ({ articleId, question: article.question, gap: own.score - score }));
}

async function onChannel(
  deps: Deps,
  inbox: Inbox,
  asked: Asked,
  outcome: SkillOutcome | undefined,
): Promise<ChannelPreview | undefined> {
  const running = await deps.inboxes.get(inbox.id).catch(() => undefined);
  // One that does not start has no say in what it can show.
  if (running === undefined) return undefined;
  const { capabilities } = running.adapter;
  const shop = await deps.shop(asked.shopId);
  const place = { locale: asked.locale, channel: inbox.channel, inboxId: inbox.id };
  const tone = asked.tone === undefined ? toneFor(shop.rules.tone, place) : toneOf(asked.tone, asked.locale);
  const [best] = asked.knowledge.matches;
  const { staleTranslations } = shop.rules;
  const picked: PickedAnswer | undefined =
    best && pickAnswer(best.article, { ...place, audience: audienceOf(asked.contact), staleTranslations });
  const rendered =
    picked && best && (await renderAnswer(deps, { ...renderInput(asked, shop, tone), ...wordsOf(best, picked) }));
  const decision = decide(
    {
      content: { type: "text", text: asked.text },
      text: asked.text,
      session: { state: "bot", owner: "bot", misses: 0 },
      contact: asked.contact,
      locale: asked.locale,
      knowledge: asked.knowledge,
      settings: shop.rules,
      tone,
      ...(rendered === undefined ? {} : rendered.ok ? { rendered: rendered.text } : { fallback: rendered.fallback }),
      ...(best?.article.skill === undefined || outcome === undefined
        ? {}
        : { skill: { name: best.article.skill, outcome, articleId: best.articleId } }),
    },
    deps.rules,
  );
  const speaks = asked.knowledge.decision === "answer" && outcome?.kind !== "say";
  return {
    channel: inbox.channel,
    inboxId: inbox.id,
    name: inbox.name,
    ...shownBy(decision, capabilities, asked.locale),
    ...(speaks && picked?.variant !== undefined ? { variant: nameOf(picked.variant) } : {}),
    ...(speaks && rendered?.ok === false
      ? { warnings: [{ code: "unresolved_variable" as const, word: rendered.missing }] }
      : {}),
    ...(decision.handoff === undefined ? {} : { handoff: decision.handoff.code }),
  };
}

const nameOf = ({ locale, channel, audience }: AnswerVariant) => ({
  ...(locale === undefined ? {} : { locale }),
  ...(channel === undefined ? {} : { channel }),
  ...(audience === undefined ? {} : { audience }),
});

/** Every content as the channel shows it, and what it cannot show as it was meant. */
export function shownBy(
  { say }: Pick<Decision, "say">,
  capabilities: Capabilities,
  locale: string,
): Pick<ChannelPreview, "messages" | "warnings"> {
  const lowered = say.map(({ content }) => ({
    content,
    parts: lower(content, capabilities, { locale: nearestLocale(locale) }),
  }));
  return {
    messages: lowered.flatMap(({ parts }) => parts),
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

async function askSkill(deps: Deps, best: ArticleMatch, asked: Asked): Promise<SkillOutcome | undefined> {
  const skill = deps.skills.find(({ name }) => name === best.article.skill);
  if (skill === undefined) return undefined;
  const shop = await deps.shop(asked.shopId);
  const input = {
    text: asked.text,
    contact: asked.contact,
    locale: asked.locale,
    timeZone: shop.timeZone,
    now: asked.at,
    tone: asked.tone === undefined ? toneFor(shop.rules.tone, asked) : toneOf(asked.tone, asked.locale),
    ...(asked.orderId === undefined ? {} : { value: `order:${asked.orderId}` }),
  };
  try {
    const signal = AbortSignal.timeout(FACTS_TIMEOUT_MS);
    // A look ahead counts nobody's tries, and so may make none.
    const facts = await skill.gather(input, { commerce: deps.commerce, signal, tryProof: async () => false });
    return skill.answer(input, facts);
  } catch (error) {
    deps.log.warn({ err: error, skill: skill.name }, "a skill failed in a preview");
    return { kind: "failed", detail: "The skill failed." };
  }
}

const wordsOf = ({ article }: ArticleMatch, { text }: PickedAnswer) => ({
  template: text,
  ...(article.fallback === undefined ? {} : { fallback: article.fallback }),
});

function renderInput(asked: Asked, shop: Awaited<ReturnType<Deps["shop"]>>, tone: Tone) {
  const place = {
    shop: { name: shop.name, hours: shop.rules.hours },
    contact: asked.contact,
    tone,
    locale: asked.locale,
    timeZone: shop.timeZone,
    now: asked.at,
    // The order that was picked is the order that is spoken of.
    text: asked.orderId === undefined ? asked.text : `#${asked.orderId}`,
  };
  return { place, signal: AbortSignal.timeout(FACTS_TIMEOUT_MS) };
}
