/**
 * A whole exchange, from the platform's webhook to the answer at the platform, against the same done by hand:
 *
 *   node bench/exchanges/run.ts [--seconds 6] [--rounds 3] [--profile folder]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeArticles } from "../support/shop.ts";
import { median, ms, printTable } from "../support/table.ts";
import type { FromLoad, LoadRequest, LoadResult } from "./load.ts";
import { cpuSecondsOf, SECRET, type Served, startBare, startXiaoer } from "./servers.ts";

interface Measured extends LoadResult {
  /** Processor time of the server for one exchange; hardly depends on what else the machine does. */
  readonly cpuMs: number;
}

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "6" },
    rounds: { type: "string", default: "3" },
    profile: { type: "string" },
  },
});
const SECONDS = Number(values.seconds);
const ROUNDS = Number(values.rounds);
const USERS = 2000;
const CONCURRENCY = 64;

const articles = makeArticles(1000);
const load = fork(fileURLToPath(new URL("load.ts", import.meta.url)));
const nextFromLoad = async () => ((await once(load, "message")) as [FromLoad])[0];
const first = await nextFromLoad();
const platform = "platform" in first ? first.platform : "";

async function apply(server: Served, more: Pick<LoadRequest, "seconds"> & Partial<LoadRequest>): Promise<Measured> {
  const request: LoadRequest = {
    url: server.url,
    headers: { "x-telegram-bot-api-secret-token": SECRET },
    questions: articles.map(({ question }) => question),
    users: USERS,
    firstUser: 1_000_000,
    concurrency: CONCURRENCY,
    ...more,
  };
  const before = cpuSecondsOf(server);
  load.send(request);
  const answer = await nextFromLoad();
  if (!("result" in answer)) throw new Error("The load said something else.");
  if (answer.result.refused > 0) throw new Error(`${answer.result.refused} exchanges were refused or never answered.`);
  return { ...answer.result, cpuMs: ((cpuSecondsOf(server) - before) * 1000) / answer.result.exchanges };
}

const flags = values.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
const servers = {
  "by hand": await startBare({ port: 18_701, platform, articles }),
  xiaoer: await startXiaoer({ port: 18_702, platform, articles, flags }),
};
const full: Record<string, Measured[]> = { "by hand": [], xiaoer: [] };
try {
  // Everybody is known and the code is warm before anything is counted.
  for (const server of Object.values(servers)) await apply(server, { seconds: 3 });
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, server] of Object.entries(servers)) full[name]?.push(await apply(server, { seconds: SECONDS }));
  }
  const rate = (name: string) => median((full[name] ?? []).map(({ perSecond }) => perSecond));
  const limit = rate("by hand");
  const cpu = (name: string) => median((full[name] ?? []).map(({ cpuMs }) => cpuMs));
  printTable(
    `Exchanges: webhook, commit, answer out of ${articles.length} articles, commit, send, commit; ${CONCURRENCY} at once, median of ${ROUNDS} rounds of ${SECONDS} s`,
    ["", "exchanges/s", "of the limit", "p50", "p99", "webhook p99", "CPU each", "of the limit"],
    Object.keys(servers).map((name) => [
      name,
      Math.round(rate(name)),
      `${((100 * rate(name)) / limit).toFixed(0)} %`,
      ...(["p50", "p99", "ackP99"] as const).map((key) => ms(median((full[name] ?? []).map((one) => one[key])))),
      ms(cpu(name)),
      `${((100 * cpu("by hand")) / cpu(name)).toFixed(0)} %`,
    ]),
  );
  const half = Math.round(rate("xiaoer") / 2);
  const paced = [];
  for (const [name, server] of Object.entries(servers)) {
    const { p50, p99, ackP99 } = await apply(server, { seconds: SECONDS, concurrency: 512, perSecond: half });
    paced.push([name, half, ms(p50), ms(p99), ms(ackP99)]);
  }
  printTable(
    "Half that load, each exchange begun when it is due",
    ["", "exchanges/s", "p50", "p99", "webhook p99"],
    paced,
  );
} finally {
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  load.kill();
}
