/** What is wrong with a flow as it stands in the form, at the place the server would name. */
import type { WordKey } from "../i18n/index.ts";
import type { ConditionDraft } from "./condition-draft.ts";
import type { BranchDraft, EndDraft, FlowDraft, StepDraft, TextDraft } from "./flow-draft.ts";
import { endless, unreachable } from "./flow-graph.ts";

export interface FlowFault {
  readonly path: string;
  readonly key: WordKey;
  readonly params?: Readonly<Record<string, string | number>>;
  /** It can be saved all the same. */
  readonly mild?: boolean;
}

const NAME = /^[a-z][a-z0-9-]{0,49}$/;
const TONE_PLACES: readonly string[] = ["tone.greeting", "tone.you"];

export function faultsOf(flow: FlowDraft): readonly FlowFault[] {
  const [cut, loops] = [unreachable(flow), endless(flow)];
  return [
    ...empty("title.zh", flow.titleZh),
    ...empty("title.en", flow.titleEn),
    ...outside("timeoutMinutes", flow.timeoutMinutes, 1, 1440),
    ...flow.steps.flatMap((step, place) => {
      const path = `steps.${place}`;
      return [
        ...checkStep(flow, step, path),
        ...(cut.has(place) ? [{ path, key: "flow.fault.unreachable", mild: true } as const] : []),
        ...(loops.has(place) && !cut.has(place) ? [{ path, key: "flow.fault.endless", mild: true } as const] : []),
      ];
    }),
    ...checkEnd(flow, flow.end, "finish"),
  ];
}

function checkStep(flow: FlowDraft, step: StepDraft, path: string): readonly FlowFault[] {
  const { steps } = flow;
  const twice = steps.find(({ id }) => id.trim() === step.id.trim()) !== step;
  return [
    ...named(`${path}.id`, step.id),
    ...(twice ? [{ path: `${path}.id`, key: "flow.fault.sameId" } as const] : []),
    ...named(`${path}.slot`, step.slot),
    ...checkText(flow, step.ask, `${path}.ask`, true),
    ...checkText(flow, step.invalid, `${path}.invalid`, false),
    ...outside(`${path}.retries`, step.retries, 0, 9),
    ...checkValidation(step, `${path}.validate`),
    ...(step.kind === "choice" ? checkChoices(flow, step, `${path}.choices`) : []),
    ...checkCondition(steps, step.skip, `${path}.skip`),
    ...step.branches.flatMap((branch, at) => checkBranch(flow, step, branch, `${path}.next.${at}`)),
  ];
}

function checkValidation(step: StepDraft, path: string): readonly FlowFault[] {
  switch (step.kind) {
    case "pattern":
      return empty(`${path}.pattern`, step.pattern);
    case "phone":
      return step.last.trim() === "" ? [] : outside(`${path}.last`, step.last, 3, 8);
    case "text":
    case "number": {
      const [least, most] = step.kind === "text" ? [1, 500] : [-999_999_999, 999_999_999];
      const faults = (["min", "max"] as const).flatMap((name) =>
        step[name].trim() === "" ? [] : outside(`${path}.${name}`, step[name], least, most),
      );
      const crossed = step.min.trim() !== "" && step.max.trim() !== "" && Number(step.min) > Number(step.max);
      return crossed ? [...faults, { path: `${path}.max`, key: "flow.fault.crossed" }] : faults;
    }
    default:
      return [];
  }
}

function checkChoices(flow: FlowDraft, { choices }: StepDraft, path: string): readonly FlowFault[] {
  if (choices.length === 0) return [{ path, key: "flow.fault.noChoice" }];
  return choices.flatMap(({ value, label }, place) => {
    const twice = choices.findIndex((other) => other.value.trim() === value.trim()) !== place;
    const at = `${path}.${place}`;
    return [
      ...empty(`${at}.value`, value),
      ...(twice && value.trim() !== "" ? [{ path: `${at}.value`, key: "flow.fault.sameChoice" } as const] : []),
      ...checkText(flow, label, `${at}.label`, false),
    ];
  });
}

function checkBranch(flow: FlowDraft, step: StepDraft, branch: BranchDraft, path: string): readonly FlowFault[] {
  const before = step.branches.slice(0, step.branches.indexOf(branch));
  const never = before.some(({ when }) => when.of.kind === "always");
  const gone = branch.to !== undefined && flow.steps.every(({ key }) => key !== branch.to);
  return [
    ...(never ? [{ path, key: "flow.fault.neverBranch", mild: true } as const] : []),
    ...checkCondition(flow.steps, branch.when, `${path}.when`),
    ...(gone ? [{ path: `${path}.to`, key: "flow.fault.goneStep" } as const] : []),
    ...(branch.to === undefined ? checkEnd(flow, branch.end, `${path}.finish`) : []),
  ];
}

function checkCondition(steps: readonly StepDraft[], { of, test, values }: ConditionDraft, path: string) {
  const faults: FlowFault[] = [];
  if (of.kind === "always") return faults;
  const asked = of.kind === "answer" ? steps.find(({ key }) => key === of.step) : undefined;
  if (of.kind === "answer" && asked === undefined) faults.push({ path: `${path}.slot`, key: "flow.fault.goneAnswer" });
  const given = values.filter((value) => value.trim() !== "");
  const lists = of.kind === "fact" || test === "in";
  if (lists && given.length === 0) faults.push({ path: `${path}.in`, key: "flow.fault.noValue" });
  if (lists && asked?.kind === "choice") {
    const lost = given.filter((value) => asked.choices.every((choice) => choice.value.trim() !== value.trim()));
    for (const value of lost)
      faults.push({ path: `${path}.in`, key: "flow.fault.goneChoice", params: { value }, mild: true });
  }
  return faults;
}

function checkEnd(flow: FlowDraft, { kind, value, text }: EndDraft, path: string): readonly FlowFault[] {
  switch (kind) {
    case "message":
      return checkText(flow, text, `${path}.message`, true);
    case "handoff":
      return [...chosen(`${path}.handoff.group`, value), ...checkText(flow, text, `${path}.handoff.text`, false)];
    default:
      return chosen(`${path}.${kind}`, value);
  }
}

/** Something is said, and what it fills in is known. */
function checkText({ steps }: FlowDraft, { zh, en, others }: TextDraft, path: string, needed: boolean) {
  const faults: FlowFault[] = [];
  const said = [zh, en, ...Object.values(others)].some((text) => text.trim() !== "");
  if (needed && !said) faults.push({ path, key: "flow.fault.noText" });
  const slots = steps.map(({ slot }) => `slots.${slot.trim()}`);
  for (const [locale, text] of [["zh-CN", zh] as const, ["en", en] as const])
    for (const [, used = ""] of text.matchAll(/\{\{\s*([\w.-]+)\s*\}\}/g))
      if (!slots.includes(used) && !TONE_PLACES.includes(used))
        faults.push({ path: `${path}.${locale}`, key: "flow.fault.place", params: { place: `{{ ${used} }}` } });
  return faults;
}

const empty = (path: string, value: string): readonly FlowFault[] =>
  value.trim() === "" ? [{ path, key: "form.empty" }] : [];
const chosen = (path: string, value: string): readonly FlowFault[] =>
  value.trim() === "" ? [{ path, key: "flow.fault.noChosen" }] : [];
const named = (path: string, value: string): readonly FlowFault[] =>
  NAME.test(value.trim()) ? [] : [{ path, key: "flow.fault.name" }];

function outside(path: string, value: string, min: number, max: number): readonly FlowFault[] {
  const fits = value.trim() !== "" && Number.isInteger(Number(value)) && Number(value) >= min && Number(value) <= max;
  return fits ? [] : [{ path, key: "form.wholeNumber", params: { min, max } }];
}
