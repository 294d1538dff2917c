import assert from "node:assert/strict";
import { toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { InboundEvent } from "../core/adapter.ts";
import { SignatureError } from "../core/errors.ts";
import { HOSTILE_JSON, HOSTILE_XML } from "./nastiness.ts";
import { type AdapterCheck, type AdapterSuite, type Bench, createBench, secretsOf } from "./suite.ts";
import { createTalk } from "./talk.ts";

/** A body that takes longer than this to refuse is a weapon. */
const PATIENCE_MS = 2000;
const DAY_MS = 24 * 3_600_000;

/** What somebody would send who means harm, or a network that delivers twice. */
export function hostileChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (
    section: "signature" | "inbound",
    name: string,
    run: (bench: Bench) => Promise<void>,
  ): AdapterCheck => ({
    section,
    name,
    run: async () => run(await createBench(suite)),
  });
  return [
    check("signature", "takes a replayed request for the same, or refuses it", async ({ adapter, fake }) => {
      const request = await toWebhookRequest(await fake.webhook({ type: "text", userId: fake.people[0], text: "hi" }));
      const first = idsOf((await adapter.receive(request)).events);
      assert(first.length > 0);
      for (const pauseMs of [0, 1000, DAY_MS]) {
        fake.clock.advance(pauseMs);
        const again = await adapter.receive(request).catch((error: unknown) => {
          assert(error instanceof SignatureError, `A replay was answered with ${error}`);
          return { events: [] };
        });
        for (const id of idsOf(again.events)) assert(first.includes(id), "A replay brings a new message.");
      }
    }),
    check("inbound", "survives hostile JSON", ({ receiveAnything }) => surviveAll(HOSTILE_JSON, receiveAnything)),
    check("inbound", "survives hostile XML", ({ receiveAnything }) => surviveAll(HOSTILE_XML, receiveAnything)),
    {
      section: "failure",
      name: "writes no secret and no message into a log",
      async run() {
        const { lines, restore } = watchConsole();
        try {
          const { fake, say, receiveAnything } = await createTalk(suite);
          await receiveAnything("{broken");
          for (const failure of ["401", "500", "reset"] as const) {
            fake.fail(failure);
            await say({ type: "text", text: "CANARY" });
          }
        } finally {
          restore();
        }
        const said = lines.join("\n");
        for (const secret of ["CANARY", ...secretsOf(suite)]) assert(!said.includes(secret), "A log line shows it.");
      },
    },
  ];
}

async function surviveAll(bodies: readonly string[], receive: Bench["receiveAnything"]): Promise<void> {
  for (const body of bodies) {
    const began = performance.now();
    const said = JSON.stringify((await receive(body)) ?? []);
    assert(performance.now() - began < PATIENCE_MS, `Reading ${body.slice(0, 40)} takes too long.`);
    assert(!said.includes("root:x:0"), "A file of the server shows.");
  }
  assert.equal(
    Object.getOwnPropertyDescriptor(Object.prototype, "polluted"),
    undefined,
    "A body changes every object.",
  );
}

function idsOf(events: readonly InboundEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === "message" ? [event.message.channelMessageId] : []));
}

const LEVELS = ["log", "info", "warn", "error", "debug", "trace"] as const;

function watchConsole(): { readonly lines: readonly string[]; restore(): void } {
  const lines: string[] = [];
  const before = LEVELS.map((level) => [level, console[level]] as const);
  for (const level of LEVELS) {
    console[level] = (...words: readonly unknown[]) => {
      lines.push(words.map((word) => (word instanceof Error ? `${word.stack}` : JSON.stringify(word))).join(" "));
    };
  }
  return {
    lines,
    restore: () => {
      for (const [level, write] of before) console[level] = write;
    },
  };
}
