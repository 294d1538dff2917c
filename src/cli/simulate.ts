import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PlayedEvent, SimulatedPhone } from "../http/simulator-contract.ts";
import { type Command, need, UsageError } from "./command.ts";

const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 50;

export const simulate: Command = {
  name: "simulate",
  takes: ["<text>"],
  help: "Say something to a shop of its own as a shopper on a channel, and show the answer and every payload.",
  options: {
    channel: { type: "string", help: "telegram by default." },
    tap: { type: "string", help: "Then tap the button with this label." },
    fail: { type: "string", help: "What goes wrong with the first call: 429, 500, timeout, window …" },
  },
  async run({ words, options, env }) {
    const text = need(words.join(" "), "What to say");
    const channel = typeof options.channel === "string" ? options.channel : "telegram";
    return withShop(env, async (call) => {
      if (typeof options.fail === "string") await call(`phones/${channel}/failures`, { failure: options.fail });
      let phone = await say(call, channel, { type: "text", text });
      if (typeof options.tap === "string") phone = await say(call, channel, { type: "tap", label: options.tap });
      const isAnswered = phone.bubbles.some(({ from }) => from === "shop");
      return { ok: isAnswered, channel, talk: phone.bubbles, trace: phone.trace };
    });
  },
  print(answer) {
    const { talk, trace } = answer as Answer; // what run answers
    const lines = talk.map(({ from, text, buttons }) => {
      const tappable = buttons.map((label) => ` [${label}]`).join("");
      return `${from === "shop" ? "◀" : "▶"} ${text.replaceAll("\n", "\n  ")}${tappable}`;
    });
    return [...lines, "", ...trace.map(step)].join("\n");
  },
};

interface Answer {
  readonly talk: SimulatedPhone["bubbles"];
  readonly trace: SimulatedPhone["trace"];
}

function step(entry: SimulatedPhone["trace"][number]): string {
  if (entry.kind === "said") {
    const state = [entry.delivery, entry.detail].filter(Boolean).join(": ");
    return `── said by ${entry.author} (${state})\n${pretty(entry.content)}\n── lowered to ${entry.lowered.length}\n${pretty(entry.lowered)}`;
  }
  const status = entry.response?.status ?? entry.error ?? "";
  const arrow = entry.kind === "webhook" ? "platform → xiaoer" : "xiaoer → platform";
  return `── ${arrow}  ${entry.title}  ${status}\n${pretty(entry.request.body)}`;
}

const pretty = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

type Call = <T>(path: string, body?: unknown) => Promise<T>;

/** A demo shop on a free port with a database that is gone afterwards. */
async function withShop<T>(
  env: Readonly<Record<string, string | undefined>>,
  work: (call: Call) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "xiaoer-simulate-"));
  const { start } = await import("../node.ts");
  const running = await start({
    PORT: "0",
    XIAOER_DEMO: "1",
    DATABASE_URL: `file:${join(folder, "xiaoer.db")}`,
    LOG_LEVEL: "silent",
    ...(env.XIAOER_CONFIG === undefined ? {} : { XIAOER_CONFIG: env.XIAOER_CONFIG }),
  });
  const call: Call = async (path, body) => {
    const init =
      body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(`${running.url}/simulator/api/${path}`, init);
    const answer = response.status === 204 ? undefined : await response.json();
    if (!response.ok) throw new UsageError(String(answer.detail));
    return answer;
  };
  try {
    return await work(call);
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says it, and waits until the shop has said all it has to say. */
async function say(call: Call, channel: string, event: PlayedEvent): Promise<SimulatedPhone> {
  const before = await call<SimulatedPhone>(`phones/${channel}`);
  let phone = await call<SimulatedPhone>(`phones/${channel}/events`, { event });
  const saidBefore = saidIn(before).length;
  for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_EVERY_MS) {
    const said = saidIn(phone);
    if (said.length > saidBefore && said.every(({ delivery }) => delivery !== "pending")) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    phone = await call<SimulatedPhone>(`phones/${channel}`);
  }
  return phone;
}

function saidIn(phone: SimulatedPhone) {
  return phone.trace.filter((entry) => entry.kind === "said");
}
