import { type FlowDefinition, flowSchema } from "../../core/flow.ts";
import { askOrderNumber } from "./ask-order-number.ts";
import { returnGuideFlow } from "./return-guide.ts";

/** The flows every shop has until it writes its own under the same id. */
export const builtInFlows: readonly FlowDefinition[] = [askOrderNumber, returnGuideFlow].map((flow) =>
  flowSchema.parse(flow),
);
