import assert from "node:assert/strict";
import { z } from "zod";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { createFakeClock, createFakeState, type FakeClock, toWebhookRequest } from "../../adapters/shared/fake.ts";
import type { Adapter, Channel, InboundEvent, Receipt } from "../core/adapter.ts";
import { SignatureError, XiaoerError } from "../core/errors.ts";

/** What a channel brings to be tested. */
export interface AdapterSuite<Config> {
  readonly channel: Channel<Config>;
  /** As a merchant types it; secrets long enough to be found in a log. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Absent for a channel that no platform calls. */
  readonly createFake?: CreateFake<Config>;
  /** The same configuration with another webhook secret. */
  readonly otherSecret: Readonly<Record<string, unknown>>;
  readonly fixtures: readonly Fixture[];
  /** Names of checks that cannot hold here, each with its reason. */
  readonly skip?: Readonly<Record<string, string>>;
}

export type CreateFake<Config> = (config: Config, options: { readonly clock: FakeClock }) => FakePlatform;

/** A body as the vendor documents it, and what it means. */
export interface Fixture {
  readonly name: string;
  /** The vendor's page the shape is from, or the date of capture. */
  readonly source: string;
  readonly request: { readonly body: unknown };
  /** `raw` of `unsupported` is left out: it is the body. */
  readonly events: readonly object[];
}

export const SECTIONS = ["config", "signature", "inbound", "outbound", "failure"] as const;
export type Section = (typeof SECTIONS)[number];

export interface AdapterCheck {
  readonly section: Section;
  readonly name: string;
  run(): Promise<void>;
}

/** One adapter with its platform, fresh for each check; every error and receipt it gives is searched for secrets. */
export interface Bench {
  readonly adapter: Adapter;
  readonly fake: FakePlatform;
  /** Posts a request; the adapter's events. */
  receive(request: Request): Promise<readonly InboundEvent[]>;
  /** As `receive`, for bodies that need not be right: undefined when refused as they should be. */
  receiveAnything(body: unknown): Promise<readonly InboundEvent[] | undefined>;
}

export async function createBench<Config>(suite: AdapterSuite<Config>): Promise<Bench> {
  assert(suite.createFake, "This check needs a fake platform.");
  const config = suite.channel.config.parse(suite.config);
  const clock = createFakeClock();
  const fake = suite.createFake(config, { clock });
  const deps = { inboxId: "in_1", fetch: fake.fetch, now: clock.now, state: createFakeState(clock), timeoutMs: 60 };
  const adapter = guard(await suite.channel.create(config, deps), secretsOf(suite));
  /** As the desk does: what came is stored, and then a pull cursor moves. */
  const receive = async (request: Request) => {
    const received = await adapter.receive(await toWebhookRequest(request));
    await received.commit?.();
    return received.events;
  };
  return {
    adapter,
    fake,
    receive,
    async receiveAnything(body) {
      try {
        return await receive(await fake.sign(body));
      } catch (error) {
        assert(error instanceof XiaoerError, `Only the project's own errors may be thrown, not: ${error}`);
        // A body that names another account is refused as if unsigned.
        const isForeign = error instanceof SignatureError && error.cause === "another_account";
        assert(
          isForeign || error.code === "channel.payload_invalid",
          `${error.code} instead of channel.payload_invalid`,
        );
        return undefined;
      }
    },
  };
}

/** The values of the fields that the configuration marks as secret. */
export function secretsOf<Config>(suite: AdapterSuite<Config>): readonly string[] {
  return secretFieldsOf(suite.channel).flatMap((name) => {
    const value = suite.config[name];
    return typeof value === "string" ? [value] : [];
  });
}

export function secretFieldsOf(channel: Pick<Channel, "config">): readonly string[] {
  const schema = z.toJSONSchema(channel.config, { io: "input" });
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    typeof property === "object" && property.secret === true ? [name] : [],
  );
}

function guard(adapter: Adapter, secrets: readonly string[]): Adapter {
  const search = (said: string) => {
    for (const secret of secrets) assert(!said.includes(secret), "A secret shows in an error or a receipt.");
  };
  return {
    ...adapter,
    receive: (request) =>
      adapter.receive(request).catch((error: unknown) => {
        search(wordsOf(error));
        throw error;
      }),
    async send(message, options) {
      const receipt: Receipt = await adapter.send(message, options);
      search(JSON.stringify(receipt));
      if (!receipt.ok) assert(!receipt.detail.includes("CANARY"), "A receipt quotes the message.");
      return receipt;
    },
  };
}

/** All a logger would write of an error. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return [error.message, error.stack, JSON.stringify(error), error.cause && wordsOf(error.cause)].join("\n");
}

export async function assertRefused(promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error: unknown) => error instanceof SignatureError);
}
