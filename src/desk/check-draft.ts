import type { ArticleDraft } from "../core/article.ts";
import { InvalidError } from "../core/errors.ts";
import type { Deps } from "./deps.ts";

/**
 * What no article may hold, wherever it comes from.
 * @throws {InvalidError} `knowledge.invalid_template`, `knowledge.unknown_skill`, `knowledge.invalid_pattern`,
 * `knowledge.expires_before_start`, with the place of the fault
 */
export function checkDraft(desk: Pick<Deps, "templates" | "skills" | "knowledge">, draft: ArticleDraft): void {
  const texts = [draft.answer, ...draft.answers.map((answer) => answer.text)];
  const issues = texts.flatMap((text) => desk.templates.check(text));
  if (issues.length > 0)
    throw new InvalidError("knowledge.invalid_template", issues[0]?.message ?? "The template is wrong.", { issues });
  const skills = desk.skills.map((skill) => skill.name);
  if (draft.skill !== undefined && !skills.includes(draft.skill)) {
    throw new InvalidError("knowledge.unknown_skill", `There is no skill ${draft.skill}.`, {
      issues: [{ path: "skill", message: `one of ${skills.join(", ")}` }],
    });
  }
  draft.controls?.rules?.forEach(({ kind, value }, place) => {
    const reason = kind === "pattern" ? desk.knowledge.refusesPattern(value) : undefined;
    if (reason === undefined) return;
    throw new InvalidError("knowledge.invalid_pattern", reason, {
      issues: [{ path: `rules.${place}.value`, message: reason }],
    });
  });
  if (draft.validFrom !== undefined && draft.validUntil !== undefined && draft.validUntil < draft.validFrom) {
    throw new InvalidError("knowledge.expires_before_start", "The article would end before it begins.", {
      issues: [{ path: "validUntil", message: "before validFrom" }],
    });
  }
}
