/** Files from a platform on Cloudflare's runtime: claimed after the commit, fetched by the queue, tried again by the alarm. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { post, serveFake, until } from "../support/server.ts";
import { startTestWorker, type TestWorker, workerFolder } from "../support/worker.ts";

let home: Awaited<ReturnType<typeof workerFolder>>;
let worker: TestWorker;
let platform: Awaited<ReturnType<typeof serveFake>>;
let fake: FakePlatform;
let file: (() => Response | undefined) | undefined;
const userId = "70001";

beforeAll(async () => {
  home = await workerFolder();
  worker = await startTestWorker({ folder: home.folder });
  platform = await serveFake(async (request) => {
    const own = new URL(request.url).pathname.startsWith("/file/") ? file?.() : undefined;
    return own ?? fake.handle(request);
  });
  const config = {
    token: "123456:TEST-token-of-a-fake-bot-0123456789",
    secretToken: "s".repeat(40),
    apiRoot: platform.url,
  };
  fake = createFakeTelegram(config, { clock: { now: () => Date.now(), advance: () => undefined } });
  const made = await worker.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config });
  expect(made.status).toBe(201);
}, 60_000);
afterAll(async () => {
  await worker?.kill();
  await platform?.stop();
  await home?.remove();
});

const send = async (type: "image" | "file") =>
  expect((await post(worker, "tg", await fake.webhook({ type, userId, name: "a.pdf" }))).status).toBe(200);

async function newest() {
  const [session] = (await worker.admin("GET", "/v1/sessions?inboxId=tg")).body.items;
  const { items } = (await worker.admin("GET", `/v1/sessions/${session.id}/messages`)).body;
  return items.find((message: { direction: string }) => message.direction === "inbound");
}
const stored = async () => {
  await until(async () => (await newest())?.media?.state === "stored", "the file");
  return new Uint8Array(await (await fetch(worker.url + (await newest()).content.url)).arrayBuffer());
};

it("keeps a picture moments after its message", async () => {
  await send("image");
  expect(await stored()).toEqual(sampleFile("image").bytes);
}, 20_000);

it("keeps a file that is longer than a row may be", async () => {
  const bytes = new Uint8Array(4_000_000).fill(0x20);
  bytes.set(new TextEncoder().encode("%PDF-1.4\n"));
  file = () => new Response(bytes);
  await send("file");
  expect(Buffer.compare(await stored(), bytes)).toBe(0);
  const rows = await worker.query("select max(length(body)) as longest, count(*) as parts from file_parts");
  expect(rows).toEqual([{ longest: 1_200_000, parts: 4 }]);
}, 30_000);

it("tries again when the platform fails", async () => {
  let asked = 0;
  file = () => {
    asked += 1;
    return asked === 1 ? new Response("oops", { status: 500 }) : undefined;
  };
  await send("image");
  expect(await stored()).toEqual(sampleFile("image").bytes);
  expect(asked).toBe(2);
}, 30_000);
