import type { Skill } from "../core/skill.ts";
import { changeAddress } from "./change-address.ts";
import { couponGap } from "./coupon-gap.ts";
import { logistics } from "./logistics.ts";
import { orderStatus } from "./order-status.ts";
import { returnGuide } from "./return-guide.ts";

export { changeAddress, couponGap, logistics, orderStatus, returnGuide };

/** Every skill the project brings. Their facts differ; only the skill that gathered them reads them. */
export const builtInSkills: readonly Skill[] = [orderStatus, logistics, returnGuide, changeAddress, couponGap];
