/** One simulated channel: its fake platform, and the door through which its adapter meets it. */
import { FakeNetworkError, type FakePlatform } from "../../../adapters/shared/fake.ts";
import type { Channel } from "../../core/adapter.ts";
import type { AdapterSuite } from "../../testing/suite.ts";
import { createTrace, toNative } from "./trace.ts";

/** Past the end of a window by this much, which no rounding undoes. */
const WELL_PAST_MS = 60_000;

export interface Platform {
  readonly channel: Channel;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inboxId: string;
  readonly fake: FakePlatform;
  readonly trace: ReturnType<typeof createTrace>;
  /** What the adapter has for a network: the platform and the shop's own files. */
  readonly fetch: typeof fetch;
  /** The platform will think that a shopper's next message is too old to be answered. */
  closeWindow(): void;
  /** A shopper acts: time is as it should be, until the answer if a closed window is asked for. */
  act<T>(work: () => Promise<T>): Promise<T>;
}

export interface PlatformDeps {
  readonly suite: AdapterSuite<unknown>;
  readonly inboxId: string;
  readonly now: () => number;
  readonly advance: (ms: number) => void;
  /** The real network, for files of the shop itself. */
  readonly fetch: typeof fetch;
  readonly isOwn: (url: URL) => boolean;
}

export function createPlatform({ suite, inboxId, ...deps }: PlatformDeps): Platform | undefined {
  if (suite.createFake === undefined) return undefined;
  let skewMs = 0;
  let skewNextMs = 0;
  const clock = { now: () => deps.now() + skewMs, advance: deps.advance };
  const fake = suite.createFake(suite.channel.config.parse(suite.config), { clock });
  const trace = createTrace();
  const { replyWindowMs } = suite.channel.capabilities;
  return {
    channel: suite.channel,
    config: suite.config,
    inboxId,
    fake,
    trace,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      if (deps.isOwn(new URL(request.url))) return deps.fetch(request);
      const at = deps.now();
      const title = `${request.method} ${titleOf(request.url)}`;
      const native = await toNative(request.clone());
      try {
        const response = await fake.fetch(request);
        const answer = { status: response.status, ...(await toNative(response.clone())) };
        trace.add({ kind: "call", at, title, request: native, response: answer });
        return response;
      } catch (error) {
        const isBroken = error instanceof FakeNetworkError || request.signal.aborted;
        trace.add({ kind: "call", at, title, request: native, error: isBroken ? causeOf(error) : "refused" });
        throw error;
      }
    },
    closeWindow() {
      skewNextMs = (replyWindowMs ?? 0) + WELL_PAST_MS;
    },
    async act(work) {
      skewMs = 0;
      const done = await work();
      skewMs = skewNextMs;
      skewNextMs = 0;
      return done;
    },
  };
}

/** Without what might be a credential: tokens stand in paths and queries too. */
function titleOf(address: string): string {
  const { host, pathname } = new URL(address);
  return `${host}${pathname.replace(/\/bot[^/]+/, "/bot••••")}`;
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return "aborted";
  const { cause } = error;
  return cause instanceof Error ? cause.message : error.name;
}
