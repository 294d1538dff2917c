/** What a shopper would be told: asked of edits not saved yet, as anyone, at any time; and how each channel of the shop would show it. */
import { type AnswerVariant, type ArticleDraft, audienceOf } from "../core/article.ts";
import type { Contact } from "../core/contact.ts";
import { type DeclaredTurn, decide } from "../core/decide.ts";
import { flowIdOf } from "../core/flow.ts";
import type { ArticleMatch, KnowledgeAnswer } from "../core/knowledge.ts";
import { detectLocale, nearestLocale } from "../core/language.ts";
import type { Inbox } from "../core/ports.ts";
import type { SkillInput, SkillOutcome } from "../core/skill.ts";
import { type Tone, type ToneProfile, toneFor, toneOf } from "../core/tone.ts";
import type { Deps } from "./deps.ts";
import { renderAnswer } from "./render-answer.ts";
import { answererOf, askedAs } from "./replay.ts";
import { type ChannelPreview, shownBy } from "./shown-by.ts";
import { type FlowContext, startFlow } from "./take-flow-turn.ts";

export interface PreviewInput {
  readonly shopId: string;
  readonly text: string;
  /** Edits not saved yet. */
  readonly draft?: { readonly id: string; readonly draft: ArticleDraft };
  /** Whom to answer; absent: somebody nobody knows. */
  readonly contact?: Contact;
  /** What somebody nobody knows counts as: tags, a tier. */
  readonly audience?: readonly string[];
  /** As a made-up customer with made-up orders. */
  readonly sample?: boolean;
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

export interface Preview {
  readonly decision: KnowledgeAnswer["decision"];
  readonly locale: string;
  readonly matches: readonly PreviewMatch[];
  readonly conflicts: readonly Conflict[];
  readonly channels: readonly ChannelPreview[];
  /** The edited article's own test questions; absent where it has none. */
  readonly tests?: TestRun;
}

export interface TestRun {
  readonly total: number;
  readonly failed: readonly { readonly question: string; readonly check: "must_hit" | "must_not_hit" }[];
}

/** Scores nearer than this are easily confused; the same as before a publish. */
const TOO_CLOSE = 0.05;
const FACTS_TIMEOUT_MS = 2500;

const somebody = (shopId: string, tags: readonly string[], sample?: Deps["sample"]): Contact => ({
  id: "preview",
  shopId,
  ...(sample === undefined
    ? { level: "anonymous" }
    : { level: "verified", memberId: sample.memberId, name: sample.name }),
  tags,
  vip: false,
  createdAt: 0,
});

export async function preview(desk: Deps, input: PreviewInput): Promise<Preview> {
  const { shopId, text, draft, at } = input;
  const sample = input.contact === undefined && input.sample === true ? desk.sample : undefined;
  const deps = sample === undefined ? desk : { ...desk, commerce: sample.commerce };
  const shop = await deps.shop(shopId);
  const contact = input.contact ?? somebody(shopId, input.audience ?? [], sample);
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
  const ahead = knowledge.decision === "answer" && best !== undefined ? await lookAhead(deps, best, asked) : {};
  const inboxes = (await deps.store.inboxes(shopId)).filter(({ state }) => state !== "paused");
  const shown = await Promise.all(inboxes.map((inbox) => onChannel(deps, inbox, asked, ahead)));
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
    ...(draft?.draft.tests === undefined ? {} : { tests: await runTests(deps, { shopId, at, draft }) }),
    channels: shown.flatMap((one) => one ?? []),
  };
}

async function runTests(
  deps: Pick<Deps, "knowledge" | "now">,
  { shopId, at, draft }: Pick<PreviewInput, "shopId" | "at"> & { readonly draft: NonNullable<PreviewInput["draft"]> },
): Promise<TestRun> {
  const { mustHit = [], mustNotHit = [] } = draft.draft.tests ?? {};
  const hits = async (question: string) => {
    const asked = askedAs(question, at, draft.draft.locale);
    return answererOf(await deps.knowledge.match({ ...asked, shopId, now: deps.now(), draft }))?.articleId === draft.id;
  };
  const failed: TestRun["failed"][number][] = [];
  for (const question of mustHit) if (!(await hits(question))) failed.push({ question, check: "must_hit" });
  for (const question of mustNotHit) if (await hits(question)) failed.push({ question, check: "must_not_hit" });
  return { total: mustHit.length + mustNotHit.length, failed };
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
  { outcome, declared }: Ahead,
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
  const to = { ...place, audience: audienceOf(asked.contact), staleTranslations };
  const rendered = best && (await renderAnswer(deps, { ...renderInput(asked, shop, tone), article: best.article, to }));
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
      ...(rendered === undefined
        ? {}
        : rendered.ok
          ? { rendered: rendered.contents }
          : { fallback: rendered.fallback }),
      ...(best?.article.skill === undefined || outcome === undefined
        ? {}
        : { skill: { name: best.article.skill, outcome, articleId: best.articleId } }),
      ...(best === undefined || declared === undefined ? {} : { declared: { ...declared, articleId: best.articleId } }),
    },
    deps.rules,
  );
  const speaks = asked.knowledge.decision === "answer" && outcome?.kind !== "say" && declared === undefined;
  const shown = await shownBy(deps, decision, { capabilities, locale: asked.locale });
  const variant = speaks ? rendered?.picked.variant : undefined;
  const noOrder =
    speaks &&
    best?.article.orderCard === true &&
    rendered?.ok === true &&
    !rendered.contents.some(({ type }) => type === "order");
  return {
    channel: inbox.channel,
    inboxId: inbox.id,
    name: inbox.name,
    ...shown,
    ...(noOrder ? { warnings: [...shown.warnings, { code: "order_unknown" as const }] } : {}),
    ...(variant === undefined ? {} : { variant: nameOf(variant) }),
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

/** What the best match would do besides its own text: its skill's answer, or its flow's first question. */
interface Ahead {
  readonly outcome?: SkillOutcome;
  readonly declared?: DeclaredTurn;
}

async function lookAhead(deps: Deps, { article }: ArticleMatch, asked: Asked): Promise<Ahead> {
  if (article.skill === undefined) return {};
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
  const flowId = flowIdOf(article.skill);
  if (flowId === undefined) {
    const outcome = await askSkill(deps, article.skill, input);
    return outcome === undefined ? {} : { outcome };
  }
  const flow = await deps.flows.get(asked.shopId, flowId);
  if (flow === undefined) return {};
  const context: FlowContext = {
    input,
    vip: asked.contact.vip,
    askSkill: (name, given) => askSkill(deps, name, given),
    async tell(articleId) {
      const told = await deps.knowledge.told({ shopId: asked.shopId, articleId, now: deps.now() });
      if (told === undefined) return undefined;
      const place = renderInput(asked, shop, input.tone);
      const rendered = await renderAnswer(deps, { ...place, article: told.article, to: { locale: asked.locale } });
      return { contents: rendered.ok ? rendered.contents : [], version: told.version };
    },
    signal: AbortSignal.timeout(FACTS_TIMEOUT_MS),
  };
  return { declared: await startFlow(deps, flow, context) };
}

async function askSkill(deps: Deps, name: string, input: SkillInput): Promise<SkillOutcome | undefined> {
  const skill = deps.skills.find((one) => one.name === name);
  if (skill === undefined) return undefined;
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
