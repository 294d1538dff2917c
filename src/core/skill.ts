import type { Commerce } from "./commerce.ts";
import type { Contact } from "./contact.ts";
import type { Content } from "./content.ts";
import type { Flow } from "./session.ts";
import type { HandoffCode } from "./ticket.ts";
import type { Tone } from "./tone.ts";

/**
 * What an article can call instead of speaking its own text: facts in, answer out.
 * `gather` does the I/O and never decides; `answer` decides and never does I/O, so it is tested by table.
 */
export interface Skill<Facts = unknown> {
  /** Named by articles: `order-status`. */
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  gather(input: SkillInput, sources: SkillSources): Promise<Facts>;
  answer(input: SkillInput, facts: Facts): SkillOutcome;
}

export interface SkillInput {
  readonly text: string;
  /** What a tapped choice stands for. */
  readonly value?: string;
  readonly contact: Pick<Contact, "id" | "shopId" | "level" | "memberId" | "name">;
  readonly flow?: Flow;
  /** What a declared flow has asked before it ended with this skill: `order`, `phone`. */
  readonly slots?: Readonly<Record<string, string>>;
  /** How the shop speaks here. @default the shipped warm tone */
  readonly tone?: Tone;
  /** The locale to answer in: `zh-CN`, `zh-TW`, `en` or `ja`. */
  readonly locale: string;
  readonly timeZone: string;
  readonly now: number;
}

export interface SkillSources {
  readonly commerce: Commerce;
  readonly signal?: AbortSignal;
  /**
   * Counts one try of an unproven contact to open an order with a second fact, before anything is looked up; false once the
   * contact or the order had its 5 tries in 15 minutes (`security.md` WD-4). Absent: only the flow's own count holds.
   */
  readonly tryProof?: (orderId: string) => Promise<boolean>;
}

/** What the choice "talk to a person" carries; whoever reads it hands over as if it had been asked for in words. */
export const PERSON_VALUE = "xiaoer:person";

export type SkillOutcome =
  /** `flow` set: the skill asked something and takes the next message. */
  | {
      readonly kind: "say";
      readonly contents: readonly Content[];
      readonly flow?: Flow;
      readonly orderIds?: readonly string[];
    }
  /** A person must decide; `contents` are said first. */
  | {
      readonly kind: "handoff";
      readonly code: HandoffCode;
      readonly words: string;
      readonly contents: readonly Content[];
    }
  /** Not a matter for this skill after all: a flow step the message does not answer. The next decider is asked. */
  | { readonly kind: "pass" }
  /** The facts could not be had: the article's own text is said, or a person is offered. */
  | { readonly kind: "failed"; readonly detail: string };

/** Types a skill; the identity function otherwise. */
export function defineSkill<Facts>(skill: Skill<Facts>): Skill<Facts> {
  return skill;
}
