/** The shop's own flows, and what became of those who were asked. */
import type { FlowDefinition, StepFigures } from "../flow.ts";
import type { NewAudit } from "./operations.ts";

export interface StoredFlow {
  readonly id: string;
  readonly definition: FlowDefinition;
  /** Grows at every save. */
  readonly version: number;
  readonly by?: string;
  readonly updatedAt: number;
}

export interface ShopFlowStore {
  shopFlows(shopId: string): Promise<readonly StoredFlow[]>;
  /** `seen` absent makes it new. Undefined: there is one already, or somebody else saved first. */
  saveShopFlow(
    flow: {
      readonly shopId: string;
      readonly definition: FlowDefinition;
      readonly seen?: number;
      readonly by: string;
      readonly now: number;
    },
    audit: NewAudit,
  ): Promise<StoredFlow | undefined>;
  deleteShopFlow(shopId: string, id: string, audit: NewAudit): Promise<boolean>;
  /** By step; a run whose last mark is older than `silentSince` and no end of it was abandoned there. */
  flowFigures(input: {
    readonly shopId: string;
    readonly flowId: string;
    readonly since: number;
    readonly silentSince: number;
  }): Promise<readonly StepFigures[]>;
}
