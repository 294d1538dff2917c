/** What the bot would answer, and the shop's own words. */
import { z } from "@hono/zod-openapi";
import { audienceOf } from "../core/article.ts";
import { detectLocale } from "../core/language.ts";
import { TONE_PROFILES, toneFor, toneOf } from "../core/tone.ts";
import { renderAnswer } from "../desk/render-answer.ts";
import { needsProof, VARIABLES, type VariablePlace } from "../desk/variables.ts";
import { may } from "./access.ts";
import type { Route } from "./api.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { moment, present, words } from "./fields.ts";
import { iso } from "./present.ts";

const FACTS_TIMEOUT_MS = 2500;
const twoTongues = z.object({ zh: z.string(), en: z.string() });

export function knowledgeRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "post",
    "/v1/knowledge/match",
    {
      tag: "Knowledge",
      summary: "What the bot would answer, and why: as of any time, as any contact",
      access: "knowledge.match",
      body: z.strictObject({
        text: words(20_000),
        locale: z.string().max(35).optional(),
        channel: z.string().max(50).optional(),
        limit: z.number().int().min(1).max(20).default(5),
        at: moment.optional(),
        contactId: z.string().min(1).max(200).optional(),
        /** As if the shop spoke like this. @default its own tone on the channel */
        tone: z.enum(TONE_PROFILES).optional(),
      }),
    },
    async ({ actor, body }) => {
      const { channel, contactId } = body;
      const now = desk.now();
      const at = body.at ?? now;
      const shop = await desk.shop(actor.shopId);
      const locale = body.locale ?? detectLocale(body.text);
      const contact = await contactOf(http, actor, contactId);
      const { decision, matches } = await desk.knowledge.match(
        present({ shopId: actor.shopId, text: body.text, limit: body.limit, now, at, contactId, locale }),
      );
      const { staleTranslations, tone: tones, hours } = shop.rules;
      const toneAt = present({ channel, locale: locale ?? shop.locale });
      const place: VariablePlace = {
        shop: { name: shop.name, hours },
        contact: contact ?? { shopId: actor.shopId, level: "anonymous" },
        tone: body.tone === undefined ? toneFor(tones, toneAt) : toneOf(body.tone, toneAt.locale),
        locale: toneAt.locale,
        timeZone: shop.timeZone,
        now,
        text: body.text,
      };
      const audience = contact === undefined ? [] : audienceOf(contact);
      return {
        decision,
        at: iso(at),
        matches: await Promise.all(
          matches.map(async ({ articleId, article, score, why, version }) => {
            const rendered = await renderAnswer(desk, {
              article,
              to: { ...present({ locale, channel }), audience, staleTranslations },
              place,
              signal: AbortSignal.timeout(FACTS_TIMEOUT_MS),
            });
            return {
              articleId,
              question: article.question,
              answer: rendered.ok ? rendered.text : rendered.fallback,
              ...(rendered.ok ? {} : { missing: rendered.missing }),
              score: Math.round(score * 10_000) / 10_000,
              why,
              version,
            };
          }),
        ),
      };
    },
  );
  route(
    "get",
    "/v1/knowledge/variables",
    {
      tag: "Knowledge",
      summary: "What an answer may speak of, with samples; exactly what the server takes",
      access: "articles.read",
      answer: z.object({
        items: z.array(
          z.object({
            name: z.string(),
            title: twoTongues,
            sample: twoTongues,
            source: z.string(),
            needsProof: z.boolean(),
          }),
        ),
        next: z.null(),
      }),
    },
    async () => ({
      items: VARIABLES.map(({ name, title, sample, source }) => ({
        name,
        title,
        sample,
        source,
        needsProof: needsProof([name]),
      })),
      next: null,
    }),
  );
}

/** The contact to answer, for who may see contacts. */
async function contactOf({ desk }: HttpDeps, actor: Actor, contactId: string | undefined) {
  if (contactId === undefined || !may(actor.role, "contacts.read")) return undefined;
  return desk.store.contact(actor.shopId, contactId);
}
