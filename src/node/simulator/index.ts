/** The channels without an account there: each built-in fake platform with an inbox of its own, in demo only. */
import { FakeNetworkError } from "../../../adapters/shared/fake.ts";
import type { Channel } from "../../core/adapter.ts";
import { InvalidError } from "../../core/errors.ts";
import type { Store } from "../../core/ports.ts";
import type { InboxRegistry } from "../../desk/inboxes.ts";
import { SHOP_ID } from "../../desk/seed.ts";
import type { Simulator } from "../../http/simulator.ts";
import {
  type Bubble,
  type PlayedEvent,
  SIMULATED_FAILURES,
  type SimulatedChannel,
} from "../../http/simulator-contract.ts";
import { createRecorder } from "../recorder.ts";
import { toFakeEvent, wordsOf } from "./events.ts";
import { readPhone } from "./phone.ts";
import { createPlatform, type Platform } from "./platform.ts";
import { toNative } from "./trace.ts";

/** Inboxes of the simulator; a fake forgets everything at a restart, so each run has inboxes of its own. */
const PREFIX = "sim-";

export interface NodeSimulator extends Simulator {
  /** The shop's clock, which the simulator may move. */
  readonly now: () => number;
  /** The channels, except that adapters of simulated inboxes meet a fake platform and never the network. */
  wrap(channels: readonly Channel[]): readonly Channel[];
}

export interface SimulatorDeps {
  readonly now: () => number;
  readonly fetch: typeof fetch;
  readonly publicUrl: () => string;
  /** How many webhooks of each inbox are kept. */
  readonly recorded: number;
  readonly home: () => { readonly store: Store; readonly inboxes: InboxRegistry };
}

export function createSimulator(deps: SimulatorDeps): NodeSimulator {
  const run = deps.now().toString(36);
  const said = new Map<string, Bubble[]>();
  const byInbox = new Map<string, Platform>();
  const opened = new Map<string, Promise<void>>();
  let movedMs = 0;
  let all: Promise<ReadonlyMap<string, Platform>> | undefined;
  let cleaned: Promise<void> | undefined;
  let count = 0;
  const now = () => deps.now() + movedMs;
  const recorder = deps.recorded > 0 ? createRecorder(deps.recorded, now) : undefined;
  const advance = (ms: number) => {
    movedMs += ms;
  };

  /** Loaded when somebody first looks: a demo that nobody simulates pays nothing. */
  async function load(): Promise<ReadonlyMap<string, Platform>> {
    const { builtInFolders, loadSuites } = await import("../../testing/load.ts");
    const suites = (await Promise.all(builtInFolders().map((folder) => loadSuites(folder)))).flat();
    const { inboxes } = deps.home();
    const platforms = new Map<string, Platform>();
    for (const { channel } of inboxes.channels) {
      const suite = suites.find((one) => one.channel.channel === channel);
      if (suite === undefined) continue;
      const inboxId = `${PREFIX}${channel}-${run}`;
      const isOwn = (url: URL) => url.origin === new URL(deps.publicUrl()).origin;
      const platform = createPlatform({ suite, inboxId, now, advance, fetch: deps.fetch, isOwn });
      if (platform === undefined) continue;
      platforms.set(channel, platform);
      byInbox.set(inboxId, platform);
    }
    return platforms;
  }
  const platforms = () => {
    all ??= load();
    return all;
  };

  /** An inbox for a channel when it is first written to; those of earlier runs go. */
  function open(platform: Platform): Promise<void> {
    const making = opened.get(platform.inboxId) ?? make(platform);
    opened.set(platform.inboxId, making);
    return making;
  }

  async function make({ channel, config, inboxId }: Platform): Promise<void> {
    const { store, inboxes } = deps.home();
    cleaned ??= cleanUp(store);
    await cleaned;
    const base = { id: inboxId, shopId: SHOP_ID, channel: channel.channel };
    const checked = inboxes.check(channel.channel, config);
    await store.createInbox({
      ...base,
      name: `${channel.title.zh} · 模拟`,
      config: await inboxes.sealConfig(base, checked),
      state: "active",
      version: 1,
      createdAt: now(),
    });
  }

  async function cleanUp(store: Store): Promise<void> {
    const old = (await store.inboxes(SHOP_ID)).filter(({ id }) => id.startsWith(PREFIX) && !id.endsWith(`-${run}`));
    for (const { id } of old) await store.deleteInbox(SHOP_ID, id, now());
  }

  async function play(
    platform: Platform,
    { person, event }: { readonly person: number; readonly event: PlayedEvent },
    post: (request: Request) => Promise<Response>,
  ): Promise<void> {
    const { fake, inboxId, trace } = platform;
    await open(platform);
    const userId = fake.people[person === 1 ? 1 : 0];
    const played = toFakeEvent(event, userId, fake.plays);
    const webhook = await platform.act(() => signed(async () => fake.webhook(played)));
    const at = now();
    const url = new URL(`/webhooks/${inboxId}${new URL(webhook.url).search}`, deps.publicUrl());
    const native = await toNative(webhook.clone());
    const response = await post(
      new Request(url, { method: webhook.method, headers: webhook.headers, body: await webhook.arrayBuffer() }),
    );
    const answer = { status: response.status, ...(await toNative(response)) };
    trace.add({ kind: "webhook", at, title: `POST /webhooks/${inboxId}`, request: native, response: answer }, userId);
    count += 1;
    const bubble: Bubble = {
      id: `s${count}`,
      from: "shopper",
      at,
      text: wordsOf(played),
      buttons: [],
      kind: event.type,
      status: response.status,
    };
    const key = `${inboxId}:${person}`;
    said.set(key, [...(said.get(key) ?? []), bubble].slice(-200));
  }

  return {
    now,
    advance,
    ...(recorder === undefined ? {} : { recordings: recorder.recordings }),
    wrap(channels) {
      const met = channels.map((channel) => throughFakes(channel, byInbox));
      return recorder?.wrap(met) ?? met;
    },
    async state() {
      const channels = [...(await platforms()).values()].map(({ channel, fake }): SimulatedChannel => {
        const { plays, people } = fake;
        const failures = SIMULATED_FAILURES.filter(
          (failure) => failure !== "window" || channel.capabilities.replyWindowMs !== undefined,
        );
        return { channel: channel.channel, title: channel.title, plays, people, failures };
      });
      return { channels, now: now(), movedMs };
    },
    async phone(channel, person) {
      const platform = (await platforms()).get(channel);
      if (platform === undefined) return undefined;
      const { inboxId } = platform;
      if (!opened.has(inboxId)) return { channel, person, bubbles: [], trace: [] };
      const bubbles = said.get(`${inboxId}:${person}`) ?? [];
      return readPhone(deps.home().store, platform, { person, said: bubbles, publicUrl: deps.publicUrl() });
    },
    async play({ channel, ...action }, post) {
      const platform = (await platforms()).get(channel);
      if (platform === undefined) return false;
      await play(platform, action, post);
      return true;
    },
    async fail(channel, failure, times) {
      const platform = (await platforms()).get(channel);
      if (platform === undefined) return false;
      if (failure === "window") platform.closeWindow();
      else platform.fake.fail(failure, times);
      return true;
    },
  };
}

/** What a fake cannot do it says by throwing. */
async function signed(sign: () => Promise<Request>): Promise<Request> {
  try {
    return await sign();
  } catch (error) {
    throw new InvalidError(
      "simulator.not_possible",
      error instanceof Error ? error.message : "That is not possible there.",
    );
  }
}

function throughFakes(channel: Channel, platforms: ReadonlyMap<string, Platform>): Channel {
  return {
    ...channel,
    create(config, deps) {
      if (!deps.inboxId.startsWith(PREFIX)) return channel.create(config, deps);
      const nobody = () => Promise.reject(new FakeNetworkError("ECONNREFUSED"));
      return channel.create(config, { ...deps, fetch: platforms.get(deps.inboxId)?.fetch ?? nobody });
    },
  };
}
