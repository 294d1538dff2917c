import type { Channel } from "../src/core/adapter.ts";
import { telegram } from "./telegram/index.ts";
import { web } from "./web/index.ts";

/** The channels that come with Xiaoer. Naming one costs its schema only: what is heavy is imported when an inbox is made of it. */
export const builtInChannels: readonly Channel[] = [web, telegram];
