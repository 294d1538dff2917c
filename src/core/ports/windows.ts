/** Send windows, what was sent by which route, and the templates of each inbox. */
import type { Template } from "../template.ts";
import type { WindowFacts } from "../window.ts";
import type { NewAudit } from "./operations.ts";

export interface UsageRow {
  /** `yyMMdd` of the shop's day. */
  readonly day: string;
  readonly route: string;
  readonly count: number;
}

export interface WindowStore {
  /** Of the conversation a delivery is for; undefined: there is none. */
  windowFacts(conversationId: string): Promise<WindowFacts | undefined>;
  /** What an inbox sent from a day on, oldest day first. */
  usage(shopId: string, inboxId: string, fromDay: string): Promise<readonly UsageRow[]>;
  /** By name. */
  templates(shopId: string, inboxId: string): Promise<readonly Template[]>;
  template(shopId: string, id: string): Promise<Template | undefined>;
  /** False: the inbox has this template of the platform already. */
  createTemplate(template: Template, audit: NewAudit): Promise<boolean>;
  deleteTemplate(shopId: string, inboxId: string, id: string, audit: NewAudit): Promise<boolean>;
}
