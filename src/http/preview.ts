/** What shoppers would be told, before they are: unsaved edits asked as anyone at any time, and the answer as each channel shows it. */
import { z } from "@hono/zod-openapi";
import type { Contact } from "../core/contact.ts";
import { NotFoundError } from "../core/errors.ts";
import { TONE_PROFILES } from "../core/tone.ts";
import { trackTranslations } from "../core/translation.ts";
import { articleChange, toArticleBody, toArticleDraft } from "../desk/article-body.ts";
import { checkReferences } from "../desk/check-references.ts";
import { preview } from "../desk/preview.ts";
import { PREVIEW_WARNINGS } from "../desk/shown-by.ts";
import { may } from "./access.ts";
import type { Route } from "./api.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { moment, present, words } from "./fields.ts";
import { noArticle } from "./load-article.ts";
import { iso } from "./present.ts";

const variantShape = z.object({
  locale: z.string().optional(),
  channel: z.string().optional(),
  audience: z.string().optional(),
});
const previewShape = z
  .object({
    decision: z.enum(["answer", "suggest", "none"]),
    locale: z.string(),
    at: z.iso.datetime(),
    matches: z.array(
      z.object({
        articleId: z.string(),
        question: z.string(),
        score: z.number(),
        version: z.number().int(),
        why: z.array(z.object({ term: z.string(), via: z.string(), weight: z.number() })),
        edited: z.boolean(),
      }),
    ),
    /** The edited article's own test questions. */
    tests: z
      .object({
        total: z.number().int(),
        failed: z.array(z.object({ question: z.string(), check: z.enum(["must_hit", "must_not_hit"]) })),
      })
      .optional(),
    conflicts: z.array(z.object({ articleId: z.string(), question: z.string(), gap: z.number() })),
    channels: z.array(
      z.object({
        channel: z.string(),
        inboxId: z.string(),
        name: z.string(),
        variant: variantShape.optional(),
        messages: z.array(z.unknown()),
        warnings: z.array(
          z.object({ code: z.enum(PREVIEW_WARNINGS), count: z.number().optional(), word: z.string().optional() }),
        ),
        handoff: z.string().optional(),
      }),
    ),
  })
  .openapi("ArticlePreview");

/** An article not saved yet has no id; this one no article can have. */
const UNSAVED = "unsaved article";
const round = (score: number) => Math.round(score * 10_000) / 10_000;

export function previewRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "post",
    "/v1/articles/preview",
    {
      tag: "Knowledge",
      summary: "Asks edits not saved yet, and shows the answer as every channel of the shop would; nothing is kept",
      access: "articles.read",
      body: z.strictObject({
        text: words(20_000).pipe(z.string().min(1)),
        /** The edits; with an `id` over that article, without one as a new one. */
        article: articleChange.extend({ id: z.string().min(1).max(100).optional() }).optional(),
        contactId: z.string().min(1).max(200).optional(),
        /** As a made-up customer with made-up orders, where no contact is named. */
        sample: z.boolean().optional(),
        /** As somebody nobody knows who carries these tags; for who may not see contacts. */
        audience: z
          .array(words(50).pipe(z.string().min(1)))
          .max(20)
          .optional(),
        orderId: z.string().min(1).max(100).optional(),
        locale: z.string().max(35).optional(),
        tone: z.enum(TONE_PROFILES).optional(),
        at: moment.optional(),
      }),
      answer: previewShape,
    },
    async ({ actor, body }) => {
      const { text, article, contactId, audience, sample, orderId, locale, tone } = body;
      const [draft, contact] = await Promise.all([
        article === undefined ? undefined : draftOf(http, actor, article),
        contactOf(http, actor, contactId),
      ]);
      const at = body.at ?? desk.now();
      const { shopId } = actor;
      const found = await preview(
        desk,
        present({ shopId, text, draft, contact, audience, sample, orderId, locale, tone, at }),
      );
      return {
        ...found,
        at: iso(at),
        matches: found.matches.map((match) => ({ ...match, score: round(match.score) })),
        conflicts: found.conflicts.map((other) => ({ ...other, gap: round(other.gap) })),
      };
    },
  );
}

/** The article as it would be saved, so far as it can be asked: what is not finished yet is no fault here. */
async function draftOf(
  { desk }: HttpDeps,
  { shopId }: Actor,
  { id, ...change }: z.output<typeof articleChange> & { readonly id?: string | undefined },
) {
  const current = id === undefined ? undefined : await desk.store.article(shopId, id);
  if (id !== undefined && current === undefined) throw noArticle();
  const base = current === undefined ? { question: "…" } : toArticleBody(current);
  const draft = toArticleDraft({ ...base, ...present(change) });
  await checkReferences(desk, shopId, draft);
  const rules = draft.controls?.rules?.filter(
    ({ kind, value }) => kind !== "pattern" || desk.knowledge.refusesPattern(value) === undefined,
  );
  const askable = rules === undefined ? draft : { ...draft, controls: { ...draft.controls, rules } };
  const before = current === undefined ? undefined : { draft: current, version: current.version };
  return {
    id: id ?? UNSAVED,
    draft: trackTranslations(askable, { before, version: (current?.version ?? 0) + 1 }),
  };
}

/** Only who may see contacts answers as one; for the others it is somebody nobody knows. */
async function contactOf(
  { desk }: HttpDeps,
  { shopId, role }: Actor,
  id: string | undefined,
): Promise<Contact | undefined> {
  if (id === undefined || !may(role, "contacts.read")) return undefined;
  const contact = await desk.store.contact(shopId, id);
  if (contact === undefined) throw new NotFoundError("contact.not_found", "There is no such contact.");
  return contact;
}
