/** What the bot would answer, and the shop's own words. */
import { z } from "@hono/zod-openapi";
import { answerFor } from "../core/article.ts";
import { detectLocale } from "../core/language.ts";
import { may } from "./access.ts";
import type { Route } from "./api.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { moment, present, words } from "./fields.ts";
import { iso } from "./present.ts";

const synonymsShape = z.strictObject({
  synonyms: z
    .array(
      z
        .array(words(100).pipe(z.string().min(1)))
        .min(2)
        .max(50),
    )
    .max(2000),
  stopWords: z.array(words(50)).max(1000).default([]),
});

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
      }),
    },
    async ({ actor, body }) => {
      const { channel, contactId } = body;
      const now = desk.now();
      const at = body.at ?? now;
      const shop = await desk.shop(actor.shopId);
      const locale = body.locale ?? detectLocale(body.text);
      const { decision, matches } = await desk.knowledge.match(
        present({ shopId: actor.shopId, text: body.text, limit: body.limit, now, at, contactId, locale }),
      );
      const values = {
        shop: { name: shop.name, hours: shop.rules.hours },
        contact: await nameOf(http, actor, contactId),
      };
      return {
        decision,
        at: iso(at),
        matches: matches.map(({ articleId, article, score, why, version }) => {
          const template = answerFor(article, present({ locale, channel }));
          const rendered = desk.templates.render(template, values);
          return {
            articleId,
            question: article.question,
            answer: rendered.ok ? rendered.text : template,
            score: Math.round(score * 10_000) / 10_000,
            why,
            version,
          };
        }),
      };
    },
  );
  route(
    "get",
    "/v1/knowledge/synonyms",
    { tag: "Knowledge", summary: "The shop's own words", access: "articles.read", answer: synonymsShape },
    async ({ actor }) => {
      const { groups, stopWords } = await desk.store.synonyms(actor.shopId);
      return { synonyms: groups, stopWords };
    },
  );
  route(
    "put",
    "/v1/knowledge/synonyms",
    {
      tag: "Knowledge",
      summary: "Replace the shop's own words",
      access: "articles.write",
      body: synonymsShape,
      answer: synonymsShape,
    },
    async ({ actor, body }) => {
      await desk.store.saveSynonyms({
        shopId: actor.shopId,
        groups: body.synonyms,
        stopWords: body.stopWords,
        now: desk.now(),
      });
      return body;
    },
  );
}

/** A contact's name, for who may see contacts. */
async function nameOf({ desk }: HttpDeps, actor: Actor, contactId: string | undefined): Promise<{ name?: string }> {
  if (contactId === undefined || !may(actor.role, "contacts.read")) return {};
  const contact = await desk.store.contact(actor.shopId, contactId);
  return contact?.name === undefined ? {} : { name: contact.name };
}
