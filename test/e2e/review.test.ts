/** Review before publish, over HTTP: what an editor cannot do, who can, and what the two say to each other. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { ADMIN, type Answer, startServer, type TestServer, until } from "../support/server.ts";

const EDITOR = { email: "editor@shop.test", password: "correct-horse-battery" };
let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  const made = await server.admin("POST", "/v1/users", { ...EDITOR, name: "编辑林", role: "editor" });
  expect(made.status).toBe(201);
  token = (await server.call("POST", "/v1/auth/login", { body: EDITOR })).body.token;
}, 60_000);
afterAll(() => server?.stop());
beforeEach(() => setReview("editors"));

const setReview = (review: string) => server.admin("PATCH", "/v1/shop", { review });
type Call = TestServer["admin"];
const admin: Call = (...args) => server.admin(...args);
const editor: Call = (method, path, body, headers = {}) =>
  server.call(method, path, { token, headers, ...(body === undefined ? {} : { body }) });
let count = 0;
/** An article nobody else's questions come near. */
async function draft(by = editor, fields: object = {}): Promise<string> {
  count += 1;
  const words = `第${count}号玻璃温室的${"甲乙丙丁戊己庚辛壬癸".charAt(count % 10)}型遮阳帘怎么卷`;
  const made = await by("POST", "/v1/articles", { question: words, answer: `按${count}键。`, ...fields });
  expect(made.status).toBe(201);
  return made.body.id;
}
async function published(): Promise<string> {
  const id = await draft(admin);
  expect((await admin("POST", `/v1/articles/${id}/publish`, { reason: "试" })).status).toBe(200);
  return id;
}
const get = async (id: string) => (await editor("GET", `/v1/articles/${id}`)).body;
const auditOf = async (target: string) =>
  (await admin("GET", "/v1/audit?limit=100")).body.items.filter((row: { target: string }) => row.target === target);
async function importAs(who: "admin" | "editor", query: string, lines: readonly object[]): Promise<Answer> {
  const login = who === "editor" ? token : (await server.call("POST", "/v1/auth/login", { body: ADMIN })).body.token;
  const sent = await server.call("POST", `/v1/knowledge/import?${query}`, {
    token: login,
    raw: lines.map((line) => JSON.stringify(line)).join("\n"),
    headers: { "content-type": "application/x-ndjson" },
  });
  if (sent.status === 202)
    await until(async () => (await admin("GET", `/v1/tasks/${sent.body.taskId}`)).body.state === "done", "the import");
  return sent;
}
async function gap(): Promise<string> {
  count += 1;
  const shopper = await server.visitor();
  const text = `量子泡菜坛${count}能不能微波`;
  await shopper.say(text);
  await shopper.hears();
  let id = "";
  await until(async () => {
    const { items } = (await admin("GET", "/v1/knowledge/gaps?limit=100")).body;
    id = items.find((one: { questions: string[] }) => one.questions.includes(text))?.id ?? "";
    return id !== "";
  }, "the gap");
  return id;
}

const FORBIDDEN: readonly (readonly [string, () => Promise<Answer>])[] = [
  [
    "a new article that is published at once",
    () => editor("POST", "/v1/articles", { question: "新的问题一个", answer: "答。", status: "published" }),
  ],
  [
    "a save that publishes",
    async () => editor("PATCH", `/v1/articles/${await draft()}`, { answer: "改。", status: "published" }),
  ],
  ["a publish", async () => editor("POST", `/v1/articles/${await draft()}/publish`, {})],
  [
    "a publish from a time on",
    async () => editor("POST", `/v1/articles/${await draft()}/publish`, { at: "2099-01-01T00:00:00Z" }),
  ],
  ["a publish to a share", async () => editor("POST", `/v1/articles/${await draft()}/publish`, { percent: 10 })],
  ...(["everyone", "nobody"] as const).map(
    (outcome) =>
      [
        `the end of a gradual publish: ${outcome}`,
        async () => {
          const id = await draft();
          expect((await admin("POST", `/v1/articles/${id}/publish`, { percent: 10, reason: "试" })).status).toBe(200);
          return editor("POST", `/v1/articles/${id}/rollout`, { outcome });
        },
      ] as const,
  ),
  ["other words for the whole shop", () => editor("PUT", "/v1/knowledge/synonyms", { synonyms: [["甲", "乙"]] })],
  ["a flow", () => editor("PATCH", "/v1/flows/return-guide", { timeoutMinutes: 20 })],
  ["the end of a flow", () => editor("DELETE", "/v1/flows/return-guide")],
  ["a rollback", async () => editor("POST", `/v1/articles/${await published()}/rollback`, { version: 1 })],
  ["the end of what shoppers are told", async () => editor("DELETE", `/v1/articles/${await published()}`)],
  [
    "the end of what is on its way",
    async () => {
      const id = await draft();
      await admin("POST", `/v1/articles/${id}/publish`, { at: "2099-01-01T00:00:00Z", reason: "试" });
      return editor("DELETE", `/v1/articles/${id}`);
    },
  ],
  [
    "publishing many",
    async () => editor("POST", "/v1/articles/bulk", { action: "publish", ids: [await draft()], reason: "试" }),
  ],
  ["ending many", async () => editor("POST", "/v1/articles/bulk", { action: "expire", ids: [await published()] })],
  ["an import that publishes", () => importAs("editor", "publish=1", [{ question: "进口的问题", answer: "答。" }])],
  [
    "the undoing of an import shoppers were told of",
    async () => {
      const question = "要撤销的奇怪的问题";
      const { body } = await importAs("admin", "publish=1", [{ question, answer: "答。" }]);
      return editor("POST", `/v1/knowledge/imports/${body.taskId}/undo`);
    },
  ],
  [
    "an answered gap",
    async () =>
      editor("POST", `/v1/knowledge/gaps/${await gap()}/accept`, { article: { question: "坛子", answer: "能。" } }),
  ],
  [
    "sending back",
    async () => {
      const id = await draft();
      await editor("POST", `/v1/articles/${id}/review`, {});
      return editor("DELETE", `/v1/articles/${id}/review`, { reason: "自己退" });
    },
  ],
];

it.each(FORBIDDEN)("an editor is refused %s", async (_, attempt) => {
  const refused = await attempt();
  expect(refused).toMatchObject({ status: 403, body: { code: "knowledge.review_required" } });
  expect(refused.body.detail).toMatch(/\/review|an admin saves it/);
  const [row] = (await admin("GET", "/v1/audit?limit=1")).body.items;
  expect(row).toMatchObject({ action: "articles.publish", result: "denied" });
});

it("what is refused changes nothing", async () => {
  const id = await published();
  const before = await get(id);
  await editor("DELETE", `/v1/articles/${id}`);
  await editor("POST", `/v1/articles/${id}/rollback`, { version: 1 });
  await editor("POST", "/v1/articles/bulk", { action: "expire", ids: [id] });
  await editor("PATCH", `/v1/articles/${id}`, { answer: "改。", status: "published" });
  expect(await get(id)).toEqual(before);
  const own = await draft();
  await editor("POST", `/v1/articles/${own}/publish`, {});
  expect(await get(own)).toMatchObject({ status: "draft", version: 1 });
});

it("an editor writes, moves, imports and deletes what nobody is told, and a dry run shows what publishing would do", async () => {
  const id = await draft();
  expect((await editor("PATCH", `/v1/articles/${id}`, { answer: "改。" })).status).toBe(200);
  const moved = await editor("POST", "/v1/articles/bulk", { action: "move", ids: [id], category: "温室" });
  expect(moved.body.items).toEqual([{ id, ok: true }]);
  expect((await editor("DELETE", `/v1/articles/${id}`)).status).toBe(204);
  expect((await editor("DELETE", `/v1/articles/${id}`)).status).toBe(404);
  const line = { question: "草稿进口的奇怪的问题", answer: "答。" };
  expect((await importAs("editor", "publish=1&dryRun=1", [line])).status).toBe(202);
  const { body } = await importAs("editor", "", [line]);
  const undone = await editor("POST", `/v1/knowledge/imports/${body.taskId}/undo`);
  expect(undone).toMatchObject({ status: 200, body: { removed: 1, kept: 0 } });
});

it("is asked for, changed meanwhile, sent back, asked for again and published, and the audit log knows", async () => {
  const id = await draft();
  const waiting = async () => (await editor("GET", "/v1/articles?limit=1")).body.review.waiting;
  const had = await waiting();
  const asked = await editor("POST", `/v1/articles/${id}/review`, { note: "第二句请核对" });
  expect(asked.body.review).toMatchObject({ by: { name: "编辑林" }, version: 1, note: "第二句请核对" });
  expect(asked.body.review).not.toHaveProperty("changed");
  expect(await waiting()).toBe(had + 1);
  const list = (await admin("GET", "/v1/articles?attention=review&limit=100")).body.items;
  expect(list.map((one: { id: string }) => one.id)).toContain(id);

  await editor("PATCH", `/v1/articles/${id}`, { answer: "又改了。" });
  expect((await get(id)).review).toMatchObject({ version: 1, changed: true });
  // Who looked at version 1 does not publish version 2.
  const late = await admin("POST", `/v1/articles/${id}/publish`, { reason: "好" }, { "if-match": '"1"' });
  expect(late).toMatchObject({ status: 412, body: { code: "article.version_changed" } });
  const lateBack = await admin("DELETE", `/v1/articles/${id}/review`, { reason: "旧" }, { "if-match": '"1"' });
  expect(lateBack.status).toBe(412);

  expect((await admin("DELETE", `/v1/articles/${id}/review`, {})).status).toBe(422);
  const back = await admin("DELETE", `/v1/articles/${id}/review`, { reason: "少了时间" });
  expect(back.status).toBe(200);
  expect(await get(id)).toMatchObject({ sentBack: { reason: "少了时间", version: 2, by: { name: "店长" } } });
  expect(await get(id)).not.toHaveProperty("review");
  const twice = await admin("DELETE", `/v1/articles/${id}/review`, { reason: "再退" });
  expect(twice).toMatchObject({ status: 409, body: { code: "article.no_review" } });

  await editor("PATCH", `/v1/articles/${id}`, { answer: "九点开始。" });
  expect((await editor("POST", `/v1/articles/${id}/review`, {}, { "if-match": '"2"' })).status).toBe(412);
  expect((await editor("POST", `/v1/articles/${id}/review`, {}, { "if-match": '"3"' })).status).toBe(200);
  expect(await get(id)).not.toHaveProperty("sentBack");
  const out = await admin("POST", `/v1/articles/${id}/publish`, { reason: "好" }, { "if-match": '"3"' });
  expect(out).toMatchObject({ status: 200, body: { status: "published", version: 3 } });
  expect(out.body).not.toHaveProperty("review");
  expect(await waiting()).toBe(had);
  const nothing = await editor("POST", `/v1/articles/${id}/review`, {});
  expect(nothing).toMatchObject({ status: 409, body: { code: "article.nothing_to_review" } });

  const rows = await auditOf(id);
  expect(rows.map((row: { action: string }) => row.action).reverse()).toEqual([
    "article.review",
    "article.send_back",
    "article.review",
    "article.publish",
  ]);
  const me = (await editor("GET", "/v1/me")).body.user.id;
  expect(rows[0].data).toMatchObject({ version: 3, askedBy: me });
});

it("an answered gap becomes a draft somebody looks at", async () => {
  const id = await gap();
  const article = { question: "量子泡菜坛可以进微波炉吗", answer: "不可以。" };
  const taken = await editor("POST", `/v1/knowledge/gaps/${id}/accept`, { article, publish: false });
  expect(taken.status).toBe(200);
  expect(taken.body.article).toMatchObject({ status: "draft", review: { version: 1, by: { name: "编辑林" } } });
  const { items } = (await admin("GET", "/v1/knowledge/gaps?limit=100")).body;
  expect(items.map((one: { id: string }) => one.id)).not.toContain(id);
});

it("off, an editor publishes as before, and the setting holds at once", async () => {
  const id = await draft();
  expect((await editor("POST", `/v1/articles/${id}/publish`, { reason: "试" })).status).toBe(403);
  await setReview("off");
  expect((await editor("POST", `/v1/articles/${id}/publish`, { reason: "试" })).status).toBe(200);
  await setReview("editors");
  expect((await editor("POST", `/v1/articles/${id}/publish`, { reason: "试" })).status).toBe(403);
  expect((await server.admin("PATCH", "/v1/shop", { review: "everyone" })).status).toBe(422);
  expect((await editor("GET", "/v1/shop")).body.review).toBe("editors");
});

it("an agent asks for nothing and sees nothing of it that others may not", async () => {
  const agent = { email: "agent@shop.test", password: "correct-horse-battery" };
  await server.admin("POST", "/v1/users", { ...agent, name: "客服", role: "agent" });
  const { body } = await server.call("POST", "/v1/auth/login", { body: agent });
  const id = await draft();
  const asked = await server.call("POST", `/v1/articles/${id}/review`, { token: body.token, body: {} });
  expect(asked).toMatchObject({ status: 403, body: { code: "auth.forbidden" } });
});
