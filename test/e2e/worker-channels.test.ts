/** Every channel in Cloudflare's runtime: a signed webhook in, the row, the bot's answer, and the platform that gets it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { builtInChannels } from "../../adapters/index.ts";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { ACCOUNTS } from "../../src/testing/accounts.ts";
import { builtInFolders, loadSuites } from "../../src/testing/load.ts";
import { serveFake, until } from "../support/server.ts";
import { startTestWorker, type TestWorker, workerFolder } from "../support/worker.ts";

/** Their shoppers write on our own page: no platform calls. */
const OWN_PAGE = new Set(["web", "alipay-miniprogram"]);
const clock = { now: () => Date.now(), advance: () => undefined };
let home: Awaited<ReturnType<typeof workerFolder>>;
let worker: TestWorker;
const ports: { stop(): Promise<void> }[] = [];
const suites = (await Promise.all(builtInFolders().map((folder) => loadSuites(folder)))).flat();

beforeAll(async () => {
  home = await workerFolder();
  worker = await startTestWorker({ folder: home.folder });
}, 60_000);
afterAll(async () => {
  await worker?.kill();
  await Promise.all(ports.map((port) => port.stop()));
  await home?.remove();
});

/** An inbox of a channel whose platform is at a port of this process. */
async function open(channel: string): Promise<{ readonly fake: FakePlatform; readonly inboxId: string }> {
  const suite = suites.find((one) => one.channel.channel === channel);
  if (suite?.createFake === undefined) throw new Error(`${channel} has no fake platform.`);
  let fake: FakePlatform | undefined;
  const port = await serveFake((request) => fake?.handle(request) ?? Promise.reject(new Error("Not open yet.")));
  ports.push(port);
  const config = { ...suite.config, ...addressesOf(channel, port.url) };
  fake = suite.createFake(suite.channel.config.parse(config), { clock });
  const inboxId = `on-${channel}`;
  const made = await worker.admin("POST", "/v1/inboxes", { id: inboxId, channel, name: channel, config });
  expect(made.body).toMatchObject({ id: inboxId, status: { state: "active" } });
  return { fake, inboxId };
}

function addressesOf(channel: string, url: string): Record<string, unknown> {
  if (channel === "email") return {};
  if (channel === "http" || channel === "call") return { sendUrl: `${url}/take` };
  if (channel !== "teams") return { apiRoot: url };
  const openIdMetadataUrl = `${url}/v1/.well-known/openidconfiguration`;
  return { openIdMetadataUrl, loginUrl: url, allowedServiceUrls: [url] };
}

async function post(inboxId: string, request: Request): Promise<Response> {
  const { search } = new URL(request.url);
  const { method, headers } = request;
  return fetch(`${worker.url}/webhooks/${inboxId}${search}`, { method, headers, body: await request.arrayBuffer() });
}

/** What is stored: all that was said, and what became of what was to be delivered. */
const said = (inboxId: string) =>
  worker.query(
    `select m.direction, m.content, m.session_id, d.state from messages m left join deliveries d on d.message_id = m.id
     where m.inbox_id = '${inboxId}' order by m.seq`,
  );
const isSettled = async (inboxId: string) => (await said(inboxId)).every(({ state }) => state !== "pending");

/** What is told of a call is history, which no bot answers; an agent may write to the caller. */
async function answerAsAgent(sessionId: string): Promise<string> {
  const { body } = await worker.admin("POST", `/v1/sessions/${sessionId}/take`);
  const text = "您来电时说的订单，48 小时内发货。";
  const content = { type: "text", text };
  const answer = await worker.admin("POST", `/v1/tickets/${body.id}/messages`, { clientId: "a1", content });
  expect(answer.status).toBe(201);
  return text;
}

const withPlatform = builtInChannels.map(({ channel }) => channel).filter((name) => !OWN_PAGE.has(name));

describe("on Workers, one message each over", () => {
  it.each(withPlatform)(
    "%s",
    async (channel) => {
      const { fake, inboxId } = await open(channel);
      const [userId] = fake.people;
      const answer = await post(inboxId, await fake.webhook({ type: "text", userId, text: "多久发货" }));
      expect(answer.status).toBeLessThan(300);
      const [asked] = await said(inboxId);
      expect(asked).toMatchObject({ direction: "inbound", content: expect.stringContaining("多久发货") });
      const expected = channel === "call" ? await answerAsAgent(String(asked?.session_id)) : "48 小时";
      await until(() => fake.sent.length > 0, `${channel} to get the answer`);
      expect(fake.sent.map(({ text }) => text).join("\n")).toContain(expected);
      await until(() => isSettled(inboxId), "the receipt");
      expect((await said(inboxId)).map(({ direction, state }) => state ?? direction)).toEqual(["inbound", "sent"]);
    },
    30_000,
  );

  it.each([...OWN_PAGE])("%s, by our own page", async (channel) => {
    const inboxId = `on-${channel}`;
    const { config } = ACCOUNTS[channel] ?? {};
    const made = await worker.admin("POST", "/v1/inboxes", { id: inboxId, channel, name: channel, config });
    expect(made.status).toBe(201);
    const { body } = await worker.call("POST", "/v1/visitor/sessions", { body: { inboxId } });
    const content = { type: "text", text: "多久发货" };
    await worker.call("POST", "/v1/visitor/messages", { token: body.token, body: { clientId: "c1", content } });
    const heard = async () => (await worker.call("GET", "/v1/visitor/messages", { token: body.token })).body.items;
    await until(async () => (await heard()).length === 2, "the answer");
    expect(JSON.stringify(await heard())).toContain("48 小时");
  });
});
