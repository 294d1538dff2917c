import type { Context } from "hono";
import type { Channel } from "../core/adapter.ts";
import type { Topic } from "../core/live.ts";
import type { User } from "../core/ports.ts";
import type { Seal } from "../core/seal.ts";
import type { Deps } from "../desk/deps.ts";
import type { Simulator } from "./simulator.ts";

/** The person behind a desk request. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: User["role"];
  readonly shopId: string;
  readonly tokenHash: string;
  readonly csrf: string;
}

export interface Env {
  Variables: { requestId: string; actor?: Actor };
  // biome-ignore lint/suspicious/noExplicitAny: each runtime puts its own things here
  Bindings: any;
}
export type Ctx = Context<Env>;

/** How passwords are hashed on this runtime; `security.md` AU-1. */
export interface Passwords {
  hash(password: string): Promise<string>;
  /** Costs the same for an unknown account (`stored` undefined) as for a known one. */
  verify(password: string, stored: string | undefined): Promise<{ readonly ok: boolean; readonly rehash: boolean }>;
}

/** What the HTTP surface needs besides the desk. */
export interface HttpDeps {
  readonly desk: Deps;
  readonly channels: readonly Channel[];
  readonly seal: Seal;
  readonly passwords: Passwords;
  readonly publicUrl: string;
  readonly demo: boolean;
  readonly version: string;
  readonly metricsToken?: string;
  /** The caller's network address, as this runtime knows it. */
  readonly addressOf: (c: Ctx) => string;
  readonly isLoopback: (c: Ctx) => boolean;
  /** Serves a live stream: WebSocket or SSE, here or in a Durable Object. */
  readonly openStream: (c: Ctx, stream: StreamRequest) => Promise<Response> | Response;
  /** A built page or script, by its path below `dist/web`. */
  readonly asset: (
    path: string,
    /** The browser's `Accept-Encoding`. */
    accepted?: string,
  ) => Promise<
    { readonly body: Uint8Array<ArrayBuffer> | string; readonly type: string; readonly encoding?: string } | undefined
  >;
  /** Tags of the migrations this build expects. */
  readonly migrations: readonly string[];
  /** Prometheus text of this process. */
  readonly metrics?: () => Promise<string>;
  /** Mints a demo member's identity token; only in demo. */
  readonly demoIdentity?: (memberId: string) => Promise<string | undefined>;
  /** Fake platforms to try the channels with; only in demo. */
  readonly simulator?: Simulator;
}

export interface StreamRequest {
  readonly topic: Topic;
  readonly after: number | undefined;
  readonly kind: "visitor" | "desk";
  /** Still allowed? Asked every few seconds, so that a revoked login or token ends the stream. */
  readonly credential: string;
  readonly protocol: string | undefined;
}
