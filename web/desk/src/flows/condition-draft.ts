/** Conditions between the server's form and the draft's. */
import type { ConditionJson, Fact, FactValue } from "../api/flow-types.ts";

export interface ConditionDraft {
  /** Whose answer or which fact; `always`: no condition. */
  readonly of:
    | { readonly kind: "always" }
    | { readonly kind: "answer"; readonly step: string }
    | { readonly kind: "fact"; readonly fact: Fact };
  readonly test: "in" | "filled" | "empty";
  readonly values: readonly string[];
}

export const ALWAYS: ConditionDraft = { of: { kind: "always" }, test: "in", values: [] };

export function conditionOf(
  condition: ConditionJson | undefined,
  stepOfSlot: (slot: string) => string,
): ConditionDraft {
  if (condition === undefined) return ALWAYS;
  if ("fact" in condition)
    return { of: { kind: "fact", fact: condition.fact }, test: "in", values: condition.in.map(String) };
  const of = { kind: "answer", step: stepOfSlot(condition.slot) } as const;
  if ("in" in condition) return { of, test: "in", values: condition.in };
  return { of, test: condition.filled ? "filled" : "empty", values: [] };
}

export function fromCondition(
  { of, test, values }: ConditionDraft,
  slotOfStep: (step: string) => string | undefined,
): ConditionJson | undefined {
  if (of.kind === "always") return undefined;
  const given = values.map((value) => value.trim()).filter((value) => value !== "");
  if (of.kind === "fact") return { fact: of.fact, in: given.map((value) => toFactValue(of.fact, value)) };
  const slot = slotOfStep(of.step)?.trim() ?? "";
  return test === "in" ? { slot, in: given } : { slot, filled: test === "filled" };
}

const STATUSES = [
  "pending_payment",
  "paid",
  "preparing",
  "shipped",
  "delivered",
  "completed",
  "cancelled",
  "refunding",
  "refunded",
] as const;

/** All a fact can be; absent where that is for the shop to say. */
export function factValuesOf(fact: Fact): readonly string[] | undefined {
  if (fact === "order.status") return STATUSES;
  return fact === "contact.verified" || fact === "contact.vip" ? ["true", "false"] : undefined;
}

export function toFactValue(fact: Fact, value: string): FactValue {
  if (fact === "contact.verified" || fact === "contact.vip") return value === "true";
  return fact === "order.count" && Number.isFinite(Number(value)) ? Number(value) : value;
}
