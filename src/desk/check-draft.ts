import type { ArticleDraft } from "../core/article.ts";
import { InvalidError, type Issue } from "../core/errors.ts";
import type { Deps } from "./deps.ts";
import { isHere } from "./variables.ts";

/** What no article may hold, wherever it comes from. */
export interface Fault {
  readonly code:
    | "knowledge.invalid_template"
    | "knowledge.unknown_skill"
    | "knowledge.invalid_pattern"
    | "knowledge.expires_before_start"
    | "knowledge.unknown_picture"
    | "knowledge.unknown_group";
  readonly message: string;
  /** Where it is. */
  readonly issues: readonly Issue[];
}

type Desk = Pick<Deps, "templates" | "skills" | "knowledge">;

export function faultsOf(desk: Desk, draft: ArticleDraft): readonly Fault[] {
  return [
    ...templateFaults(desk, draft),
    ...skillFaults(desk, draft),
    ...patternFaults(desk, draft),
    ...timeFaults(draft),
  ];
}

/** @throws {InvalidError} the first of its faults, with its place */
export function checkDraft(desk: Desk, draft: ArticleDraft): void {
  const [fault] = faultsOf(desk, draft);
  if (fault !== undefined) throw new InvalidError(fault.code, fault.message, { issues: fault.issues });
}

function templateFaults({ templates }: Desk, draft: ArticleDraft): Fault[] {
  const texts = [
    { path: "answer", text: draft.answer },
    ...draft.answers.map(({ text }, place) => ({ path: `answers.${place}.text`, text })),
  ];
  const issues = [
    ...texts.flatMap(({ path, text }) => templates.check(text).map((issue) => ({ ...issue, path }))),
    ...fallbackIssues(templates, draft.fallback),
  ];
  const [first] = issues;
  return first === undefined ? [] : [{ code: "knowledge.invalid_template", message: first.message, issues }];
}

/** What stands in for missing facts cannot need any. */
function fallbackIssues(templates: Desk["templates"], fallback: string | undefined): Issue[] {
  if (fallback === undefined) return [];
  const path = "fallback";
  const costly = templates.variables(fallback).filter((name) => !isHere(name));
  return [
    ...templates.check(fallback).map((issue) => ({ ...issue, path })),
    ...costly.map((name) => ({
      path,
      message: `A fallback is said when facts are missing, so it cannot hold ${name}.`,
    })),
  ];
}

function skillFaults({ skills }: Desk, { skill }: ArticleDraft): Fault[] {
  const names = skills.map(({ name }) => name);
  // A flow may be written after the article that begins it; until then the article's own text is said.
  if (skill === undefined || names.includes(skill) || /^flow:[a-z][a-z0-9-]{0,49}$/.test(skill)) return [];
  const issues = [{ path: "skill", message: `one of ${names.join(", ")}` }];
  return [{ code: "knowledge.unknown_skill", message: `There is no skill ${skill}.`, issues }];
}

function patternFaults({ knowledge }: Desk, { controls }: ArticleDraft): Fault[] {
  return (controls?.rules ?? []).flatMap(({ kind, value }, place): Fault[] => {
    const message = kind === "pattern" ? knowledge.refusesPattern(value) : undefined;
    if (message === undefined) return [];
    return [{ code: "knowledge.invalid_pattern", message, issues: [{ path: `rules.${place}.value`, message }] }];
  });
}

function timeFaults({ validFrom, validUntil }: ArticleDraft): Fault[] {
  if (validFrom === undefined || validUntil === undefined || validUntil >= validFrom) return [];
  const issues = [{ path: "validUntil", message: "before validFrom" }];
  const message = "The article would end before it begins.";
  return [{ code: "knowledge.expires_before_start", message, issues }];
}
