/** Pictures, buttons, the order's card and the way to a group, which go with the words of an article: from the editor's API to the shopper. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { ADMIN, type Answer, post, serveFake, startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
let fake: FakePlatform;
let platform: Awaited<ReturnType<typeof serveFake>>;
beforeAll(async () => {
  server = await startServer();
  platform = await serveFake((request) => fake.handle(request));
  const config = {
    token: "123456:TEST-token-of-a-fake-bot-0123456789",
    secretToken: "s".repeat(40),
    apiRoot: platform.url,
  };
  fake = createFakeTelegram(config, { clock: { now: () => Date.now(), advance: () => undefined } });
  await server.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config });
});
afterAll(async () => {
  await server?.stop();
  await platform?.stop();
});

const call = (method: string, path: string, body?: unknown) => server.admin(method, path, body);

async function upload(path: string, kind: "image" | "file" = "image"): Promise<Answer> {
  const { token } = (await server.call("POST", "/v1/auth/login", { body: ADMIN })).body;
  const { bytes, mime } = sampleFile(kind);
  const form = new FormData();
  form.set("file", new Blob([bytes], { type: mime }), kind === "image" ? "尺码.png" : "尺码.pdf");
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(server.url + path, { method: "POST", headers, body: form });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

async function published(fields: object): Promise<Answer["body"]> {
  const { status, body } = await call("POST", "/v1/articles", { status: "published", ...fields });
  expect([status, body.code]).toEqual([201, undefined]);
  const found = async () => (await call("POST", "/v1/knowledge/match", { text: body.question })).body.matches;
  await until(async () => (await found())[0]?.articleId === body.id, "the article");
  return body;
}

it("tells a picture, then the words with their buttons; a tap asks, opens an article or a person", async () => {
  const { body: file } = await upload("/v1/knowledge/pictures");
  const next = await published({ question: "天鹅绒沙发怎么清洗", answer: "用软毛刷轻轻刷。" });
  const made = await published({
    question: "天鹅绒沙发有哪些尺寸",
    answer: "三种尺寸，见图。",
    image: { fileId: file.fileId, alt: "尺寸表" },
    buttons: [
      { label: "怎么清洗", articleId: next.id },
      { label: "天鹅绒沙发怎么清洗" },
      { label: "人工", person: true },
    ],
  });
  expect(made.image).toEqual({ fileId: file.fileId, alt: "尺寸表" });
  const { url } = (await call("GET", `/v1/knowledge/pictures/${file.fileId}`)).body;
  expect((await fetch(server.url + url)).status).toBe(200);

  const shopper = await server.visitor();
  await shopper.say(made.question);
  const [picture, words] = await shopper.hears(2);
  expect(picture.content).toMatchObject({ type: "image", fileId: file.fileId, alt: "尺寸表" });
  expect(new Uint8Array(await (await fetch(server.url + picture.content.url)).arrayBuffer())).toEqual(
    sampleFile("image").bytes,
  );
  expect(words.content).toMatchObject({ type: "choices", text: "三种尺寸，见图。" });
  const [toArticle, toWords, toPerson] = words.content.choices;
  for (const { label, value } of [toArticle, toWords]) {
    await shopper.say(label, { value });
    const [told] = await shopper.hears();
    expect(told.content.text).toBe("用软毛刷轻轻刷。");
  }
  await shopper.say(toPerson.label, { value: toPerson.value });
  await shopper.hears();
  const { body } = await call("GET", `/v1/contacts/${shopper.contactId}`);
  await until(
    async () => (await call("GET", `/v1/tickets?contactId=${body.id}`)).body.items.length === 1,
    "the ticket",
  );
});

it("goes out on a channel as the channel shows it", async () => {
  const { body: file } = await upload("/v1/knowledge/pictures");
  const made = await published({
    question: "珊瑚地毯的保养卡在哪下载",
    answer: "点下面下载。",
    image: { fileId: file.fileId },
    buttons: [
      { label: "下载保养卡", url: "https://shop.example/care.pdf" },
      { label: "人工", person: true },
    ],
  });
  await post(server, "tg", await fake.webhook({ type: "text", userId: "70001", text: made.question }));
  await until(() => fake.sent.length >= 2, "both messages");
  const [photo, words] = fake.sent;
  expect(photo?.method).toBe("sendPhoto");
  const { photo: link = "" } = (photo?.payload ?? {}) as { photo?: string };
  expect(new Uint8Array(await (await fetch(link)).arrayBuffer())).toEqual(sampleFile("image").bytes);
  expect(words?.text).toContain("点下面下载。");
  expect(JSON.stringify(words?.payload)).toContain("https://shop.example/care.pdf");

  const { channels } = (await call("POST", "/v1/articles/preview", { text: made.question })).body;
  const shown = (channel: string) =>
    channels
      .find((one: { channel: string }) => one.channel === channel)
      .messages.map(({ type }: { type: string }) => type);
  expect(shown("web")).toEqual(["image", "card"]);
  expect(shown("telegram")).toEqual(["image", "card"]);
});

it("shows the order that is spoken of to whom it belongs, and only words to the others", async () => {
  const made = await published({ question: "水晶吊灯安装要预约吗", answer: "发货后我们会联系您。", orderCard: true });
  const owner = await server.visitor("m-1001");
  await owner.say(made.question);
  const [card, words] = await owner.hears(2);
  expect(card.content).toMatchObject({ type: "order", orderId: expect.any(String), items: expect.any(Array) });
  expect(words.content).toEqual({ type: "text", text: "发货后我们会联系您。" });

  const stranger = await server.visitor();
  await stranger.say(made.question);
  const [only] = await stranger.hears();
  expect(only.content.type).toBe("text");
  const web = (await call("POST", "/v1/articles/preview", { text: made.question })).body.channels.find(
    (one: { channel: string }) => one.channel === "web",
  );
  expect(web.warnings).toEqual([{ code: "order_unknown" }]);
});

it("gives the session to the article's group once it has been told", async () => {
  const made = await published({
    question: "发现假冒琥珀手串怎么举报",
    answer: "谢谢告知，马上有同事来登记。",
    handoffGroup: "complaints",
  });
  const shopper = await server.visitor();
  await shopper.say(made.question);
  const heard = await shopper.hears(2);
  expect(heard[0].content.text).toBe("谢谢告知，马上有同事来登记。");
  const { items } = (await call("GET", `/v1/tickets?contactId=${shopper.contactId}`)).body;
  expect(items).toMatchObject([{ group: "complaints" }]);
  const ticket = (await call("GET", `/v1/tickets/${items[0].id}`)).body;
  expect(ticket.context.attempts[0]).toMatchObject({ articleId: made.id, shown: true });
  // Whoever waits already is told, and waits on.
  await shopper.say(made.question);
  expect((await shopper.hears())[0].content.text).toBe("谢谢告知，马上有同事来登记。");
});

it("tells a variant's own picture and buttons in place of the article's", async () => {
  const made = await published({
    question: "竹编篮子能装水吗",
    answer: "不能。",
    buttons: [{ label: "看防水款", url: "https://shop.example/dry" }],
    answers: [{ locale: "en", text: "No.", buttons: [{ label: "Waterproof ones", url: "https://shop.example/en" }] }],
  });
  const labels = async (locale: string) => {
    const { channels } = (await call("POST", "/v1/articles/preview", { text: made.question, locale })).body;
    return channels[0].messages[0].actions.map(({ label }: { label: string }) => label);
  };
  expect(await labels("zh-CN")).toEqual(["看防水款"]);
  expect(await labels("en")).toEqual(["Waterproof ones"]);
});

it("refuses what is not there, and a picture that is a shopper's or an agent's", async () => {
  const draft = { question: "鹅卵石灯亮吗", answer: "亮。" };
  const refused = async (fields: object) => {
    const { status, body } = await call("POST", "/v1/articles", { ...draft, ...fields });
    return [status, body.code, body.errors?.[0]?.path];
  };
  const { body: agents } = await upload("/v1/uploads");
  expect(await refused({ image: { fileId: agents.fileId } })).toEqual([
    422,
    "knowledge.unknown_picture",
    "image.fileId",
  ]);
  expect(await refused({ answers: [{ locale: "en", text: "Yes", image: { fileId: "fil_none" } }] })).toEqual([
    422,
    "knowledge.unknown_picture",
    "answers.0.image.fileId",
  ]);
  expect(await refused({ handoffGroup: "nobody" })).toEqual([422, "knowledge.unknown_group", "handoffGroup"]);
  expect((await refused({ buttons: [{ label: "x", url: "javascript:alert(1)" }] }))[0]).toBe(422);
  expect((await refused({ buttons: [{ label: "x", url: "https://a.example", person: true }] }))[0]).toBe(422);
  expect((await refused({ image: { alt: "nothing" } }))[0]).toBe(422);
  const preview = await call("POST", "/v1/articles/preview", {
    text: "x",
    article: { ...draft, image: { fileId: agents.fileId } },
  });
  expect([preview.status, preview.body.code]).toEqual([422, "knowledge.unknown_picture"]);
  expect((await call("GET", `/v1/knowledge/pictures/${agents.fileId}`)).status).toBe(404);
  const paper = await upload("/v1/knowledge/pictures", "file");
  expect([paper.status, paper.body.code]).toEqual([422, "knowledge.not_a_picture"]);
});

it("travels through files, CSV as well as NDJSON, and names the row whose picture is unknown", async () => {
  const { body: file } = await upload("/v1/knowledge/pictures");
  const made = await published({
    question: "羊皮灯罩能水洗吗",
    answer: "不能。",
    image: { fileId: file.fileId },
    buttons: [{ label: "保养说明", url: "https://shop.example/care" }],
    orderCard: true,
    handoffGroup: "general",
  });
  const types = { ndjson: "application/x-ndjson", csv: "text/csv" };
  for (const format of ["ndjson", "csv"] as const) {
    const { token } = (await server.call("POST", "/v1/auth/login", { body: ADMIN })).body;
    const exported = await fetch(`${server.url}/v1/knowledge/export?format=${format}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const raw = await exported.text();
    const run = async (text: string) => {
      const { body } = await server.call("POST", "/v1/knowledge/import", {
        token,
        raw: text,
        headers: { "content-type": types[format] },
      });
      let task: Answer["body"];
      await until(async () => {
        task = (await call("GET", `/v1/tasks/${body.taskId}`)).body;
        return task.state === "done" || task.state === "failed";
      }, "the import");
      return task;
    };
    expect(await run(raw)).toMatchObject({ state: "done", result: { new: 0, changed: 0, invalid: 0 } });
    const strange = await run(raw.replace(file.fileId, "fil_elsewhere"));
    expect(strange).toMatchObject({ state: "failed", result: { invalid: 1, imported: 0 } });
    expect(strange.errors[0]).toMatchObject({ code: "knowledge.unknown_picture", column: "image" });
  }
  expect((await call("GET", `/v1/articles/${made.id}`)).body).toMatchObject({
    image: { fileId: file.fileId },
    buttons: [{ label: "保养说明", url: "https://shop.example/care" }],
    orderCard: true,
    handoffGroup: "general",
  });
});
