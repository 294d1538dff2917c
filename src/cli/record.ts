import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { RecordedWebhook } from "../http/simulator-contract.ts";
import { type Command, need } from "./command.ts";

export const record: Command = {
  name: "record",
  takes: ["<inbox>"],
  help: "Make a fixture, and so a test, of the last webhook an inbox took; the server runs with XIAOER_RECORD_WEBHOOKS=20.",
  options: {
    out: { type: "string", help: "The file; the next number in test/fixtures/<channel> by default." },
    nth: { type: "string", help: "1 is the last webhook (default), 2 the one before." },
    server: { type: "string", help: "http://127.0.0.1:8787 by default." },
  },
  async run({ words, options }) {
    const inboxId = need(words[0], "The inbox");
    const server = typeof options.server === "string" ? options.server : "http://127.0.0.1:8787";
    const response = await fetch(`${server}/simulator/api/recordings/${encodeURIComponent(inboxId)}`);
    if (!response.ok)
      return { ok: false, error: "The server records nothing; start it in demo with XIAOER_RECORD_WEBHOOKS=20." };
    const { items } = (await response.json()) as { items: readonly RecordedWebhook[] };
    const found = items[Number(options.nth ?? 1) - 1];
    if (found === undefined) return { ok: false, error: `${items.length} webhooks of ${inboxId} are recorded.` };
    if (isSealed(found.body))
      return {
        ok: false,
        error:
          "This body is encrypted for one account, and no fixture for others; record it in the platform's plain mode.",
      };
    const file = typeof options.out === "string" ? options.out : nextFile(found.channel);
    mkdirSync(dirname(file), { recursive: true });
    const source = `recorded ${new Date(found.at).toISOString().slice(0, 10)}, people replaced`;
    writeFileSync(
      file,
      `${JSON.stringify({ source, request: { body: found.body }, events: found.events }, null, 2)}\n`,
    );
    return { ...(await prove(found.channel, file)), file };
  },
};

/** WeChat's and Feishu's secure modes: only the account's own key opens them. */
function isSealed(body: unknown): boolean {
  if (typeof body === "string") return body.includes("<Encrypt>");
  return typeof body === "object" && body !== null && ("encrypt" in body || "Encrypt" in body);
}

function nextFile(channel: string): string {
  const folder = join("test/fixtures", channel);
  const numbers = existsSync(folder)
    ? readdirSync(folder).map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0))
    : [];
  return join(folder, `${String(Math.max(0, ...numbers) + 1).padStart(3, "0")}.json`);
}

/** Runs the kit's own check of the fixture where the channel comes with Xiaoer. */
async function prove(
  channel: string,
  file: string,
): Promise<{ readonly ok: boolean; readonly test: string; readonly error?: string }> {
  const { adapterChecks, builtInFolders, loadSuites, readFixtures } = await import("../testing.ts");
  const name = basename(file, ".json");
  const test = `reads ${name}`;
  for (const folder of builtInFolders()) {
    const suite = (await loadSuites(folder)).find((one) => one.channel.channel === channel);
    if (suite === undefined) continue;
    const fixtures = readFixtures(dirname(file)).filter((fixture) => fixture.name === name);
    const check = adapterChecks({ ...suite, fixtures }).find((one) => one.name === test);
    try {
      await check?.run();
      return { ok: true, test };
    } catch (error) {
      return { ok: false, test, error: error instanceof Error ? error.message : String(error) };
    }
  }
  return { ok: true, test: `run xiaoer conform on the folder of ${channel}` };
}
