import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type TestServer } from "../support/server.ts";
import { xiaoer } from "./command-line.ts";

test("one line on one channel shows the answer and every payload", async () => {
  const { code, out } = await xiaoer("simulate", "--channel", "line", "多久发货");
  expect(code).toBe(0);
  expect(out).toMatch(/^▶ 多久发货\n◀ .*48 小时/);
  expect(out).toContain("── platform → xiaoer  POST /webhooks/sim-line-");
  expect(out).toContain("── said by bot (sent)");
  expect(out).toContain("── xiaoer → platform  POST api.line.me/v2/bot/message/reply  200");
});

test("a button is tapped, and a failure met, on request", async () => {
  const tapped = (await xiaoer("simulate", "量子纠缠怎么收费", "--tap", "转人工", "--json")).json();
  expect(tapped.talk.map(({ from }: { from: string }) => from).slice(0, 3)).toEqual(["shopper", "shop", "shopper"]);
  const failed = (await xiaoer("simulate", "多久发货", "--fail", "500", "--json")).json();
  const calls = failed.trace.filter(({ kind }: { kind: string }) => kind === "call");
  expect(calls.map(({ response }: { response: { status: number } }) => response.status)).toEqual([500, 200]);
});

test("a channel, failure or button that is not there is said", async () => {
  expect((await xiaoer("simulate", "--channel", "smoke-signals", "hi")).code).toBe(2);
  expect((await xiaoer("simulate", "--fail", "flood", "hi")).code).toBe(2);
  expect((await xiaoer("simulate")).code).toBe(2);
});

let server: TestServer;
let folder: string;
beforeAll(async () => {
  server = await startServer({ XIAOER_RECORD_WEBHOOKS: "5" });
  folder = await mkdtemp(join(tmpdir(), "xiaoer-record-"));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const play = async (channel: string, event: object): Promise<string> =>
  (await server.call("POST", `/simulator/api/phones/${channel}/events`, { body: { event } })).body.inboxId;

test.each(["telegram", "line", "whatsapp", "slack", "teams"])(
  "a webhook of %s becomes a fixture that its adapter reads, without the person",
  async (channel) => {
    const inboxId = await play(channel, { type: "text", text: "我的电话 13812345678" });
    const out = join(folder, channel, "001.json");
    const { code, json } = await xiaoer("record", inboxId, "--server", server.url, "--out", out, "--json");
    expect(json()).toMatchObject({ ok: true, test: "reads 001", file: out });
    expect(code).toBe(0);
    const text = await readFile(out, "utf8");
    const { people } = (await server.call("GET", "/simulator/api/state")).body.channels.find(
      (one: { channel: string }) => one.channel === channel,
    );
    expect(text).not.toContain("13812345678");
    expect(text).not.toContain(people[0]);
    expect(JSON.parse(text).events).toHaveLength(1);
  },
);

test("what is sealed for one account makes no fixture, and what was not recorded is said", async () => {
  const inboxId = await play("wechat-official", { type: "text", text: "hi" });
  expect((await xiaoer("record", inboxId, "--server", server.url, "--json")).json().error).toContain("encrypted");
  expect((await xiaoer("record", "web", "--server", server.url)).code).toBe(1);
});
