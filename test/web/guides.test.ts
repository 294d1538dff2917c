/** What the wizard says of each channel: nothing missing in either language. */

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { builtInChannels } from "../../adapters/index.ts";
import { toWebhookRequest } from "../../adapters/shared/fake.ts";
import { createWebhookVerify } from "../../adapters/shared/standard-webhooks.ts";
import { inboxWords } from "../../web/desk/src/i18n/words/inboxes.ts";
import { ANY_GUIDE, GUIDES, testCommand } from "../../web/desk/src/inboxes/guides.ts";
import { serveFake } from "../support/server.ts";

test("every channel has a guide, and every guide a channel", () => {
  expect(Object.keys(GUIDES).toSorted()).toEqual(builtInChannels.map(({ channel }) => channel).toSorted());
});

test.each([...Object.entries(GUIDES), ["any", ANY_GUIDE] as const])("%s is told of in two languages", (_, guide) => {
  for (const steps of [guide.before, guide.after, [guide.test]]) {
    expect(steps.length).toBeGreaterThan(0);
    for (const [zh, en] of steps) {
      expect(zh).toMatch(/\p{Script=Han}/u);
      expect(en).not.toMatch(/\p{Script=Han}/u);
      expect(en).toMatch(/^[A-Z].*[.?]$/s);
    }
  }
});

test("every check of the built-in channels has words, and advice for when it fails", () => {
  const files = readdirSync(new URL("../../adapters", import.meta.url), { recursive: true, encoding: "utf8" });
  const sources = [
    ...files.filter((name) => name.endsWith(".ts")).map((name) => `../../adapters/${name}`),
    "../../src/http/admin.ts",
  ];
  const names = new Set(
    sources.flatMap((path) => {
      const source = readFileSync(new URL(path, import.meta.url), "utf8");
      return [...source.matchAll(/\bcheck: "(\w+)"/g), ...source.matchAll(/\? "(token)" : "(?:api)"/g)].map(
        ([, name]) => name,
      );
    }),
  );
  expect(names.size).toBeGreaterThan(10);
  for (const name of [...names, "api"]) {
    expect(inboxWords).toHaveProperty([`check.${name}`]);
    // It is told of, and never fails.
    if (name !== "auth") expect(inboxWords).toHaveProperty([`check.${name}.bad`]);
  }
});

test.each(["http", "call"])("the test command of %s is signed as its webhooks are", async (channel) => {
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const verify = createWebhookVerify({ secret }, Date.now);
  const seen: (string | undefined)[] = [];
  const port = await serveFake(async (request) => {
    seen.push(await verify(await toWebhookRequest(request)));
    return new Response(null, { status: 204 });
  });
  const command = testCommand(channel, `${port.url}/webhooks/in_1`)?.replace("whsec_…", secret) ?? "";
  const { stdout } = await promisify(execFile)("bash", ["-c", command]);
  await port.stop();
  expect(stdout).toContain("204");
  expect(seen).toEqual([expect.stringMatching(/^test_\d+$/)]);
});
