/** The flows of a shop: the shipped ones, and its own in their place or beside them. */
import type { FlowDefinition } from "../core/flow.ts";
import type { Store, StoredFlow } from "../core/ports.ts";

export interface ShopFlow {
  readonly definition: FlowDefinition;
  /** `shipped`: as it came; `changed`: the shop's own in its place; `own`: the shop's. */
  readonly origin: "shipped" | "changed" | "own";
  readonly stored?: StoredFlow;
}

export interface Flows {
  readonly shipped: readonly FlowDefinition[];
  /** What shoppers are asked; at most a few seconds behind. */
  get(shopId: string, id: string): Promise<FlowDefinition | undefined>;
  /** As stored at this moment. */
  list(shopId: string): Promise<readonly ShopFlow[]>;
}

/** How long a shop's flows may be out of date. */
const FRESH_MS = 2000;

export function createFlows(
  store: Pick<Store, "shopFlows">,
  shipped: readonly FlowDefinition[],
  now: () => number,
): Flows {
  const known = new Map<
    string,
    { readonly at: number; readonly flows: Promise<ReadonlyMap<string, FlowDefinition>> }
  >();
  const list = async (shopId: string): Promise<readonly ShopFlow[]> => {
    const stored = new Map((await store.shopFlows(shopId)).map((flow) => [flow.id, flow]));
    const own = [...stored.values()].filter(({ id }) => !shipped.some((flow) => flow.id === id));
    return [
      ...shipped.map((flow): ShopFlow => {
        const changed = stored.get(flow.id);
        return changed === undefined
          ? { definition: flow, origin: "shipped" }
          : { definition: changed.definition, origin: "changed", stored: changed };
      }),
      ...own.map((flow): ShopFlow => ({ definition: flow.definition, origin: "own", stored: flow })),
    ];
  };
  return {
    shipped,
    list,
    async get(shopId, id) {
      let found = known.get(shopId);
      if (found === undefined || Math.abs(now() - found.at) >= FRESH_MS) {
        const flows = list(shopId).then((all) => new Map(all.map(({ definition }) => [definition.id, definition])));
        found = { at: now(), flows };
        known.set(shopId, found);
        flows.catch(() => known.delete(shopId));
      }
      return (await found.flows).get(id);
    },
  };
}
