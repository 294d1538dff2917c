/** Articles as merchants edit them and as shoppers are told; the questions nobody answered. */
import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, type SQL, sql } from "drizzle-orm";
import type { ArticleDraft, Rollout } from "../core/article.ts";
import type { ArticleSave, Attention, KnowledgeStore, NewAudit, Review, StoredArticle } from "../core/ports.ts";
import type { ReviewRequest, SentBack } from "../core/review.ts";
import { staleVariants } from "../core/translation.ts";
import { auditLock, auditStatement } from "./audit.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { prepareEventOf } from "./events.ts";
import { after, before, contains, toPage } from "./page.ts";
import { present } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, type Statement } from "./statement.ts";
import * as t from "./tables.ts";

type Row = typeof t.articles.$inferSelect;

function toStored(row: Row): StoredArticle {
  return {
    id: row.id,
    shopId: row.shopId,
    ...row.draft,
    status: row.published !== null && row.publishedVersion === row.version ? "published" : "draft",
    version: row.version,
    ...(row.publishedVersion === null ? {} : { publishedVersion: row.publishedVersion }),
    ...(row.published === null ? {} : { published: row.published }),
    ...nextOf(row),
    ...(row.ownerId === null ? {} : { ownerId: row.ownerId }),
    ...(row.starterVersion === null ? {} : { starterVersion: row.starterVersion }),
    ...(row.review === null ? {} : { review: row.review }),
    ...(row.sentBack === null ? {} : { sentBack: row.sentBack }),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

function nextOf(row: Pick<Row, "next" | "nextVersion" | "nextPercent" | "nextFrom">): { next?: Rollout } {
  return row.next === null
    ? {}
    : {
        next: {
          draft: row.next,
          version: row.nextVersion ?? 1,
          percent: row.nextPercent ?? 100,
          from: row.nextFrom ?? 0,
        },
      };
}

const alive = and(eq(t.articles.shopId, $("shopId")), eq(t.articles.id, $("id")), isNull(t.articles.deletedAt));
const byId = prepare(db.select().from(t.articles).where(alive));
const articleKeys = [
  "id",
  "shopId",
  "draft",
  "words",
  "category",
  "locale",
  "validUntil",
  "stale",
  "ownerId",
  "starterVersion",
  "version",
  "published",
  "publishedVersion",
  "changedAt",
  "createdAt",
  "updatedAt",
] as const;
/** Changes of one shop's articles run one after the other, so that their marks become visible in their order. */
const articlesLock = (shopId: string) => `articles:${shopId}`;
/** The time, or just after the shop's last mark where that is not earlier: no two changes share a mark, and none comes in late. */
const nextMark = (shopId: SQL, now: SQL) => {
  const last = sql`(select coalesce(max(m.changed_at), 0) from articles m where m.shop_id = ${shopId})`;
  return sql`case when ${last} >= ${now} then ${last} + 1 else ${now} end`;
};
const newMark = nextMark(sql`${$("shopId")}`, sql`cast(${$("updatedAt")} as bigint)`);
/** A deleted id may be used again; its versions go on counting. */
const insertArticle = prepareInsertWhere(t.articles, articleKeys, {
  computed: { changedAt: newMark },
  conflict: sql`on conflict (shop_id, id) do update set draft = excluded.draft, words = excluded.words, category = excluded.category, locale = excluded.locale, valid_until = excluded.valid_until,
    stale = excluded.stale, owner_id = excluded.owner_id, version = articles.version + 1, published = excluded.published,
    published_version = case when excluded.published is null then null else articles.version + 1 end,
    starter_version = case when excluded.starter_version is null then null else articles.version + 1 end,
    changed_at = excluded.changed_at, updated_at = excluded.updated_at, deleted_at = null where articles.deleted_at is not null`,
  returning: { id: t.articles.id },
});
const upsertArticle = prepareInsertWhere(t.articles, articleKeys, {
  computed: { changedAt: newMark },
  conflict: sql`on conflict (shop_id, id) do update set draft = excluded.draft, words = excluded.words, category = excluded.category, locale = excluded.locale, valid_until = excluded.valid_until,
    stale = excluded.stale, version = articles.version + 1,
    starter_version = case when excluded.starter_version is not null then articles.version + 1
      when articles.deleted_at is null then articles.starter_version else null end,
    next = case when excluded.published is null then articles.next else null end,
    review = case when excluded.published is null then articles.review else null end,
    review_at = case when excluded.published is null then articles.review_at else null end,
    sent_back = case when excluded.published is null then articles.sent_back else null end,
    published = coalesce(excluded.published, articles.published),
    published_version = case when excluded.published is null then articles.published_version else articles.version + 1 end,
    changed_at = case when excluded.published is null then articles.changed_at else excluded.changed_at end,
    updated_at = excluded.updated_at, deleted_at = null`,
  returning: { id: t.articles.id },
});
/** A version is written once; only that shoppers were told it comes later, by `publishVersion`. */
const insertVersion = prepareInsertWhere(
  t.articleVersions,
  ["shopId", "articleId", "version", "draft", "published", "by", "at", "warnings", "reason"],
  {
    computed: {
      version: sql`(select version from articles where shop_id = ${$("shopId")} and id = ${$("articleId")})`,
      draft: sql`(select draft from articles where shop_id = ${$("shopId")} and id = ${$("articleId")})`,
    },
    where: sql`exists (select 1 from articles where shop_id = ${$("shopId")} and id = ${$("articleId")})`,
    returning: { version: t.articleVersions.version },
  },
);
const publishVersion = prepare(
  db
    .update(t.articleVersions)
    .set({
      published: true,
      warnings: sql`${sql.param($("warnings"), t.articleVersions.warnings)}`,
      reason: sql`${$("reason")}`,
    })
    .where(
      sql`${t.articleVersions.shopId} = ${$("shopId")} and ${t.articleVersions.articleId} = ${$("articleId")}
        and ${t.articleVersions.version} = (select version from articles where shop_id = ${$("shopId")} and id = ${$("articleId")} and deleted_at is null)
        and ${t.articleVersions.version} = coalesce(cast(${$("seen")} as bigint), ${t.articleVersions.version})`,
    )
    .returning({ version: t.articleVersions.version }),
);
/** What an import finds, written before it changes it. */
const insertImportItem = prepareInsertWhere(
  t.importItems,
  ["shopId", "batchId", "articleId", "draftBefore", "publishedBefore", "version", "at"],
  {
    computed: {
      draftBefore: sql`(select draft from articles where shop_id = ${$("shopId")} and id = ${$("articleId")} and deleted_at is null)`,
      publishedBefore: sql`(select published from articles where shop_id = ${$("shopId")} and id = ${$("articleId")})`,
      version: sql`coalesce((select version from articles where shop_id = ${$("shopId")} and id = ${$("articleId")}), 0) + 1`,
    },
    returning: { articleId: t.importItems.articleId },
  },
);
const articleEvent = prepareInsertWhere(t.events, ["shopId", "type", "data", "at"], { returning: { id: t.events.id } });

/** The event of an article that is not there yet. */
const createdEvent = prepareInsertWhere(t.events, ["shopId", "type", "data", "at"], {
  where: sql`not exists (select 1 from articles where shop_id = ${$("shopId")} and id = ${$("articleId")} and deleted_at is null)`,
  returning: { id: t.events.id },
});

/** Two saves in one moment are two states all the same. */
const upsertSynonyms = prepareInsertWhere(t.synonyms, ["shopId", "groups", "stopWords", "changedAt"], {
  where: sql`${$("seen")} < 0 or ${$("seen")} = coalesce((select changed_at from synonyms where shop_id = ${$("shopId")}), 0)`,
  conflict: sql`on conflict (shop_id) do update set groups = excluded.groups, stop_words = excluded.stop_words,
    changed_at = case when excluded.changed_at > synonyms.changed_at then excluded.changed_at else synonyms.changed_at + 1 end`,
  returning: { shopId: t.synonyms.shopId },
});
/** One more time the same wording; a settled one stays settled. */
const upsertGap = prepareInsertWhere(
  t.gapQuestions,
  ["shopId", "id", "text", "normalized", "count", "transfers", "firstAt", "lastAt", "state"],
  {
    where: sql`not exists (select 1 from gap_asks where shop_id = ${$("shopId")} and message_id = ${$("messageId")})`,
    conflict: sql`on conflict (shop_id, id) do update set count = gap_questions.count + 1, transfers = gap_questions.transfers + excluded.transfers, last_at = excluded.last_at`,
    returning: { id: t.gapQuestions.id },
  },
);

const insertAsk = prepareInsertWhere(
  t.gapAsks,
  ["shopId", "messageId", "gapId", "contactId", "sessionId", "channel", "at"],
  { returning: { gapId: t.gapAsks.gapId } },
);

/** Both engines take no "no limit" as a value. */
const EVERY_ARTICLE = 2_000_000_000;

const DAY_MS = 86_400_000;
/** Whether a person was asked for after an answer of `messages`. */
const handedOver = sql`exists (select 1 from tickets k where k.session_id = messages.session_id and k.created_at >= messages.created_at)`;

function attends(attention: Attention, now: number): SQL {
  const since = (days: number) =>
    sql`messages.shop_id = ${t.articles.shopId} and messages.at >= ${now - days * DAY_MS}`;
  if (attention === "expiring")
    return sql`${t.articles.validUntil} >= ${now} and ${t.articles.validUntil} < ${now + 14 * DAY_MS}`;
  if (attention === "review") return sql`${t.articles.reviewAt} is not null`;
  if (attention === "stale") return sql`${t.articles.stale} = 1`;
  if (attention === "unused")
    return sql`${t.articles.published} is not null and ${t.articles.createdAt} < ${now - 30 * DAY_MS}
      and not exists (select 1 from messages where ${since(30)} and messages.article_id = ${t.articles.id})`;
  return sql`${t.articles.id} in (select messages.article_id from messages where ${since(7)} and messages.article_id is not null
    group by messages.article_id having sum(case when ${handedOver} then 10 else 0 end) > 3 * count(*))`;
}

/** The version that answers everyone is the working copy. */
const isPublished = (now = 0) =>
  sql`(coalesce(${t.articles.publishedVersion}, 0) = ${t.articles.version}
    or (coalesce(${t.articles.nextVersion}, 0) = ${t.articles.version} and ${t.articles.nextPercent} = 100 and ${t.articles.nextFrom} <= ${now}))`;

/** No longer on its way: set together. */
const NO_NEXT = { next: null, nextVersion: null, nextPercent: null, nextFrom: null };

/** Settled: told, or gone. */
const NO_REVIEW = { review: null, reviewAt: null, sentBack: null };

const reviewed = (review: Review | undefined) => ({ warnings: review?.warnings, reason: review?.reason });

/** The category and all below it. `0` is the character after `/`: what lies between begins with the category and a slash. */
const isWithin = (category: string) =>
  sql`(${t.articles.category} = ${category} or (${t.articles.category} >= ${`${category}/`} and ${t.articles.category} < ${`${category}0`}))`;

/** What the list is searched by. */
const wordsOf = (id: string, draft: ArticleDraft) =>
  [id, draft.question, ...draft.phrasings, ...draft.keywords, draft.answer].join("\n").toLowerCase().slice(0, 10_000);

export function knowledgeStore(engine: Engine): KnowledgeStore {
  const insertValues = (
    input: Pick<ArticleSave, "shopId" | "id" | "draft" | "publish" | "ownerId" | "isStarter" | "now">,
  ) => ({
    id: input.id,
    shopId: input.shopId,
    draft: input.draft,
    words: wordsOf(input.id, input.draft),
    category: input.draft.category,
    locale: input.draft.locale,
    validUntil: input.draft.validUntil,
    stale: staleVariants(input.draft).length > 0,
    ownerId: input.ownerId,
    starterVersion: input.isStarter === true ? 1 : undefined,
    version: 1,
    published: input.publish ? input.draft : null,
    publishedVersion: input.publish ? 1 : null,
    createdAt: input.now,
    updatedAt: input.now,
  });
  const version = (input: Pick<ArticleSave, "shopId" | "id" | "publish" | "by" | "review" | "now">) =>
    insertVersion({
      shopId: input.shopId,
      articleId: input.id,
      published: input.publish,
      by: input.by,
      at: input.now,
      ...reviewed(input.review),
    });
  const aliveArticle = (shopId: string, id: string) =>
    and(eq(t.articles.shopId, shopId), eq(t.articles.id, id), isNull(t.articles.deletedAt));
  /** The event of a change of an article that is there, under the change's own condition and so before it. */
  const event = (where: SQL | undefined, input: { id: string; now: number }, change: string) =>
    prepareEventOf(t.articles, where, { type: "article" })({ data: { id: input.id, change }, at: input.now });
  const mark = (input: { readonly shopId: string; readonly now: number }) =>
    nextMark(sql`${input.shopId}`, sql`cast(${input.now} as bigint)`);

  function update(input: ArticleSave, seen: SQL | undefined): Statement<{ id: string }> {
    return prepare(
      db
        .update(t.articles)
        .set({
          draft: input.draft,
          words: wordsOf(input.id, input.draft),
          category: input.draft.category ?? null,
          locale: input.draft.locale ?? null,
          validUntil: input.draft.validUntil ?? null,
          stale: staleVariants(input.draft).length > 0,
          version: sql`${t.articles.version} + 1`,
          ...(input.isStarter === true ? { starterVersion: sql`${t.articles.version} + 1` } : {}),
          updatedAt: input.now,
          ...(input.publish
            ? {
                published: input.draft,
                publishedVersion: sql`${t.articles.version} + 1`,
                changedAt: mark(input),
                ...NO_NEXT,
                ...(input.keepsReview === true ? {} : NO_REVIEW),
              }
            : {}),
        })
        .where(seen)
        .returning({ id: t.articles.id }),
    )();
  }
  const article: KnowledgeStore["article"] = async (shopId, id) => {
    const [row] = await engine.all(byId({ shopId, id }));
    return row === undefined ? undefined : toStored(row);
  };

  /** Under its own condition, with its event and its audit row. */
  async function reviewChange(
    where: SQL | undefined,
    { shopId, id, now, change }: { shopId: string; id: string; now: number; change: string },
    audit: NewAudit,
    set: {
      readonly review: ReviewRequest | null;
      readonly reviewAt: number | null;
      readonly sentBack: SentBack | null;
    },
  ): Promise<StoredArticle | undefined> {
    const write = prepare(db.update(t.articles).set(set).where(where).returning({ id: t.articles.id }))();
    const results = await engine.atomic(
      [
        auditStatement(audit, sql`exists (select 1 from articles where ${where})`),
        event(where, { id, now }, change),
        write,
      ],
      [articlesLock(shopId), auditLock(shopId)],
    );
    return results[2]?.length === 1 ? article(shopId, id) : undefined;
  }

  return {
    article,
    async articles(shopId, filter) {
      const waiting = filter.attention === "review";
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.articles)
            .where(
              and(
                eq(t.articles.shopId, shopId),
                isNull(t.articles.deletedAt),
                filter.q === undefined ? undefined : contains(t.articles.words, filter.q.toLowerCase()),
                filter.category === undefined ? undefined : isWithin(filter.category),
                filter.ownerId === undefined ? undefined : eq(t.articles.ownerId, filter.ownerId),
                filter.ids === undefined ? undefined : inArray(t.articles.id, [...filter.ids]),
                filter.locale === undefined ? undefined : eq(t.articles.locale, filter.locale),
                filter.status === undefined
                  ? undefined
                  : filter.status === "published"
                    ? isPublished(filter.now)
                    : sql`not (${isPublished(filter.now)})`,
                filter.attention === undefined ? undefined : attends(filter.attention, filter.now ?? 0),
                waiting
                  ? after(filter.cursor, t.articles.reviewAt, t.articles.id)
                  : before(filter.cursor, t.articles.updatedAt, t.articles.id),
              ),
            )
            .orderBy(
              ...(waiting
                ? [asc(t.articles.reviewAt), asc(t.articles.id)]
                : [desc(t.articles.updatedAt), desc(t.articles.id)]),
            )
            .limit(filter.limit + 1),
        )(),
      );
      return toPage(rows, filter.limit, toStored, (row) => [waiting ? (row.reviewAt ?? 0) : row.updatedAt, row.id]);
    },
    async saveArticle(input) {
      const { shopId, id, now } = input;
      const change = input.publish ? "published" : "saved";
      const data = { id, change };
      if (input.seen === undefined) {
        const statements = [
          createdEvent({ shopId, articleId: id, type: "article", data, at: now }),
          insertArticle(insertValues(input)),
          version(input),
        ];
        const results = await engine.atomic(statements, [articlesLock(shopId)]);
        return results[1]?.length === 1 ? article(shopId, id) : undefined;
      }
      const seen = and(aliveArticle(shopId, id), eq(t.articles.version, input.seen));
      const statements = [event(seen, input, change), update(input, seen), version(input)];
      const results = await engine.atomic(statements, [articlesLock(shopId)]);
      return results[1]?.length === 1 ? article(shopId, id) : undefined;
    },
    async publishArticle({ shopId, id, rollout, seen, review, now }) {
      const there = and(aliveArticle(shopId, id), seen === undefined ? undefined : eq(t.articles.version, seen));
      // What has reached everyone by now is what the next one is compared with.
      const arrived = sql`coalesce(${t.articles.nextPercent}, 0) = 100 and ${t.articles.nextFrom} <= ${now}`;
      const publish = prepare(
        db
          .update(t.articles)
          .set({
            ...(rollout === undefined
              ? {
                  published: sql`${t.articles.draft}`,
                  publishedVersion: sql`${t.articles.version}`,
                  // Looked at and told: the shop's own from now on.
                  starterVersion: sql`case when ${t.articles.starterVersion} is null then null else 0 end`,
                  ...NO_NEXT,
                }
              : {
                  published: sql`case when ${arrived} then ${t.articles.next} else ${t.articles.published} end`,
                  publishedVersion: sql`case when ${arrived} then ${t.articles.nextVersion} else ${t.articles.publishedVersion} end`,
                  next: sql`${t.articles.draft}`,
                  nextVersion: sql`${t.articles.version}`,
                  nextPercent: rollout.percent,
                  nextFrom: rollout.from,
                }),
            ...NO_REVIEW,
            changedAt: mark({ shopId, now }),
            updatedAt: now,
          })
          .where(there)
          .returning({ id: t.articles.id }),
      )();
      const change = rollout === undefined ? "published" : "scheduled";
      const results = await engine.atomic(
        [
          event(there, { id, now }, change),
          publish,
          publishVersion({ shopId, articleId: id, seen: seen ?? null, ...reviewed(review) }),
        ],
        [articlesLock(shopId)],
      );
      return results[1]?.length === 1 ? article(shopId, id) : undefined;
    },
    async endRollout({ shopId, id, outcome, now }) {
      const onItsWay = and(aliveArticle(shopId, id), sql`${t.articles.next} is not null`);
      const end = prepare(
        db
          .update(t.articles)
          .set({
            ...(outcome === "nobody"
              ? {}
              : { published: sql`${t.articles.next}`, publishedVersion: sql`${t.articles.nextVersion}` }),
            ...NO_NEXT,
            changedAt: mark({ shopId, now }),
            updatedAt: now,
          })
          .where(onItsWay)
          .returning({ id: t.articles.id }),
      )();
      const change = outcome === "nobody" ? "rollout-stopped" : "published";
      const results = await engine.atomic([event(onItsWay, { id, now }, change), end], [articlesLock(shopId)]);
      return results[1]?.length === 1 ? article(shopId, id) : undefined;
    },
    async deleteArticle({ shopId, id, untold, now }) {
      const told = sql`(${t.articles.published} is not null or ${t.articles.next} is not null)`;
      const there = and(aliveArticle(shopId, id), untold === true ? sql`not ${told}` : undefined);
      const remove = prepare(
        db
          .update(t.articles)
          .set({
            deletedAt: now,
            published: null,
            publishedVersion: null,
            ...NO_NEXT,
            ...NO_REVIEW,
            changedAt: mark({ shopId, now }),
          })
          .where(there)
          .returning({ id: t.articles.id }),
      )();
      const results = await engine.atomic([event(there, { id, now }, "deleted"), remove], [articlesLock(shopId)]);
      return results[1]?.length === 1;
    },
    async askReview({ shopId, id, seen, by, byId, note, now }, audit) {
      const untold = and(
        aliveArticle(shopId, id),
        eq(t.articles.version, seen),
        sql`coalesce(${t.articles.publishedVersion}, 0) <> ${seen} and coalesce(${t.articles.nextVersion}, 0) <> ${seen}`,
      );
      const review: ReviewRequest = { by, byId, at: now, version: seen, ...present({ note }) };
      return reviewChange(untold, { shopId, id, now, change: "review" }, audit, {
        review,
        reviewAt: now,
        sentBack: null,
      });
    },
    async sendBack({ shopId, id, by, byId, version: looked, reason, now }, audit) {
      const waiting = and(aliveArticle(shopId, id), isNotNull(t.articles.reviewAt));
      const sentBack: SentBack = { by, byId, at: now, version: looked, reason };
      return reviewChange(waiting, { shopId, id, now, change: "sent-back" }, audit, {
        review: null,
        reviewAt: null,
        sentBack,
      });
    },
    async reviewsWaiting(shopId) {
      const [row] = await engine.all(
        prepare(
          db
            .select({ count: sql<number>`count(*)`.mapWith(Number) })
            .from(t.articles)
            .where(and(eq(t.articles.shopId, shopId), isNotNull(t.articles.reviewAt), isNull(t.articles.deletedAt))),
        )(),
      );
      return row?.count ?? 0;
    },
    async articleCategories(shopId) {
      const rows = await engine.all(
        prepare(
          db
            .select({ category: t.articles.category, count: sql<number>`count(*)`.mapWith(Number) })
            .from(t.articles)
            .where(and(eq(t.articles.shopId, shopId), isNotNull(t.articles.category), isNull(t.articles.deletedAt)))
            .groupBy(t.articles.category)
            .orderBy(asc(t.articles.category)),
        )(),
      );
      return rows.map(({ category, count }) => ({ category: category ?? "", count }));
    },
    async setArticleOwner({ shopId, ids, ownerId, now }) {
      if (ids.length === 0) return 0;
      const results = await engine.atomic(
        ids.flatMap((id) => [
          event(aliveArticle(shopId, id), { id, now }, "owner"),
          prepare(
            db
              .update(t.articles)
              .set({ ownerId: ownerId ?? null, updatedAt: now })
              .where(aliveArticle(shopId, id))
              .returning({ id: t.articles.id }),
          )(),
        ]),
      );
      return results.filter((rows, i) => i % 2 === 1 && rows.length === 1).length;
    },
    async articleVersions(shopId, articleId) {
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.articleVersions)
            .where(and(eq(t.articleVersions.shopId, shopId), eq(t.articleVersions.articleId, articleId)))
            .orderBy(desc(t.articleVersions.version)),
        )(),
      );
      return rows.map((row) =>
        present({
          version: row.version,
          draft: row.draft,
          published: row.published ?? false,
          by: row.by,
          at: row.at,
          warnings: row.warnings,
          reason: row.reason,
        }),
      );
    },
    async saveArticles({ shopId, batchId, articles, publish, by, ownerId, isStarter, now }) {
      const shared = { shopId, publish, now, ...present({ by, ownerId, isStarter }) };
      await engine.atomic(
        [
          ...articles.flatMap(({ id, draft, review }) => [
            ...(batchId === undefined ? [] : [insertImportItem({ shopId, batchId, articleId: id, at: now })]),
            upsertArticle(insertValues({ ...shared, id, draft })),
            version({ ...shared, id, ...(review === undefined ? {} : { review }) }),
          ]),
          articleEvent({ shopId, type: "article", data: { id: "*", change: "imported" }, at: now }),
        ],
        [articlesLock(shopId)],
      );
    },
    async articlesChangedAfter(shopId, mark, limit) {
      const rows = await engine.all(
        prepare(
          db
            .select({
              id: t.articles.id,
              published: t.articles.published,
              version: t.articles.publishedVersion,
              next: t.articles.next,
              nextVersion: t.articles.nextVersion,
              nextPercent: t.articles.nextPercent,
              nextFrom: t.articles.nextFrom,
              starterVersion: t.articles.starterVersion,
              mark: t.articles.changedAt,
            })
            .from(t.articles)
            .where(and(eq(t.articles.shopId, shopId), gt(t.articles.changedAt, mark)))
            .orderBy(asc(t.articles.changedAt))
            .limit(limit ?? EVERY_ARTICLE),
        )(),
      );
      return rows.map(({ id, published, version, starterVersion, mark, ...row }) => ({
        ...present({ id, published, version, starterVersion, mark }),
        ...nextOf(row),
      }));
    },
    async synonyms(shopId) {
      const [row] = await engine.all(prepare(db.select().from(t.synonyms).where(eq(t.synonyms.shopId, shopId)))());
      return row ?? { groups: [], stopWords: [], changedAt: 0 };
    },
    async saveSynonyms({ shopId, groups, stopWords, seen = -1, now }) {
      const values = { groups: groups.map((group) => [...group]), stopWords: [...stopWords], changedAt: now };
      const save = upsertSynonyms({ shopId, ...values, seen });
      const results = await engine.atomic(
        [save, articleEvent({ shopId, type: "article", data: { id: "*", change: "synonyms" }, at: now })],
        [`synonyms:${shopId}`],
      );
      return rowsOf(save, results[0]).length > 0;
    },
    async recordGap({ shopId, id, text, normalized, transferred, ask, now }) {
      const count = upsertGap({
        shopId,
        id,
        text,
        normalized,
        count: 1,
        transfers: transferred ? 1 : 0,
        firstAt: now,
        lastAt: now,
        state: "open",
        messageId: ask?.messageId,
      });
      if (ask === undefined) await engine.atomic([count]);
      else {
        const asked = insertAsk({ shopId, gapId: id, ...ask, at: now });
        await engine.atomic([count, asked], [`asking:${shopId}:${ask.messageId}`]);
      }
    },
    async openGaps(shopId, limit) {
      return engine.all(
        prepare(
          db
            .select()
            .from(t.gapQuestions)
            .where(and(eq(t.gapQuestions.shopId, shopId), eq(t.gapQuestions.state, "open")))
            .orderBy(desc(t.gapQuestions.count), desc(t.gapQuestions.lastAt), asc(t.gapQuestions.id))
            .limit(limit),
        )(),
      );
    },
    async settleGaps({ shopId, ids, state, articleId, by, reason, now }) {
      if (ids.length === 0) return;
      await engine.atomic(
        ids.map((id) =>
          prepare(
            db
              .update(t.gapQuestions)
              .set({
                state,
                articleId: articleId ?? null,
                settledAt: now ?? null,
                settledBy: by ?? null,
                reason: reason ?? null,
              })
              .where(and(eq(t.gapQuestions.shopId, shopId), eq(t.gapQuestions.id, id)))
              .returning({ id: t.gapQuestions.id }),
          )(),
        ),
      );
    },
    async markGaps({ shopId, ids, mark }) {
      if (ids.length === 0) return;
      await engine.atomic(
        ids.map((id) =>
          prepare(
            db
              .update(t.gapQuestions)
              .set(mark)
              .where(
                and(eq(t.gapQuestions.shopId, shopId), eq(t.gapQuestions.id, id), eq(t.gapQuestions.state, "open")),
              )
              .returning({ id: t.gapQuestions.id }),
          )(),
        ),
      );
    },
  };
}
