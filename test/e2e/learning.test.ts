/** What a merchant does with the knowledge, over HTTP: promotions that end, unanswered questions, edits that would break. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestServer, until } from "../support/server.ts";
import { aSheet } from "../support/workbook.ts";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  // Only what a test itself writes may answer.
  for (;;) {
    const { items } = (await server.admin("GET", "/v1/articles?limit=100")).body;
    if (items.length === 0) break;
    await Promise.all(items.map((one: { id: string }) => server.admin("DELETE", `/v1/articles/${one.id}`)));
  }
  await until(async () => (await match("券能叠加吗")).matches.length === 0, "an empty shop");
});
afterAll(() => server?.stop());

const article = (fields: object) => server.admin("POST", "/v1/articles", { status: "published", ...fields });
const match = async (text: string, more: object = {}) =>
  (await server.admin("POST", "/v1/knowledge/match", { text, ...more })).body;
/** Somebody new each time, so that an early miss hands nobody over. */
async function ask(text: string) {
  const shopper = await server.visitor();
  await shopper.say(text);
  const [answer] = await shopper.hears();
  return { shopper, answer };
}
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

const STACKING = [
  "优惠券可以叠加使用吗",
  "两张券能一起用吗",
  "券能叠加吗",
  "满减券和店铺券可以同时用么",
  "优惠券叠加",
  "能不能用两张优惠券",
  "多张券可以一起用不",
  "券可以叠加不",
  "平台券和店铺券能叠加吗",
  "红包和优惠券能一起用吗",
  "优惠卷能叠加吗",
  "一单可以用几张券",
  "可以同时使用两张优惠券吗",
  "叠券可以吗",
];

it("turns unanswered questions into an answer, with proof before and figures after", async () => {
  await Promise.all(
    STACKING.map(async (text, i) => {
      const shopper = await server.visitor();
      await shopper.say(text);
      await shopper.hears();
      if (i % 2 === 0) return;
      await shopper.say("转人工");
      await shopper.hears();
    }),
  );
  for (const i of range(3)) await ask(`qwzx plmk ${"v".repeat(i + 3)}`);
  const gaps = async () => (await server.admin("GET", "/v1/knowledge/gaps")).body.items;
  const stacking = await (async () => {
    let found: Record<string, unknown> | undefined;
    await until(async () => {
      found = (await gaps()).find((gap: { count: number }) => gap.count === STACKING.length);
      return found !== undefined;
    }, "one cluster");
    return found as { id: string; questions: string[]; shoppers: number; transferRate: number; minutes: number };
  })();
  expect([...stacking.questions].sort()).toEqual([...STACKING].sort());
  expect(stacking).toMatchObject({ shoppers: STACKING.length, transferRate: 0.5, minutes: 21 });
  // What cost people's time stands first.
  expect((await gaps())[0].id).toBe(stacking.id);

  const half = STACKING.filter((_, i) => i % 2 === 0);
  const body = {
    article: { question: "优惠券可以叠加吗", answer: "每单可用一张平台券和一张店铺券。" },
    questions: half,
  };
  const proof = (await server.admin("POST", `/v1/knowledge/gaps/${stacking.id}/proof`, body)).body;
  expect(proof.cluster).toMatchObject({ total: 14, before: 0 });
  expect(proof.cluster.after).toBeGreaterThanOrEqual(11);
  expect(proof.lastWeek).toMatchObject({ before: 0, after: proof.cluster.after });
  expect(proof.lastWeek.total).toBeGreaterThanOrEqual(17);
  expect((await gaps()).some((gap: { id: string }) => gap.id === stacking.id)).toBe(true);

  const accepted = await server.admin("POST", `/v1/knowledge/gaps/${stacking.id}/accept`, body);
  expect(accepted.body.article.status).toBe("published");
  expect([...accepted.body.article.phrasings].sort()).toEqual([...half].sort());
  expect(accepted.body.proof.cluster.after).toBe(proof.cluster.after);
  await until(
    async () => (await ask("优惠券可以叠加使用吗")).answer.articleId === accepted.body.article.id,
    "the new answer",
  );
  await ask("券能叠加吗");
  // Settled for good: the same words do not come back.
  expect(
    (await gaps()).some((gap: { questions: string[] }) => gap.questions.some((one) => STACKING.includes(one))),
  ).toBe(false);
  const [saved] = (await server.admin("GET", "/v1/knowledge/gaps/learned")).body.items;
  expect(saved).toMatchObject({
    articleId: accepted.body.article.id,
    wordings: 14,
    askedBefore: 14,
    transferRateBefore: 0.5,
    handedOverSince: 0,
  });
  expect(saved.answeredSince).toBeGreaterThanOrEqual(2);
  expect(saved.savedMinutes).toBe(Math.round(saved.answeredSince * 0.5 * 3));
}, 40_000);

it("ends a promotion to the millisecond, also in a look ahead, and brings an article back at once", async () => {
  const validUntil = "2030-11-11T15:59:59.000Z";
  const promo = await article({
    question: "双十一满200减30怎么用",
    answer: "满 200 减 30，下单自动减。",
    validFrom: "2020-11-01T00:00:00+08:00",
    validUntil: "2030-11-11T23:59:59+08:00",
  });
  expect(promo.body).toMatchObject({ status: "published", validUntil });
  const at = async (moment: string) => (await match("双十一满200减30怎么用", { at: moment })).matches[0]?.articleId;
  await until(async () => (await at(validUntil)) === promo.body.id, "the promotion");
  expect(await at("2030-11-11T15:59:59.001Z")).not.toBe(promo.body.id);
  expect(await at("2030-11-12T00:00:00+08:00")).not.toBe(promo.body.id);
  expect(await at("2020-10-31T15:59:59.999Z")).not.toBe(promo.body.id);
  expect(await at("2020-10-31T16:00:00.000Z")).toBe(promo.body.id);
  expect((await match("满200", { at: "yesterday" })).code).toBe("request.invalid");

  const end = Date.now() + 2500;
  const short = await article({
    question: "今晚的限时秒杀怎么参加",
    answer: "今晚八点开抢。",
    validUntil: new Date(end).toISOString(),
  });
  await until(async () => (await ask("今晚的限时秒杀怎么参加")).answer.content.text === "今晚八点开抢。", "the sale");
  await until(() => Date.now() > end);
  expect((await ask("今晚的限时秒杀怎么参加")).answer.articleId).not.toBe(short.body.id);

  const path = `/v1/articles/${promo.body.id}`;
  const changed = { answer: "活动改了。", status: "published" };
  expect((await server.admin("PATCH", path, changed)).body).toMatchObject({
    version: 2,
    question: promo.body.question,
  });
  await server.admin("POST", `${path}/rollback`, { version: 1 });
  const began = Date.now();
  await until(async () => (await ask("双十一满200减30怎么用")).answer.content.text.includes("自动减"), "the rollback");
  expect(Date.now() - began).toBeLessThan(5000);
}, 30_000);

it("keeps what a change does not name", async () => {
  const made = await article({
    question: "礼品卡能找零吗",
    phrasings: ["礼品卡找零"],
    keywords: ["礼品卡"],
    answer: "不能。",
  });
  const saved = await server.admin("PATCH", `/v1/articles/${made.body.id}`, { answer: "可以。" });
  expect(saved.body).toMatchObject({ phrasings: ["礼品卡找零"], keywords: ["礼品卡"], answer: "可以。" });
});

it("refuses an edit that breaks, names the question, and goes out to a stable tenth of the contacts", async () => {
  const price = await article({
    question: "买贵了可以退差价吗",
    phrasings: ["降价了能补差价吗"],
    answer: "七天内降价可补差价。",
    mustHit: ["退差价"],
  });
  const returns = await article({
    question: "想把东西退回去怎么办理",
    phrasings: ["退货怎么弄"],
    answer: "在订单页申请退货。",
    mustNotHit: ["退差价"],
  });
  expect(price.status).toBe(201);
  expect(returns.status).toBe(201);
  const path = `/v1/articles/${returns.body.id}`;
  const bad = await server.admin("PATCH", path, { phrasings: ["退货怎么弄", "退差价"] });
  const checked = (await server.admin("POST", `${path}/check`)).body;
  expect(checked.ok).toBe(false);
  expect(checked.checks).toContainEqual(
    expect.objectContaining({ check: "must_not_hit", level: "error", question: "退差价" }),
  );
  expect(checked.checks).toContainEqual(
    expect.objectContaining({ check: "must_hit", level: "error", articleId: price.body.id }),
  );
  const refused = await server.admin("POST", `${path}/publish`);
  expect(refused.status).toBe(422);
  expect(refused.body.code).toBe("knowledge.check_failed");
  expect(refused.body.detail).toContain("退差价");
  expect((await server.admin("PATCH", path, { status: "published" })).status).toBe(422);
  const first = (await ask("退差价")).answer;
  expect(first.articleId).toBe(price.body.id);

  const good = await server.admin("PATCH", path, { phrasings: ["退货怎么弄"], answer: "退货更快了。" });
  expect(good.body.version).toBe(bad.body.version + 1);
  const green = (await server.admin("POST", `${path}/check`, { days: 1 })).body;
  expect(green).toMatchObject({ ok: true, replay: { changed: [], lost: 0, gained: 0 } });
  expect(green.replay.total).toBeGreaterThan(0);
  const lost = await server.admin("POST", `/v1/articles/${price.body.id}/check`, {
    article: { question: "完全别的事", phrasings: [], mustHit: [] },
  });
  const gone = lost.body.replay.changed.find((one: { question: string }) => one.question === "退差价");
  expect(gone.from).toBe(price.body.id);
  expect(gone.to).not.toBe(price.body.id);

  const published = await server.admin("POST", `${path}/publish`, { percent: 10 });
  expect(published.body).toMatchObject({ status: "draft", publishedVersion: 1, rollout: { percent: 10, version: 3 } });
  const sideOf = async (contactId: string) => {
    const [best] = (await match("退货怎么弄", { contactId })).matches;
    return best?.articleId === returns.body.id ? best.version : undefined;
  };
  await until(async () => {
    const sides = await Promise.all(range(60).map((i) => sideOf(`con_${i}`)));
    return sides.includes(3);
  }, "the gradual publish");
  const contacts = range(2000).map((i) => `con_${i}`);
  const sides = await Promise.all(contacts.map(sideOf));
  const share = sides.filter((side) => side === 3).length / contacts.length;
  expect(share).toBeGreaterThan(0.08);
  expect(share).toBeLessThan(0.12);
  expect(sides.filter((side) => side === 1)).toHaveLength(contacts.length - share * contacts.length);
  expect(await Promise.all(contacts.slice(0, 200).map(sideOf))).toEqual(sides.slice(0, 200));

  const told = await Promise.all(range(12).map(() => ask("退货怎么弄")));
  const figures = (await server.admin("GET", `${path}/figures`)).body;
  expect(figures.rollout).toMatchObject({ percent: 10, next: { version: 3 }, published: { version: 1 } });
  expect(figures.rollout.next.hits + figures.rollout.published.hits).toBe(told.length);
  expect((await server.admin("POST", `${path}/rollout`, { outcome: "everyone" })).body).toMatchObject({
    status: "published",
    publishedVersion: 3,
  });
  expect((await server.admin("POST", `${path}/rollout`, { outcome: "nobody" })).status).toBe(409);
}, 60_000);

it("publishes at a time, and every process knows it without being told", async () => {
  const made = await article({ question: "会员日几号", answer: "每月八号。" });
  const path = `/v1/articles/${made.body.id}`;
  await server.admin("PATCH", path, { answer: "每月十八号。" });
  const at = Date.now() + 2500;
  const scheduled = await server.admin("POST", `${path}/publish`, { at: new Date(at).toISOString() });
  expect(scheduled.body).toMatchObject({ status: "draft", publishedVersion: 1, rollout: { percent: 100 } });
  const later = new Date(at + 1).toISOString();
  await until(
    async () => (await match("会员日几号", { at: later })).matches[0].answer === "每月十八号。",
    "the schedule",
  );
  expect((await ask("会员日几号")).answer.content.text).toBe("每月八号。");
  await until(() => Date.now() >= at);
  expect((await ask("会员日几号")).answer).toMatchObject({ content: { text: "每月十八号。" } });
  const after = (await server.admin("GET", path)).body;
  expect(after).toMatchObject({ status: "published", publishedVersion: 2 });
  expect(after.rollout).toBeUndefined();
}, 20_000);

it("takes the merchant's controls, and refuses a pattern that could run long", async () => {
  const controls = {
    keywords: [{ term: "暗号", weight: 3 }],
    mustNot: ["退款"],
    rules: [{ kind: "pattern", value: "^暗号[0-9]{3}$" }],
    counterExamples: ["暗号是什么意思"],
    priority: 2,
  };
  const made = await article({ question: "内部口令", answer: "收到。", ...controls });
  expect(made.body).toMatchObject({ ...controls, keywords: ["暗号"], keywordWeights: { 暗号: 3 } });
  await until(async () => (await match("暗号042")).matches[0]?.articleId === made.body.id, "the rule");
  expect((await match("暗号042 退款")).matches.map((one: { articleId: string }) => one.articleId)).not.toContain(
    made.body.id,
  );
  const bad = await server.admin("PATCH", `/v1/articles/${made.body.id}`, {
    rules: [{ kind: "pattern", value: "(a{1,1000}){1,1000}" }],
  });
  expect(bad.body).toMatchObject({
    status: 422,
    code: "knowledge.invalid_pattern",
    errors: [{ path: "rules.0.value" }],
  });
  const cleared = await server.admin("PATCH", `/v1/articles/${made.body.id}`, { rules: [], mustNot: null });
  expect(cleared.body.rules).toBeUndefined();
  expect(cleared.body.mustNot).toBeUndefined();
  expect(cleared.body.priority).toBe(2);
});

it("hears whether an answer helped, and keeps a correction open until a version puts it right", async () => {
  const made = await article({ question: "奶粉开罐后能放多久", answer: "一年。" });
  await until(async () => (await match("奶粉开罐后能放多久")).matches[0]?.articleId === made.body.id, "the article");
  const { shopper, answer } = await ask("奶粉开罐后能放多久");
  const feedback = (messageId: string, token = shopper.token) =>
    server.call("POST", "/v1/visitor/feedback", { token, body: { messageId, helpful: false } });
  expect((await feedback(answer.id)).status).toBe(204);
  expect((await feedback("msg_none")).status).toBe(404);
  expect((await feedback(answer.id, (await server.visitor()).token)).status).toBe(404);
  await shopper.say("转人工");
  await shopper.hears();
  const listed = (await server.admin("GET", "/v1/articles?q=奶粉开罐后能放多久")).body.items[0];
  expect(listed).toMatchObject({
    hits7d: 1,
    figures: { hits: 1, handoffs: 1, transferRate: 1, helpful: 0, unhelpful: 1 },
  });
  const attention = (await server.admin("GET", "/v1/articles?attention=handing-over")).body.items;
  expect(attention.map((one: { id: string }) => one.id)).toContain(made.body.id);

  const opened = await server.admin("POST", "/v1/corrections", {
    messageId: answer.id,
    kind: "wrong",
    note: "是一个月",
  });
  expect(opened.body).toMatchObject({
    articleId: made.body.id,
    articleVersion: 1,
    question: "奶粉开罐后能放多久",
    answer: "一年。",
    state: "open",
  });
  expect((await server.admin("POST", "/v1/corrections", { messageId: answer.id, kind: "tone" })).status).toBe(409);
  const close = () => server.admin("POST", `/v1/corrections/${opened.body.id}/close`, { state: "fixed" });
  expect((await close()).body.code).toBe("correction.not_fixed");
  await server.admin("PATCH", `/v1/articles/${made.body.id}`, { answer: "一个月。", status: "published" });
  expect((await close()).body).toMatchObject({ state: "fixed", closedVersion: 2 });
  expect((await close()).status).toBe(404);
  expect((await server.admin("GET", "/v1/corrections?state=open")).body.items).toEqual([]);
});

it("imports what Excel writes in China, tells what a run would do, and takes it back", async () => {
  const run = async (raw: Uint8Array<ArrayBuffer> | string, type: string, query = "") => {
    const { taskId } = (
      await server.call("POST", `/v1/knowledge/import${query}`, { token, raw, headers: { "content-type": type } })
    ).body;
    let task: { state: string; result: object; errors?: { line: number; code: string }[] } | undefined;
    await until(async () => {
      task = (await server.admin("GET", `/v1/tasks/${taskId}`)).body;
      return task?.state === "done" || task?.state === "failed";
    }, "the import");
    return { taskId, ...(task ?? { state: "", result: {} }) };
  };
  const token = (
    await server.call("POST", "/v1/auth/login", {
      body: { email: "admin@shop.test", password: "correct-horse-battery" },
    })
  ).body.token;
  // "id,question,answer" and one row, as GBK bytes.
  const gbk = Uint8Array.from([
    ...new TextEncoder().encode("id,question,answer\r\ngbk1,"),
    ...[0xc4, 0xdc, 0xbf, 0xaa, 0xb7, 0xa2, 0xc6, 0xb1, 0xc2, 0xf0],
    0x2c,
    ...[0xbf, 0xc9, 0xd2, 0xd4],
  ]);
  expect((await run(gbk, "text/csv", "?dryRun=1")).result).toMatchObject({ new: 1, changed: 0, imported: 0 });
  expect((await server.admin("GET", "/v1/articles/gbk1")).status).toBe(404);
  const first = await run(gbk, "text/csv", "?publish=1");
  expect((await server.admin("GET", "/v1/articles/gbk1")).body).toMatchObject({
    question: "能开发票吗",
    answer: "可以",
  });
  expect((await run(gbk, "text/csv", "?dryRun=1")).result).toMatchObject({ new: 0, changed: 0, unchanged: 1 });

  const lines = [
    { id: "gbk1", question: "能开发票吗", answer: "不可以" },
    { id: "dup1", question: "有实体店吗", answer: "有" },
    { id: "dup2", question: "有实体店吗？", answer: "有的" },
  ];
  const second = await run(lines.map((line) => JSON.stringify(line)).join("\n"), "application/x-ndjson", "?publish=1");
  expect(second.result).toMatchObject({ new: 2, changed: 1, duplicate: 1, imported: 3 });
  expect(second.errors).toMatchObject([{ line: 3, code: "knowledge.duplicate" }]);
  await server.admin("PATCH", "/v1/articles/dup1", { answer: "两家" });
  const undo = (taskId: string) => server.admin("POST", `/v1/knowledge/imports/${taskId}/undo`);
  expect((await undo(second.taskId)).body).toEqual({ restored: 1, removed: 1, kept: 1 });
  expect((await server.admin("GET", "/v1/articles/gbk1")).body).toMatchObject({ answer: "可以", status: "published" });
  expect((await server.admin("GET", "/v1/articles/dup2")).status).toBe(404);
  // What was put back is a version of its own: the first import no longer owns it.
  expect((await undo(first.taskId)).body).toEqual({ restored: 0, removed: 0, kept: 1 });
  expect((await undo("tsk_none")).status).toBe(404);

  const table = [
    ["id", "question", "phrasings", "answer"],
    ["x1", "可以改颜色吗", "换个颜色|改颜色", "可以 <联系客服> & 备注"],
  ];
  expect((await run(await aSheet(table), XLSX, "?publish=1")).result).toMatchObject({ new: 1, imported: 1 });
  expect((await server.admin("GET", "/v1/articles/x1")).body).toMatchObject({
    phrasings: ["换个颜色", "改颜色"],
    answer: "可以 <联系客服> & 备注",
  });
  const faulty = await run(await aSheet([...table, [], ["x2", "", "", "无"]]), XLSX);
  expect(faulty.errors).toMatchObject([{ line: 4 }]);

  const broken = `question,answer\n能退吗,好\n,没有问题\n怎么退,{{ nothing.here }}\n`;
  const failed = await run(broken, "text/csv");
  expect(failed.state).toBe("failed");
  expect(failed.errors).toMatchObject([{ line: 3 }, { line: 4, code: "knowledge.invalid_template" }]);
});
