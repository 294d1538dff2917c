/** What is learned from questions and answers: figures, feedback, corrections, imports that can be undone. */
import { and, asc, desc, eq, gte, inArray, isNotNull, isNull, lt, type SQL, sql } from "drizzle-orm";
import type { ArticleDraft } from "../core/article.ts";
import { contentText } from "../core/content.ts";
import type { ArticleFigures, Correction, LearningStore } from "../core/learning.ts";
import type { Engine } from "./engine.ts";
import { before, toPage } from "./page.ts";
import { present } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, prepareRaw } from "./statement.ts";
import * as t from "./tables.ts";

/** D1 takes a hundred values in a query. */
const IDS_AT_ONCE = 50;

const questions = prepare(
  db
    .select({ content: t.messages.content })
    .from(t.messages)
    // Written out, since the index holds inbound messages only.
    .where(
      and(
        eq(t.messages.shopId, $("shopId")),
        sql`direction = 'inbound'`,
        sql`author_kind = 'contact'`,
        gte(t.messages.at, $("since")),
      ),
    )
    .orderBy(desc(t.messages.at))
    .limit($("limit")),
);

const asks = prepareRaw(
  sql`select a.gap_id, q.text, a.contact_id, a.channel, a.at,
      case when exists (select 1 from tickets k where k.session_id = a.session_id and k.created_at >= a.at) then 1 else 0 end
    from gap_asks a join gap_questions q on q.shop_id = a.shop_id and q.id = a.gap_id
    where a.shop_id = ${$("shopId")} and a.at >= ${$("since")} order by a.at desc limit ${$("limit")}`,
  {
    gapId: t.gapAsks.gapId,
    text: t.gapQuestions.text,
    contactId: t.gapAsks.contactId,
    channel: t.gapAsks.channel,
    at: t.gapAsks.at,
    handedOver: "number",
  },
);

/** Askings until then, and those of them that ended with a person; a question older than its askings knows only its own counts. */
const learned = prepareRaw(
  sql`select article_id, settled_at, count(*), sum(case when asked > 0 then asked else count end),
      sum(case when asked > 0 then handed else transfers end)
    from (
      select g.article_id, g.settled_at, g.count, g.transfers,
        (select count(*) from gap_asks a where a.shop_id = g.shop_id and a.gap_id = g.id and a.at <= g.settled_at) as asked,
        (select count(*) from gap_asks a where a.shop_id = g.shop_id and a.gap_id = g.id and a.at <= g.settled_at
          and exists (select 1 from tickets k where k.session_id = a.session_id and k.created_at >= a.at)) as handed
      from gap_questions g
      where g.shop_id = ${$("shopId")} and g.state = 'accepted' and g.article_id is not null and g.settled_at is not null
    ) as settled
    group by article_id, settled_at order by settled_at desc limit ${$("limit")}`,
  { articleId: "text", settledAt: "number", wordings: "number", askings: "number", transfers: "number" },
);

/** Only on an answer of the bot's in that conversation; its article is the answer's own. */
const upsertFeedback = prepareRaw(
  sql`insert into feedback (message_id, shop_id, article_id, article_version, helpful, at)
    select id, shop_id, article_id, article_version, ${sql.param($("helpful"), t.feedback.helpful)}, ${$("now")} from messages
    where id = ${$("messageId")} and shop_id = ${$("shopId")} and conversation_id = ${$("conversationId")} and author_kind = 'bot'
    on conflict (message_id) do update set helpful = excluded.helpful, at = excluded.at returning message_id`,
  { messageId: t.feedback.messageId },
);

const insertCorrection = prepareInsertWhere(
  t.corrections,
  [
    "id",
    "shopId",
    "messageId",
    "sessionId",
    "articleId",
    "articleVersion",
    "kind",
    "note",
    "question",
    "answer",
    "state",
    "byId",
    "byName",
    "createdAt",
  ],
  {
    where: sql`exists (select 1 from messages where id = ${$("messageId")} and shop_id = ${$("shopId")})`,
    returning: { id: t.corrections.id },
  },
);

// The table's writers are this file alone, so what it holds is a correction.
const toCorrection = (row: typeof t.corrections.$inferSelect) => present(row) as Correction;

export function learningStore(engine: Engine): LearningStore {
  return {
    async questionsSince({ shopId, since, limit }) {
      const rows = await engine.all(questions({ shopId, since, limit }));
      return rows.map(({ content }) => contentText(content)).filter((text) => text.trim() !== "");
    },
    async articleFigures({ shopId, articleIds, since, until = Number.MAX_SAFE_INTEGER }) {
      const time = { since, until };
      const figures = new Map<string, { -readonly [K in keyof ArticleFigures]: ArticleFigures[K] }>();
      const of = (articleId: string | null, version: number | null) => {
        const found = figures.get(`${version} ${articleId}`);
        if (found !== undefined) return found;
        const made = {
          articleId: articleId ?? "",
          version: version ?? 0,
          hits: 0,
          handoffs: 0,
          helpful: 0,
          unhelpful: 0,
          falseHits: 0,
        };
        figures.set(`${version} ${articleId}`, made);
        return made;
      };
      for (let at = 0; at < articleIds.length; at += IDS_AT_ONCE) {
        const ids = articleIds.slice(at, at + IDS_AT_ONCE);
        const [answers, votes] = await Promise.all([
          engine.all(answersOf(shopId, ids, time)),
          engine.all(votesOf(shopId, ids, time)),
        ]);
        for (const { articleId, version, hits, handoffs, falseHits } of answers)
          Object.assign(of(articleId, version), { hits, handoffs, falseHits });
        for (const { articleId, version, helpful, votes: all } of votes)
          Object.assign(of(articleId, version), { helpful, unhelpful: all - helpful });
      }
      return [...figures.values()];
    },
    async gapAsksSince({ shopId, since, limit }) {
      const rows = await engine.all(asks({ shopId, since, limit }));
      return rows.map((row) => ({ ...row, handedOver: row.handedOver === 1 }));
    },
    async learnedGaps(shopId, limit) {
      const rows = await engine.all(learned({ shopId, limit }));
      return rows.map((row) => ({ ...row, articleId: row.articleId ?? "" }));
    },
    async saveFeedback({ shopId, conversationId, messageId, helpful, now }) {
      const [rows] = await engine.atomic([upsertFeedback({ shopId, conversationId, messageId, helpful, now })]);
      return rows?.length === 1;
    },
    async addCorrection(correction) {
      const [rows] = await engine.atomic([insertCorrection({ ...correction })]);
      return rows?.length === 1;
    },
    async corrections(shopId, filter) {
      const state: SQL | undefined =
        filter.state === undefined
          ? undefined
          : filter.state === "open"
            ? eq(t.corrections.state, "open")
            : sql`${t.corrections.state} <> 'open'`;
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.corrections)
            .where(
              and(
                eq(t.corrections.shopId, shopId),
                state,
                filter.articleId === undefined ? undefined : eq(t.corrections.articleId, filter.articleId),
                before(filter.cursor, t.corrections.createdAt, t.corrections.id),
              ),
            )
            .orderBy(desc(t.corrections.createdAt), desc(t.corrections.id))
            .limit(filter.limit + 1),
        )(),
      );
      return toPage(rows, filter.limit, toCorrection, (row) => [row.createdAt, row.id]);
    },
    async closeCorrection({ shopId, id, state, by, version, reason, now }) {
      const close = prepare(
        db
          .update(t.corrections)
          .set({ state, closedAt: now, closedBy: by, closedVersion: version ?? null, reason: reason ?? null })
          .where(and(eq(t.corrections.shopId, shopId), eq(t.corrections.id, id), eq(t.corrections.state, "open")))
          .returning(),
      )();
      const [rows] = await engine.atomic([close]);
      // The rows of the only statement of the list.
      const [row] = (rows ?? []) as (typeof t.corrections.$inferSelect)[];
      return row === undefined ? undefined : toCorrection(row);
    },
    async draftsOf(shopId, ids) {
      const drafts = new Map<string, { draft: ArticleDraft; version: number; told: boolean }>();
      for (let at = 0; at < ids.length; at += IDS_AT_ONCE) {
        const some = ids.slice(at, at + IDS_AT_ONCE);
        const rows = await engine.all(
          prepare(
            db
              .select({
                id: t.articles.id,
                draft: t.articles.draft,
                version: t.articles.version,
                publishedVersion: t.articles.publishedVersion,
              })
              .from(t.articles)
              .where(and(eq(t.articles.shopId, shopId), inArray(t.articles.id, some), isNull(t.articles.deletedAt))),
          )(),
        );
        for (const { id, publishedVersion, ...head } of rows)
          drafts.set(id, { ...head, told: publishedVersion !== null });
      }
      return drafts;
    },
    async importItems(shopId, batchId) {
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.importItems)
            .where(and(eq(t.importItems.shopId, shopId), eq(t.importItems.batchId, batchId)))
            .orderBy(asc(t.importItems.articleId)),
        )(),
      );
      return rows.map((row) => {
        const { articleId, draftBefore, publishedBefore, version, at } = row;
        return { articleId, version, at, ...present({ draftBefore, publishedBefore }) };
      });
    },
  };
}

interface Time {
  readonly since: number;
  readonly until: number;
}

/** A person was asked for afterwards. */
const handedOver = sql`exists (select 1 from tickets k where k.session_id = messages.session_id and k.created_at >= messages.created_at)`;
/** Within the next two turns the same article spoke again, or nothing was found. */
const askedAgain = sql`exists (select 1 from messages later where later.session_id = messages.session_id and later.seq > messages.seq
  and (later.article_id = messages.article_id or exists (select 1 from gap_asks g where g.shop_id = later.shop_id and g.message_id = later.id))
  and (select count(*) from messages turn where turn.session_id = messages.session_id and turn.direction = 'inbound'
    and turn.seq > messages.seq and turn.seq <= later.seq) <= 2)`;
const votedDown = sql`exists (select 1 from feedback f where f.message_id = messages.id and f.helpful = 0)`;
const corrected = sql`exists (select 1 from corrections c where c.shop_id = messages.shop_id and c.message_id = messages.id)`;
const countIf = (condition: SQL) => sql<number>`sum(case when ${condition} then 1 else 0 end)`.mapWith(Number);

function answersOf(shopId: string, ids: readonly string[], { since, until }: Time) {
  return prepare(
    db
      .select({
        articleId: t.messages.articleId,
        version: t.messages.articleVersion,
        hits: sql<number>`count(*)`.mapWith(Number),
        handoffs: countIf(handedOver),
        falseHits: countIf(sql`${votedDown} or ${handedOver} or ${corrected} or ${askedAgain}`),
      })
      .from(t.messages)
      .where(
        and(
          eq(t.messages.shopId, shopId),
          isNotNull(t.messages.articleId),
          inArray(t.messages.articleId, [...ids]),
          gte(t.messages.at, since),
          lt(t.messages.at, until),
        ),
      )
      .groupBy(t.messages.articleId, t.messages.articleVersion),
  )();
}

function votesOf(shopId: string, ids: readonly string[], { since, until }: Time) {
  return prepare(
    db
      .select({
        articleId: t.feedback.articleId,
        version: t.feedback.articleVersion,
        helpful: sql<number>`sum(${t.feedback.helpful})`.mapWith(Number),
        votes: sql<number>`count(*)`.mapWith(Number),
      })
      .from(t.feedback)
      .where(
        and(
          eq(t.feedback.shopId, shopId),
          inArray(t.feedback.articleId, [...ids]),
          gte(t.feedback.at, since),
          lt(t.feedback.at, until),
        ),
      )
      .groupBy(t.feedback.articleId, t.feedback.articleVersion),
  )();
}
