import assert from "node:assert/strict";
import { toWebhookRequest } from "../../adapters/shared/fake.ts";
import {
  type AdapterCheck,
  type AdapterSuite,
  assertRefused,
  type Bench,
  createBench,
  secretFieldsOf,
} from "./suite.ts";

export function configChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (name: string, run: () => void) => ({ section: "config" as const, name, run: async () => run() });
  return [
    check("takes its example", () => void suite.channel.config.parse(suite.config)),
    check("refuses a blank secret", () => {
      for (const name of secretFieldsOf(suite.channel)) {
        for (const blank of ["", " ", "                                        "]) {
          assert(!suite.channel.config.safeParse({ ...suite.config, [name]: blank }).success, name);
        }
      }
    }),
    check("refuses a field it does not know", () => {
      assert(!suite.channel.config.safeParse({ ...suite.config, surprise: 1 }).success);
    }),
  ];
}

export function signatureChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (name: string, run: (bench: Bench, request: Request) => Promise<unknown>): AdapterCheck => ({
    section: "signature",
    name,
    async run() {
      const bench = await createBench(suite);
      await run(bench, await bench.fake.webhook({ type: "text", userId: bench.fake.people[0], text: "hi" }));
    },
  });
  const altered = async (request: Request, change: (headers: Headers, url: URL) => void, body?: Uint8Array) => {
    const webhook = await toWebhookRequest(request.clone());
    const headers = new Headers(webhook.headers);
    const url = new URL(webhook.url);
    change(headers, url);
    return { ...webhook, headers, url, body: body ?? webhook.body };
  };
  return [
    check("takes what the platform signed", async ({ receive }, request) => {
      assert.equal((await receive(request)).length, 1);
    }),
    check("refuses a request without its signature", async ({ adapter }, request) => {
      const bare = await altered(request, (headers, url) => {
        for (const name of [...headers.keys()]) headers.delete(name);
        url.search = "";
      });
      await assertRefused(adapter.receive(bare));
      await assertRefused(adapter.receive({ ...bare, body: new TextEncoder().encode("{broken") }));
      await assertRefused(adapter.receive({ ...bare, method: "GET", body: new Uint8Array() }));
    }),
    check("refuses a changed, empty, cut or repeated signature", async ({ adapter }, request) => {
      const names = [...request.headers.keys()].filter((name) => !name.startsWith("content-"));
      for (const name of names) {
        const value = request.headers.get(name) ?? "";
        const flipped = value.slice(0, -1) + (value.endsWith("A") ? "B" : "A");
        for (const wrong of [flipped, "", "undefined", value.slice(1), `${value}A`, value.toUpperCase() + value]) {
          await assertRefused(adapter.receive(await altered(request, (headers) => headers.set(name, wrong))));
        }
        await assertRefused(adapter.receive(await altered(request, (headers) => headers.append(name, value))));
      }
      for (const [name, value] of new URL(request.url).searchParams) {
        await assertRefused(
          adapter.receive(await altered(request, (_, url) => url.searchParams.set(name, `${value}0`))),
        );
        await assertRefused(adapter.receive(await altered(request, (_, url) => url.searchParams.append(name, value))));
      }
    }),
    check("refuses a body changed by one byte", async ({ adapter }, request) => {
      const { body } = await toWebhookRequest(request.clone());
      for (let index = 0; index < body.length; index += Math.ceil(body.length / 50)) {
        const flipped = body.with(index, (body[index] ?? 0) ^ 1);
        await assertRefused(adapter.receive(await altered(request, () => undefined, flipped)));
      }
    }),
    check("refuses what another secret signed", async ({ adapter }, request) => {
      assert(suite.createFake);
      const other = suite.createFake(suite.channel.config.parse(suite.otherSecret), {
        clock: (await createBench(suite)).fake.clock,
      });
      const body = await request.text();
      await assertRefused(adapter.receive(await toWebhookRequest(await other.sign(body))));
    }),
  ];
}
