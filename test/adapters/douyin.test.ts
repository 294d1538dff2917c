import { expect, test } from "vitest";
import { douyinConfig } from "../../adapters/douyin/config.ts";
import { createFakeDouyin } from "../../adapters/douyin/fake.ts";
import { douyinMiniprogram } from "../../adapters/douyin/index.ts";
import { createFakeClock, createFakeState, toWebhookRequest } from "../../adapters/shared/fake.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";

const config = { clientKey: "tt9ddeac3372437b01", clientSecret: "142f76cd286b7475ddf164ba7b69df84" };

testAdapter({
  channel: douyinMiniprogram,
  config,
  otherSecret: { ...config, clientSecret: "242f76cd286b7475ddf164ba7b69df84" },
  createFake: createFakeDouyin,
  fixtures: readFixtures("douyin-miniprogram"),
});

async function talk(answer?: (path: string) => Response | undefined) {
  const parsed = douyinConfig.parse(config);
  const clock = createFakeClock();
  const fake = createFakeDouyin(parsed, { clock });
  const calls: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname } = new URL(request.url);
    calls.push(pathname);
    return answer?.(pathname) ?? fake.fetch(request);
  };
  const deps = { inboxId: "in_1", fetch, now: clock.now, state: createFakeState(clock) };
  const adapter = await douyinMiniprogram.create(parsed, deps);
  const receive = async (request: Request | Promise<Request>) => adapter.receive(await toWebhookRequest(await request));
  return { adapter, fake, calls, receive };
}

test("the check of the address gets its number back as a number", async () => {
  const { receive, fake } = await talk();
  const { events, response } = await receive(fake.sign({ event: "verify_webhook", content: { challenge: 12345 } }));
  expect([events, await response.text()]).toEqual([[], '{"challenge":12345}']);
});

test("without an id inside, the header names the delivery", async () => {
  const { receive, fake } = await talk();
  const body = {
    event: "im_receive_msg",
    from_user_id: "f",
    to_user_id: "t",
    content: { message_type: "text", text: "x" },
  };
  const request = await fake.sign(body);
  request.headers.set("msg-id", "m1");
  expect((await receive(request)).events).toMatchObject([
    { message: { channelMessageId: "m1", content: { text: "x" } } },
  ]);
  // With neither, nobody could tell a second delivery from a second message.
  expect((await receive(fake.sign(body))).events).toMatchObject([{ type: "unsupported", kind: "im_receive_msg" }]);
});

test("a token ended early is renewed once, and wrong credentials are for the shop to mend", async () => {
  let ended = 1;
  const early = await talk((path) => {
    if (path !== "/im/send/msg/" || ended === 0) return undefined;
    ended -= 1;
    return Response.json({ data: { error_code: 2190008, description: "access_token过期" } });
  });
  const [event] = (await early.receive(early.fake.webhook({ type: "text", userId: "u", text: "hi" }))).events;
  if (event?.type !== "message") throw new Error("Nothing was said.");
  const message = {
    idempotencyKey: "k",
    address: event.message.address,
    content: { type: "text", text: "您好" },
    author: { kind: "bot" },
  } as const;
  expect(await early.adapter.send(message)).toMatchObject({ ok: true });
  expect(early.calls).toEqual(["/oauth/client_token/", "/im/send/msg/", "/oauth/client_token/", "/im/send/msg/"]);
  const wrong = await talk(() => Response.json({ data: { error_code: 2190003, description: "client_secret错误" } }));
  expect(await wrong.adapter.send(message)).toMatchObject({ code: "delivery.unauthorized" });
});
