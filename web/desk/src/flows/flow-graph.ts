/** Where a flow can go from each of its steps. */
import type { BranchDraft, FlowDraft, StepDraft } from "./flow-draft.ts";

export interface Edge {
  /** Absent: what happens where no branch holds. */
  readonly branch?: BranchDraft;
  /** A step's place, the end of the flow or of the branch, or a step that is no more. */
  readonly to: number | "end" | "branch-end" | "gone";
}

/** The ways on from a step, in their order; those after one that always holds are never taken. */
export function edgesOf({ steps }: FlowDraft, place: number): readonly Edge[] {
  const branches = steps[place]?.branches ?? [];
  const sure = branches.findIndex(({ when }) => when.of.kind === "always");
  const taken = sure === -1 ? branches : branches.slice(0, sure + 1);
  const edges = taken.map((branch): Edge => ({ branch, to: targetOf(branch, steps) }));
  return sure === -1 ? [...edges, { to: place + 1 < steps.length ? place + 1 : "end" }] : edges;
}

function targetOf({ to }: BranchDraft, steps: readonly StepDraft[]): Edge["to"] {
  if (to === undefined) return "branch-end";
  const place = steps.findIndex(({ key }) => key === to);
  return place === -1 ? "gone" : place;
}

/** The steps no way leads to. */
export function unreachable(flow: FlowDraft): ReadonlySet<number> {
  const seen = new Set<number>();
  const ahead = [0];
  for (let place = ahead.pop(); place !== undefined; place = ahead.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    for (const { to } of edgesOf(flow, place)) if (typeof to === "number") ahead.push(to);
  }
  return new Set(flow.steps.map((_, place) => place).filter((place) => !seen.has(place)));
}

/** The steps from which the flow never comes to an end by itself. */
export function endless(flow: FlowDraft): ReadonlySet<number> {
  const ending = new Set<number>();
  for (let before = -1; before !== ending.size; ) {
    before = ending.size;
    flow.steps.forEach((_, place) => {
      // A step that is no more is said where it is named.
      if (edgesOf(flow, place).some(({ to }) => typeof to !== "number" || ending.has(to))) ending.add(place);
    });
  }
  return new Set(flow.steps.map((_, place) => place).filter((place) => !ending.has(place)));
}
