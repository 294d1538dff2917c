/** The editor's server, over HTTP: edits tried before they are saved, publishing with reasons, translations, bulk changes, gaps taken in hand. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
let links: Server;
let linkHost = "";
beforeAll(async () => {
  links = createServer((request, response) => {
    response.writeHead(request.url === "/there" ? 200 : request.url === "/moved" ? 302 : 404, { location: "/there" });
    response.end();
  });
  await new Promise<void>((resolve) => links.listen(0, "127.0.0.1", resolve));
  linkHost = `127.0.0.1:${(links.address() as AddressInfo).port}`;
  server = await startServer({ XIAOER_ALLOW_PRIVATE_HOSTS: linkHost });
}, 60_000);
afterAll(async () => {
  await server?.stop();
  links?.close();
});

const call = (method: string, path: string, body?: unknown) => server.admin(method, path, body);
const article = async (fields: object) => (await call("POST", "/v1/articles", { status: "published", ...fields })).body;
const preview = async (body: object) => (await call("POST", "/v1/articles/preview", body)).body;
const publish = (id: string, body: object = {}) => call("POST", `/v1/articles/${id}/publish`, body);

it("answers with edits that are not saved, and leaves no trace of them", async () => {
  const made = await article({ question: "能不能寄到月球基地", answer: "暂时不行。" });
  const text = "火星快递收费吗";
  await until(async () => (await preview({ text: "能不能寄到月球基地" })).matches[0]?.articleId === made.id, "it");
  expect((await preview({ text })).matches.map((one: { articleId: string }) => one.articleId)).not.toContain(made.id);

  const edits = { id: made.id, phrasings: [text], answer: "{{ tone.greeting }}火星包邮。" };
  const tried = await preview({ text, article: edits, tone: "polite" });
  expect(tried.decision).toBe("answer");
  expect(tried.matches[0]).toMatchObject({ articleId: made.id, edited: true, version: 0 });
  expect(tried.matches[0].why.length).toBeGreaterThan(0);
  expect(tried.channels.find((one: { channel: string }) => one.channel === "web").messages).toEqual([
    { type: "text", text: "您好，火星包邮。" },
  ]);
  // Neither shoppers nor the next question know of it.
  expect((await preview({ text })).matches.map((one: { articleId: string }) => one.articleId)).not.toContain(made.id);
  expect((await call("GET", `/v1/articles/${made.id}`)).body).toMatchObject({ version: 1, phrasings: [] });

  const fresh = await preview({ text: "土星环上能自提吗", article: { question: "土星环上能自提吗", answer: "能。" } });
  expect(fresh.decision).toBe("answer");
  expect(fresh.matches[0]).toMatchObject({ edited: true });
});

it("names an article that is as near as the edited one, and asks as of another time", async () => {
  const first = await article({ question: "陶瓷花盆可以定制刻字吗", answer: "可以。" });
  const second = await article({ question: "陶瓷茶杯可以定制刻字吗", answer: "可以。" });
  await until(async () => (await preview({ text: second.question })).matches[0]?.articleId === second.id, "both");
  const near = { id: second.id, phrasings: ["陶瓷花盆可以定制刻字吗"] };
  const { conflicts } = await preview({ text: "陶瓷花盆可以定制刻字吗", article: near });
  expect(conflicts).toMatchObject([{ articleId: first.id, question: first.question }]);
  expect(Math.abs(conflicts[0].gap)).toBeLessThan(0.05);

  const ended = { id: second.id, validUntil: "2030-11-11T23:59:59+08:00" };
  const asOf = async (at: string) =>
    (await preview({ text: second.question, article: ended, at })).matches[0]?.articleId;
  expect(await asOf("2030-11-11T23:59:59+08:00")).toBe(second.id);
  expect(await asOf("2030-11-12T00:00:00+08:00")).not.toBe(second.id);
});

it("shows the answer as each channel of the shop would send it, with what is lost", async () => {
  const inbox = async (channel: string, config: object) =>
    expect((await call("POST", "/v1/inboxes", { channel, name: channel, config })).status).toBe(201);
  await inbox("telegram", { token: "123456:abcdefghijklmnopqrstuvwxyzABCDEFGHI", secretToken: "s".repeat(32) });
  await inbox("wechat-official", {
    appId: "wx0123456789abcdef",
    appSecret: "0123456789abcdef0123456789abcdef",
    token: "tokentoken",
    encodingAesKey: "a".repeat(43),
    verified: true,
  });
  const text = "木星特快能不能开发票";
  const answer = `${"长".repeat(900)}。`;
  const made = { question: text, answer, answers: [{ channel: "telegram", text: "电报上短一点。" }] };
  const { channels } = await preview({ text, article: made });
  const on = (channel: string) => channels.find((one: { channel: string }) => one.channel === channel);
  expect(on("web")).toMatchObject({ messages: [{ type: "text", text: answer }], warnings: [] });
  expect(on("telegram")).toMatchObject({ variant: { channel: "telegram" }, messages: [{ text: "电报上短一点。" }] });
  const wechat = on("wechat-official");
  expect(wechat.messages.length).toBeGreaterThan(1);
  expect(wechat.messages.map((one: { text: string }) => one.text).join("")).toBe(answer);
  expect(wechat.warnings).toEqual([{ code: "split", count: wechat.messages.length }]);

  // A question nobody answers: the way to a person is a button here and a number there.
  const lost = await preview({ text: "qwzx plmk vvvv" });
  const of = (channel: string) => lost.channels.find((one: { channel: string }) => one.channel === channel);
  expect(lost.decision).toBe("none");
  expect(of("telegram").messages[0].type).toBe("choices");
  expect(of("wechat-official").warnings.map((one: { code: string }) => one.code)).toEqual(
    of("wechat-official").messages[0].type === "choices" ? [] : ["choices_as_text"],
  );
});

it("tells a contact's own variant, and knows a variable that has no value", async () => {
  const shopper = await server.visitor("M-1001");
  const text = "金星会员日有什么礼物";
  const edits = {
    question: text,
    answer: "一张贴纸。",
    answers: [{ audience: "vip", text: "{{ contact.name }}，一只茶杯。" }],
  };
  const web = async (body: object) =>
    (await preview({ text, article: edits, ...body })).channels.find(
      (one: { channel: string }) => one.channel === "web",
    );
  expect(await web({})).toMatchObject({ messages: [{ text: "一张贴纸。" }] });
  // Whoever may not see contacts makes one up.
  const madeUp = { ...edits, answers: [{ audience: "vip", text: "一只茶杯。" }] };
  expect(await web({ article: madeUp, audience: ["VIP"] })).toMatchObject({ messages: [{ text: "一只茶杯。" }] });
  const { body: contact } = await call("GET", `/v1/contacts/${shopper.contactId}`);
  const own = await web({ contactId: contact.id });
  expect(own.messages[0].text).toBe(contact.vip ? `${contact.name}，一只茶杯。` : "一张贴纸。");
  const wanting = await web({ article: { question: text, answer: "订单 {{ order.number }} 在路上。" } });
  expect(wanting.warnings).toMatchObject([{ code: "unresolved_variable" }]);
  const tried = await web({
    article: { question: text, answer: "{{ order.number }} 在路上。", orderCard: true },
    sample: true,
  });
  expect(tried).toMatchObject({
    messages: [{ type: "order", orderId: "20881234" }, { text: "20881234 在路上。" }],
    warnings: [],
  });
  expect(JSON.stringify(wanting.messages)).not.toContain("{{");
  expect((await call("POST", "/v1/articles/preview", { text, contactId: "nobody" })).status).toBe(404);
  expect((await call("POST", "/v1/articles/preview", { text, article: { id: "nothing" } })).status).toBe(404);
});

it("publishes what was noticed only with a reason, and keeps it with the version and in the audit", async () => {
  const made = await call("POST", "/v1/articles", {
    question: "水星订单怎么查",
    answer: `看 http://${linkHost}/there 、http://${linkHost}/moved 和 http://${linkHost}/gone。`,
  });
  const { id } = made.body;
  const { checks, ok } = (await call("POST", `/v1/articles/${id}/check`)).body;
  expect(ok).toBe(true);
  expect(checks.filter((one: { check: string }) => one.check === "dead_link")).toMatchObject([
    { level: "warning", word: `http://${linkHost}/gone` },
  ]);
  expect(await publish(id)).toMatchObject({ status: 422, body: { code: "knowledge.reason_required" } });
  expect((await call("GET", `/v1/articles/${id}`)).body).not.toHaveProperty("publishedVersion");
  expect((await publish(id, { reason: "页面今晚上线" })).body).toMatchObject({ status: "published" });
  const [version] = (await call("GET", `/v1/articles/${id}/versions`)).body.items;
  expect(version).toMatchObject({ reason: "页面今晚上线", published: true });
  expect(version.warnings[0]).toContain("/gone");
  const [row] = (await call("GET", "/v1/audit?limit=1")).body.items;
  expect(row).toMatchObject({ action: "article.publish", target: id, data: { reason: "页面今晚上线" } });

  // Red stays red, whatever the reason.
  await call("PATCH", `/v1/articles/${id}`, { mustHit: ["完全无关的一句话啊"] });
  expect(await publish(id, { reason: "就要发" })).toMatchObject({
    status: 422,
    body: { code: "knowledge.check_failed" },
  });
  const back = await call("POST", `/v1/articles/${id}/rollback`, { version: 1 });
  expect(back.body).toMatchObject({ status: "published", version: 3 });
  expect((await call("GET", "/v1/audit?limit=1")).body.items[0]).toMatchObject({
    action: "article.rollback",
    target: id,
  });
});

it("tells faults of unsaved edits as findings, not as a refusal", async () => {
  const made = await article({ question: "天王星售后几天处理", answer: "三天。" });
  const edits = {
    answer: "{{ order.nothing }}",
    validFrom: "2030-01-02T00:00:00Z",
    validUntil: "2030-01-01T00:00:00Z",
    rules: [{ kind: "pattern", value: "(a+" }],
  };
  const checked = await call("POST", `/v1/articles/${made.id}/check`, { article: edits });
  expect(checked.status).toBe(200);
  const named = checked.body.checks.filter((one: { level: string }) => one.level === "error");
  expect(named.map((one: { check: string }) => one.check).sort()).toEqual([
    "expires_before_start",
    "invalid_pattern",
    "unresolved_variable",
  ]);
});

it("follows translations: behind once the source changes, current once found right", async () => {
  const made = await article({
    question: "海王星运费怎么算",
    answer: "十元。",
    locale: "zh-CN",
    answers: [{ locale: "en", text: "Ten yuan." }],
  });
  const path = `/v1/articles/${made.id}`;
  const stale = async () =>
    (await call("GET", "/v1/articles?attention=stale")).body.items.some((one: { id: string }) => one.id === made.id);
  expect(made).toMatchObject({ sourceVersion: 1, answers: [{ sourceVersion: 1 }] });
  expect(await stale()).toBe(false);
  const moved = (await call("PATCH", path, { answer: "十二元。" })).body;
  expect(moved).toMatchObject({ stale: true, sourceVersion: 2, answers: [{ locale: "en", sourceVersion: 1 }] });
  expect(await stale()).toBe(true);
  // Told all the same, unless the shop says otherwise; before a publish it is noticed.
  expect((await publish(made.id)).body.code).toBe("knowledge.reason_required");
  const right = (await call("PATCH", path, { answers: [{ locale: "en", text: "Ten yuan.", sourceVersion: 2 }] })).body;
  expect(right).toMatchObject({ sourceVersion: 2, answers: [{ sourceVersion: 2 }] });
  expect(right).not.toHaveProperty("stale");
  expect(await stale()).toBe(false);
  expect((await publish(made.id)).status).toBe(200);
});

const importCsv = async (csv: string, query: string) => {
  const login = await server.call("POST", "/v1/auth/login", {
    body: { email: "admin@shop.test", password: "correct-horse-battery" },
  });
  const started = await server.call("POST", `/v1/knowledge/import?${query}`, {
    token: login.body.token,
    raw: csv,
    headers: { "content-type": "text/csv" },
  });
  let task = { state: "queued", errors: [] as { line: number; column: string; code: string }[], result: {} };
  await until(async () => {
    task = (await call("GET", `/v1/tasks/${started.body.taskId}`)).body;
    return ["done", "failed"].includes(task.state);
  }, "the import");
  return task;
};

it("checks an import that publishes row by row, and writes nothing where a row is red", async () => {
  const told = await article({ question: "冥王星退货找谁", answer: "找小美。" });
  const guarded = await article({ question: "彗星保价几天", answer: "七天。", mustHit: ["彗星保价"] });
  await until(async () => (await preview({ text: "彗星保价" })).matches[0]?.articleId === guarded.id, "the guard");
  const csv = [
    "id,question,answer,mustHit",
    `${told.id},彗星保价,抢来的。,`,
    "imp_ok,小行星带能自提吗,能。,",
    "imp_red,流星雨预售,好。,完全无关的一句话啊",
  ].join("\r\n");
  const refused = await importCsv(csv, "publish=1");
  expect(refused.state).toBe("failed");
  expect(refused.errors.filter(({ code }) => code === "knowledge.check_failed")).toMatchObject([
    { line: 2, column: "mustHit" },
    { line: 4, column: "mustHit" },
  ]);
  expect((await call("GET", "/v1/articles/imp_ok")).status).toBe(404);
  expect((await call("GET", `/v1/articles/${told.id}`)).body.question).toBe("冥王星退货找谁");
  const dry = await importCsv(csv, "publish=1&dryRun=1&skipInvalid=1");
  expect(dry).toMatchObject({ state: "done", result: { imported: 0, invalid: 2 } });
  const skipped = await importCsv(csv, "publish=1&skipInvalid=1");
  expect(skipped).toMatchObject({ state: "done", result: { imported: 1, new: 1, invalid: 2 } });
  expect((await call("GET", "/v1/articles/imp_ok")).body.status).toBe("published");
});

it("takes questions that have no answer yet, says so by row, and offers a person to whoever asks one", async () => {
  const text = "柯伊伯带能开增值税发票吗";
  const done = await importCsv(["id,question,answer", `imp_bare,${text},`].join("\r\n"), "publish=1");
  expect(done).toMatchObject({ state: "done", result: { imported: 1, warnings: 1 } });
  expect(done.errors).toMatchObject([{ line: 2, column: "answer", code: "knowledge.check_warning" }]);
  await until(async () => (await preview({ text })).matches[0]?.articleId === "imp_bare", "it");
  const shopper = await server.visitor();
  await shopper.say(text);
  const [told] = await shopper.hears();
  expect(told.content).toMatchObject({ type: "choices", choices: [{ value: "xiaoer:person" }] });
  // Written by hand, an article needs its answer.
  expect((await call("POST", "/v1/articles", { question: text, answer: "", status: "published" })).status).toBe(422);
});

it("moves, ends, hands over and publishes many at once", async () => {
  const [a, b] = [
    await article({ question: "银河系包装有几种", answer: "三种。" }),
    await article({ question: "仙女座礼盒多少钱", answer: "九十九。" }),
  ];
  const ids = [a.id, b.id];
  const bulk = async (body: object) => (await call("POST", "/v1/articles/bulk", { ids, ...body })).body.items;
  expect(await bulk({ action: "move", category: "商品/包装/礼盒" })).toEqual(ids.map((id) => ({ id, ok: true })));
  const within = (await call("GET", `/v1/articles?category=${encodeURIComponent("商品/包装")}`)).body.items;
  expect(within.map((one: { id: string }) => one.id).sort()).toEqual([...ids].sort());
  expect(within.every((one: { status: string }) => one.status === "published")).toBe(true);
  expect((await call("GET", "/v1/knowledge/categories")).body.items).toContainEqual({
    category: "商品/包装/礼盒",
    count: 2,
  });
  expect((await call("POST", "/v1/articles/bulk", { ids, action: "move", category: "1/2/3/4/5" })).status).toBe(422);

  const { user } = (await call("GET", "/v1/me")).body;
  expect(a.ownerId).toBe(user.id);
  await bulk({ action: "assign", ownerId: null });
  expect((await call("GET", `/v1/articles/${a.id}`)).body).not.toHaveProperty("ownerId");
  expect((await call("POST", "/v1/articles/bulk", { ids, action: "assign", ownerId: "nobody" })).status).toBe(404);

  // An edit under way stays one; what shoppers are told ends.
  await call("PATCH", `/v1/articles/${b.id}`, { answer: "八十八。" });
  expect(await bulk({ action: "expire", ids: [...ids, "gone"] })).toContainEqual({
    id: "gone",
    ok: false,
    code: "article.not_found",
    detail: "There is no such article.",
  });
  await until(async () => {
    const { matches } = (await call("POST", "/v1/knowledge/match", { text: "仙女座礼盒多少钱" })).body;
    return !matches.some((one: { articleId: string }) => ids.includes(one.articleId));
  }, "the end");
  expect((await call("GET", `/v1/articles/${b.id}`)).body).toMatchObject({ status: "draft", answer: "八十八。" });
  const republish = { validUntil: null };
  await call("PATCH", `/v1/articles/${b.id}`, republish);
  expect(await bulk({ action: "publish", ids: [b.id], reason: "回来了" })).toEqual([{ id: b.id, ok: true }]);
});

it("searches the list with the matcher shoppers are answered by, and says the rank", async () => {
  const made = await article({ question: "黑洞附近多久能送到", phrasings: ["送去黑洞要多少天"], answer: "看引力。" });
  const found = async () => (await call("GET", `/v1/articles?q=${encodeURIComponent("黑洞几天送达")}`)).body.items;
  await until(async () => (await found())[0]?.id === made.id, "the article");
  const items = await found();
  expect(items[0]).toMatchObject({ rank: 1 });
  expect(items[0].score).toBeGreaterThan(0);
  expect(new Set(items.map((one: { id: string }) => one.id)).size).toBe(items.length);
  // A draft nobody is told is still found by its words.
  const { body: draft } = await call("POST", "/v1/articles", { question: "虫洞直邮草稿", answer: "未定。" });
  const byWords = (await call("GET", `/v1/articles?q=${encodeURIComponent("虫洞直邮")}`)).body.items;
  expect(byWords.some((one: { id: string }) => one.id === draft.id)).toBe(true);
});

it("puts clusters together, gives them to somebody, and sets them aside with a reason", async () => {
  for (const text of ["zzkq wvvj hrrn", "ploq nnxw ccbt"]) {
    const shopper = await server.visitor();
    await shopper.say(text);
    await shopper.hears();
  }
  const gaps = async () => (await call("GET", "/v1/knowledge/gaps")).body.items;
  const of = async (text: string) =>
    (await gaps()).find((gap: { questions: string[] }) => gap.questions.includes(text));
  await until(
    async () => (await of("zzkq wvvj hrrn")) !== undefined && (await of("ploq nnxw ccbt")) !== undefined,
    "two",
  );
  const [one, two] = [await of("zzkq wvvj hrrn"), await of("ploq nnxw ccbt")];
  expect(one.id).not.toBe(two.id);
  expect(one).toMatchObject({ channels: ["web"], languages: ["en"], merged: false });
  expect(one.days.at(-1)).toBe(1);
  const merged = await call("POST", `/v1/knowledge/gaps/${one.id}/merge`, { from: two.id });
  expect(merged.body).toMatchObject({ merged: true, count: 2 });
  expect((await of("zzkq wvvj hrrn")).questions).toContain("ploq nnxw ccbt");
  expect((await call("POST", `/v1/knowledge/gaps/${one.id}/merge`, { from: one.id })).body.code).toBe("gap.same");

  const { user } = (await call("GET", "/v1/me")).body;
  expect((await call("POST", `/v1/knowledge/gaps/${one.id}/assign`, { userId: user.id })).status).toBe(204);
  expect(await of("zzkq wvvj hrrn")).toMatchObject({ assigneeId: user.id });
  expect((await call("POST", `/v1/knowledge/gaps/${one.id}/assign`, { userId: "nobody" })).status).toBe(404);
  expect((await call("POST", `/v1/knowledge/gaps/${one.id}/ignore`, { reason: "不卖这个" })).status).toBe(204);
  expect(await of("zzkq wvvj hrrn")).toBeUndefined();
  expect((await call("GET", "/v1/audit?limit=1")).body.items[0]).toMatchObject({
    action: "gap.ignore",
    data: { reason: "不卖这个", wordings: 2 },
  });
});
