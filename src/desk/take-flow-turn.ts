/** One turn of a declared flow with what it needs from outside: facts before the step, the end's own answer after it. */
import { maskPhone } from "../core/contact.ts";
import type { Content } from "../core/content.ts";
import type { DeclaredTurn } from "../core/decide.ts";
import { type FlowDefinition, type FlowFinish, factsOf, flowSkill } from "../core/flow.ts";
import {
  beginFlow,
  type FlowFacts,
  type FlowMove,
  type FlowState,
  type FlowTurn,
  localText,
  repeatQuestion,
  say,
  stepFlow,
} from "../core/flow-turn.ts";
import type { Flow } from "../core/session.ts";
import type { SkillInput, SkillOutcome } from "../core/skill.ts";
import type { Deps } from "./deps.ts";

/** Under which the shopper's first words stand among the slots; no slot can be called so. */
const WORDS = "$words";

export interface FlowContext {
  readonly input: SkillInput;
  readonly vip: boolean;
  readonly askSkill: (name: string, input: SkillInput) => Promise<SkillOutcome | undefined>;
  readonly tell: (
    articleId: string,
  ) => Promise<{ readonly contents: readonly Content[]; readonly version: number } | undefined>;
  readonly signal: AbortSignal;
}

export interface TakenTurn {
  readonly turn: DeclaredTurn;
  /** The message may well be a question of its own: if the shop's knowledge is sure, that is answered first. */
  readonly maybeElse: boolean;
  /** The question again, for after that. */
  readonly resume: { readonly say: readonly Content[]; readonly flow: Flow };
}

const ASKS = /[?？]\s*$|[吗嗎呢]\s*[。.!！]?$|か[。]?$/u;

export async function startFlow(deps: Deps, flow: FlowDefinition, context: FlowContext): Promise<DeclaredTurn> {
  const turn = toTurn(deps, context, await factsFor(deps, flow, context));
  const move = beginFlow(flow, deps.newId("run"), turn);
  return toDeclared(deps, { flow, move, words: context.input.text, context, turn });
}

/** Undefined: the flow is not what it was, and is forgotten. */
export async function takeFlowTurn(
  deps: Deps,
  flow: FlowDefinition,
  at: Flow,
  context: FlowContext,
): Promise<TakenTurn | undefined> {
  const turn = toTurn(deps, context, await factsFor(deps, flow, context));
  const { [WORDS]: words = "", ...slots } = at.slots;
  const state: FlowState = { run: at.run ?? "", step: at.step, slots, tries: at.tries ?? 0, turns: at.turns ?? 0 };
  const move = stepFlow(flow, state, turn);
  if (move === undefined) return undefined;
  const step = flow.steps.find(({ id }) => id === at.step);
  const freeText = step?.validate.kind === "text" && ASKS.test(context.input.text);
  return {
    turn: await toDeclared(deps, { flow, move, words, context, turn }),
    maybeElse:
      move.kind === "ask-again" ||
      (move.kind === "person" && !move.wanted) ||
      (freeText && move.marks.some(({ outcome }) => outcome === "passed")),
    resume: { say: repeatQuestion(flow, state, turn), flow: { ...at, askedAt: context.input.now } },
  };
}

function toTurn(deps: Deps, { input }: FlowContext, facts: FlowFacts): FlowTurn {
  const { text, value, locale, now, timeZone, tone } = input;
  return {
    text,
    locale,
    now,
    timeZone,
    facts,
    fits: deps.fits,
    ...(value === undefined ? {} : { value }),
    ...(tone === undefined ? {} : { tone }),
  };
}

/** Only what the flow's conditions name is asked for; what is stale is not known. */
async function factsFor(deps: Deps, flow: FlowDefinition, { input, vip, signal }: FlowContext): Promise<FlowFacts> {
  const asked = factsOf(flow);
  const { shopId, memberId, level } = input.contact;
  const verified = level === "verified" && memberId !== undefined;
  const here: FlowFacts = { "contact.verified": verified, "contact.vip": vip };
  if (!verified) return here;
  const customer = { shopId, memberId };
  const current = async <T>(call: Promise<{ readonly value: T; readonly freshness: { readonly state: string } }>) => {
    try {
      const { value, freshness } = await call;
      return ["live", "cached"].includes(freshness.state) ? value : undefined;
    } catch (error) {
      deps.log.warn({ err: error, flow: flow.id }, "a fact a flow asks for could not be had");
      return undefined;
    }
  };
  const [person, orders] = await Promise.all([
    asked.has("contact.tier") ? current(deps.commerce.customer(customer, { signal })) : undefined,
    asked.has("order.status") || asked.has("order.count")
      ? current(deps.commerce.ordersOf(customer, { signal }))
      : undefined,
  ]);
  return {
    ...here,
    ...(person?.tier === undefined ? {} : { "contact.tier": person.tier }),
    ...(orders === undefined ? {} : { "order.count": orders.length }),
    ...(orders?.[0] === undefined ? {} : { "order.status": orders[0].status }),
  };
}

interface Made {
  readonly flow: FlowDefinition;
  readonly move: FlowMove;
  readonly words: string;
  readonly context: FlowContext;
  readonly turn: FlowTurn;
}

async function toDeclared(deps: Deps, made: Made): Promise<DeclaredTurn> {
  const { flow, move, words, context } = made;
  const { marks } = move;
  switch (move.kind) {
    case "ask":
    case "ask-again": {
      const { step, run, tries, turns } = move.state;
      const slots = { ...move.state.slots, [WORDS]: words.slice(0, 500) };
      const next: Flow = { skill: flowSkill(flow.id), step, slots, run, tries, turns, askedAt: context.input.now };
      return { marks, say: move.contents, flow: next };
    }
    case "cancelled":
      return { marks, say: move.contents, flow: null };
    case "person":
      return {
        marks,
        say: [],
        flow: null,
        handoff: { code: move.wanted ? "ask_human" : "policy", words: summary(flow, move.slots, words, made.turn) },
      };
    case "finish":
      return { marks, flow: null, ...(await finish(deps, move.finish, { ...made, slots: move.slots })) };
  }
}

async function finish(
  deps: Deps,
  end: FlowFinish,
  { flow, words, context, turn, slots }: Made & { readonly slots: FlowState["slots"] },
): Promise<Omit<DeclaredTurn, "marks" | "flow">> {
  if ("message" in end) return { say: [{ type: "text", text: say(end.message, slots, turn) }] };
  if ("handoff" in end) {
    const { group, text } = end.handoff;
    return {
      say: text === undefined ? [] : [{ type: "text", text: say(text, slots, turn) }],
      handoff: { code: "ineligible_action", group, words: summary(flow, slots, words, turn) },
    };
  }
  if ("article" in end) {
    const told = await context.tell(end.article);
    if (told !== undefined)
      return {
        say: told.contents,
        told: { articleId: end.article, articleVersion: told.version },
      };
    deps.log.warn({ flow: flow.id, articleId: end.article }, "a flow ends with an article that has nothing to say");
    return { say: [], handoff: { code: "bot_error", words: summary(flow, slots, words, turn) } };
  }
  const { value: _tapped, flow: _before, ...input } = context.input;
  const outcome = await context.askSkill(end.skill, { ...input, text: words === "" ? input.text : words, slots });
  if (outcome === undefined || outcome.kind === "pass" || outcome.kind === "failed")
    return { say: [], handoff: { code: "bot_error", words: summary(flow, slots, words, turn) } };
  return { say: [], outcome };
}

/** What was asked at first and what the flow found out, for whoever takes over. */
function summary(flow: FlowDefinition, slots: FlowState["slots"], words: string, turn: FlowTurn): string {
  const found = flow.steps.flatMap((step) => {
    const filled = slots[step.slot];
    if (filled === undefined) return [];
    const label = step.choices?.find((choice) => choice.value === filled)?.label;
    if (label !== undefined) return [localText(label, turn.locale)];
    // A ticket keeps no more of a person than an agent needs (`security.md` AZ-3).
    return [step.validate.kind === "phone" && filled.length > 4 ? maskPhone(filled) : filled];
  });
  const told = [...new Set(found)].join(" · ");
  const parts = [words, told].filter((part) => part !== "");
  return parts.length === 0 ? turn.text : parts.join("：");
}
