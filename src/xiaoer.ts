/** The framework's door: what a shop's deployment is made of. Arguments to one function, no container. */
import { builtInChannels } from "../adapters/index.ts";
import { buildIndex, buildIndexInSteps, restoreIndex, validatePattern } from "../knowledge/index.ts";
import { compilePattern, type Pattern } from "../knowledge/pattern.ts";
import { createDemoShop } from "./commerce/demo-shop.ts";
import { withResilience } from "./commerce/resilience.ts";
import type { AdapterDeps, Channel, HomeName } from "./core/adapter.ts";
import type { Commerce } from "./core/commerce.ts";
import type { Decider } from "./core/decide.ts";
import { newId } from "./core/ids.ts";
import type { Hub } from "./core/live.ts";
import type { Logger, Shop, Store } from "./core/ports.ts";
import type { Seal } from "./core/seal.ts";
import { type ShopSettings, shopSettingsSchema } from "./core/shop.ts";
import type { Skill } from "./core/skill.ts";
import type { Deps } from "./desk/deps.ts";
import { filePath, linkEnd } from "./desk/file-links.ts";
import { createFlows } from "./desk/flows.ts";
import { createInboxes, type InboxRegistry } from "./desk/inboxes.ts";
import { createIndexCopies } from "./desk/index-copies.ts";
import { createKnowledge, type Engine as KnowledgeEngine } from "./desk/knowledge.ts";
import { createLanes } from "./desk/lanes.ts";
import { createTemplates } from "./desk/templates.ts";
import { builtInFlows } from "./skills/flows/index.ts";
import { builtInSkills } from "./skills/index.ts";

export { builtInChannels } from "../adapters/index.ts";
export { defineChannel } from "./core/adapter.ts";
export { defineSkill } from "./core/skill.ts";
export { builtInSkills } from "./skills/index.ts";

/** What a deployment adds to or puts in place of what is built in. */
export interface XiaoerOptions {
  /** @default every built-in channel */
  readonly channels?: readonly Channel[];
  /** Where orders, products and customers come from. @default the demo shop in demo, nothing otherwise */
  readonly commerce?: Commerce;
  /** What articles can call. @default every built-in skill */
  readonly skills?: readonly Skill[];
  /** Extra deciders, pure, tried in order before the built-in ones that follow an explicit wish for a person. */
  readonly rules?: readonly Decider[];
}

export interface Xiaoer {
  readonly channels: readonly Channel[];
  readonly commerce: Commerce | undefined;
  readonly skills: readonly Skill[];
  readonly rules: readonly Decider[];
}

/**
 * @example
 * ```ts
 * import { createXiaoer } from "xiaoer";
 * export default createXiaoer({ rules: [({ text }) => undefined] });
 * ```
 */
export function createXiaoer(options: XiaoerOptions = {}): Xiaoer {
  return {
    channels: options.channels ?? builtInChannels,
    commerce: options.commerce,
    skills: options.skills ?? builtInSkills,
    rules: options.rules ?? [],
  };
}

/** What a home (Node, Workers, a test) brings. */
export interface Home {
  readonly name: HomeName;
  readonly store: Store;
  readonly hub: Hub;
  readonly seal: Seal;
  readonly log: Logger;
  readonly fetch: typeof fetch;
  /** The same door for what is no HTTP. */
  readonly resolve?: AdapterDeps["resolve"];
  readonly commerce: Commerce;
  readonly demo: boolean;
  readonly publicUrl: () => string;
  readonly now: () => number;
  readonly random: () => number;
  readonly background: (work: Promise<unknown>) => void;
  readonly enqueue?: Deps["enqueue"];
}

/** How long a shop's settings may be out of date. */
const SHOP_FRESH_MS = 2000;

/** Bytes of an index kept for the next start: a Worker has 128 MB for all it does, and holds such a copy three times while it reads it. */
const LARGEST_COPY: Readonly<Record<HomeName, number>> = { node: 128_000_000, workers: 16_000_000 };

/** The shop's own words are added to the dictionary the engine ships with. */
const engine: KnowledgeEngine = {
  build: (articles, dictionary) => buildIndex(articles, dictionary),
  buildInSteps: (articles, dictionary) => buildIndexInSteps(articles, dictionary),
  validatePattern,
};

/** Puts a deployment and its home together. */
export function assemble(xiaoer: Xiaoer, home: Home): { readonly desk: Deps; readonly inboxes: InboxRegistry } {
  const { store, now } = home;
  const shop = createShops(store, now);
  const inboxes = createInboxes({
    store,
    channels: xiaoer.channels,
    home: home.name,
    seal: home.seal,
    fetch: home.fetch,
    ...(home.resolve === undefined ? {} : { resolve: home.resolve }),
    now,
    demo: home.demo,
    log: home.log,
  });
  const desk: Deps = {
    store,
    inboxes,
    knowledge: createKnowledge({
      store,
      engine,
      settings: async (id) => (await shop(id)).rules,
      copies: createIndexCopies({
        restore: restoreIndex,
        store,
        largest: LARGEST_COPY[home.name],
        background: home.background,
        log: home.log,
      }),
    }),
    commerce: withResilience(xiaoer.commerce ?? home.commerce, { now, source: "shop" }),
    sample: { commerce: createDemoShop({ now }), memberId: "m-1001", name: "林小美" },
    skills: xiaoer.skills,
    rules: xiaoer.rules,
    templates: createTemplates(),
    flows: createFlows(store, builtInFlows, now),
    fits: createFits(),
    fetch: home.fetch,
    hub: home.hub,
    log: home.log,
    now,
    newId,
    random: home.random,
    lanes: createLanes(),
    background: home.background,
    filePath: (fileId, ttlMs) => filePath(home.seal, fileId, linkEnd(now(), ttlMs)),
    publicUrl: home.publicUrl,
    shop,
    ...(home.enqueue === undefined ? {} : { enqueue: home.enqueue }),
  };
  return { desk, inboxes };
}

const MOST_PATTERNS = 1000;

/** Compiled once, since a flow asks the same of everyone. A pattern that is refused fits nothing. */
function createFits(): Deps["fits"] {
  const compiled = new Map<string, Pattern | undefined>();
  return (pattern, text) => {
    if (!compiled.has(pattern)) {
      if (compiled.size >= MOST_PATTERNS) compiled.clear();
      compiled.set(pattern, compilePattern(`^(?:${pattern})$`));
    }
    return compiled.get(pattern)?.test(text) ?? false;
  };
}

function createShops(store: Pick<Store, "shop">, now: () => number): Deps["shop"] {
  const known = new Map<
    string,
    { readonly at: number; readonly shop: Promise<Shop & { readonly rules: ShopSettings }> }
  >();
  const load = async (id: string) => {
    const shop = await store.shop(id);
    if (shop === undefined) throw new Error(`There is no shop ${id}.`);
    return { ...shop, rules: shopSettingsSchema.parse(shop.settings) };
  };
  return (id) => {
    const found = known.get(id);
    if (found !== undefined && Math.abs(now() - found.at) < SHOP_FRESH_MS) return found.shop;
    const shop = load(id);
    known.set(id, { at: now(), shop });
    shop.catch(() => known.delete(id));
    return shop;
  };
}
