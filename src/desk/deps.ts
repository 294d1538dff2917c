import type { Commerce } from "../core/commerce.ts";
import type { Decider } from "../core/decide.ts";
import type { Knowledge } from "../core/knowledge.ts";
import type { Hub } from "../core/live.ts";
import type { Inboxes, Logger, Shop, Store } from "../core/ports.ts";
import type { ShopSettings } from "../core/shop.ts";
import type { Skill } from "../core/skill.ts";
import type { Flows } from "./flows.ts";
import type { Lanes } from "./lanes.ts";
import type { Templates } from "./templates.ts";

/** Everything the desk works with, handed in by the entry files and by tests. */
export interface Deps {
  readonly store: Store;
  readonly inboxes: Inboxes;
  readonly knowledge: Knowledge;
  readonly commerce: Commerce;
  /** A made-up customer and the shop they buy from: what an answer is tried with by who may see nobody's orders. */
  readonly sample: { readonly commerce: Commerce; readonly memberId: string; readonly name: string };
  readonly skills: readonly Skill[];
  readonly rules: readonly Decider[];
  readonly flows: Flows;
  /** Whether a text as a whole fits an RE2 pattern. */
  readonly fits: (pattern: string, text: string) => boolean;
  readonly templates: Templates;
  /** The one door out; `security.md` §9. */
  readonly fetch: typeof fetch;
  readonly hub: Hub;
  readonly log: Logger;
  readonly now: () => number;
  readonly newId: (prefix: string) => string;
  /** In [0, 1): jitter. */
  readonly random: () => number;
  /** One at a time for each contact. */
  readonly lanes: Lanes;
  /** Keeps work after the response alive: `waitUntil` on Workers, a set to drain at SIGTERM on Node. */
  readonly background: (work: Promise<unknown>) => void;
  /** A signed path to a stored file, good for `ttlMs`. */
  readonly filePath: (fileId: string, ttlMs: number) => Promise<string>;
  /** Where this deployment is reached: platforms fetch files from here. */
  readonly publicUrl: () => string;
  readonly shop: (id: string) => Promise<Shop & { readonly rules: ShopSettings }>;
  /** Where a decided message is answered and a delivery sent when not here at once: Queues on Workers. */
  readonly enqueue?: (job: Job) => Promise<void>;
}

/** Work already recorded as a row; the job only says where to look first. */
export type Job =
  | { readonly kind: "answer"; readonly shopId: string; readonly messageId: string }
  | { readonly kind: "deliver"; readonly deliveryId: string }
  | { readonly kind: "media"; readonly shopId: string; readonly messageId: string; readonly leaseUntil: number };
