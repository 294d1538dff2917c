import type { Skill } from "../core/skill.ts";
import { logistics } from "./logistics.ts";
import { orderStatus } from "./order-status.ts";

export { logistics, orderStatus };

/** Every skill the project brings. Their facts differ; only the skill that gathered them reads them. */
export const builtInSkills: readonly Skill[] = [orderStatus, logistics];
