/** What an import would break, told by line and column before anything of it is written. */
import { trackTranslations } from "../core/translation.ts";
import type { ImportError, ParsedImport } from "./articles.ts";
import { checkArticles, type Finding, reviewOf } from "./check-article.ts";
import { referenceFaults } from "./check-references.ts";
import type { Deps } from "./deps.ts";

export type Heads = Awaited<ReturnType<Deps["store"]["draftsOf"]>>;

export function tracked(parsed: ParsedImport, before: Heads): ParsedImport {
  const articles = parsed.articles.map(({ id, draft, ...row }) => {
    const known = before.get(id);
    return { id, ...row, draft: trackTranslations(draft, { before: known, version: (known?.version ?? 0) + 1 }) };
  });
  return { ...parsed, articles };
}

/** Without the rows that name a picture or a group the shop does not have: an export of another shop may. */
export async function withKnown(deps: Deps, shopId: string, parsed: ParsedImport): Promise<ParsedImport> {
  const errors: ImportError[] = [];
  const articles = [];
  for (const row of parsed.articles) {
    const [fault] = await referenceFaults(deps, shopId, row.draft);
    if (fault === undefined) articles.push(row);
    else {
      const column = fault.issues[0]?.path.split(".")[0];
      errors.push({ line: row.line, ...(column && { column }), code: fault.code, message: fault.message });
    }
  }
  return errors.length === 0 ? parsed : { ...parsed, articles, errors: [...parsed.errors, ...errors] };
}

/** Where in a row a finding is put right. */
const COLUMN_OF: Readonly<Partial<Record<Finding["check"], string>>> = {
  must_hit: "mustHit",
  must_not_hit: "mustNotHit",
  unknown_skill: "skill",
  invalid_pattern: "rules",
  expires_before_start: "validUntil",
  already_over: "validUntil",
  missing_locale: "answers",
  stale_translation: "answers",
  empty_answer: "answer",
  unresolved_variable: "answer",
  banned_word: "answer",
  dead_link: "answer",
};

const CHECK_ROUNDS = 5;
/** A large import is not kept waiting for what is only worth knowing. */
const ADVICE_MS = 2000;

/**
 * What an import that publishes would break, told by line and column. A red row counts as an invalid one; the rest is asked again without
 * it, since it may have leaned on what is left out.
 */
export async function reviewImport(
  deps: Deps,
  { shopId, parsed, publish }: { readonly shopId: string; readonly parsed: ParsedImport; readonly publish: boolean },
): Promise<{ readonly parsed: ParsedImport; readonly warnings: readonly ImportError[] }> {
  let { articles } = parsed;
  const errors = [...parsed.errors];
  let warnings: ImportError[] = [];
  const until = deps.now() + ADVICE_MS;
  for (let round = 0; publish && round < CHECK_ROUNDS && articles.length > 0; round += 1) {
    // A list that comes whole may move questions from one row to another: that is told, and stops nothing.
    const candidates = articles.map(({ id, draft }) => ({ id, draft, edits: false }));
    const found = await checkArticles(deps, { shopId, articles: candidates, until });
    const listed = articles.map((row) => ({ row, findings: (found.get(row.id) ?? []).map(asOfAList) }));
    const at = (level: Finding["level"], code: string) =>
      listed.flatMap(({ row, findings }) =>
        findings
          .filter(
            (finding) =>
              finding.level === level && (level === "error" || !asksTheSame(row.draft.question, finding.otherQuestion)),
          )
          .map(({ check, detail }) => ({
            line: row.line,
            column: COLUMN_OF[check] ?? "question",
            code,
            message: detail,
          })),
      );
    warnings = at("warning", "knowledge.check_warning");
    const red = at("error", "knowledge.check_failed");
    if (red.length === 0) {
      articles = listed.map(({ row, findings }) => ({ ...row, review: reviewOf(findings) }));
      break;
    }
    errors.push(...red);
    const broken = new Set(red.map(({ line }) => line));
    articles = round === CHECK_ROUNDS - 1 ? [] : articles.filter(({ line }) => !broken.has(line));
  }
  return { parsed: { ...parsed, articles, errors: errors.sort((a, b) => a.line - b.line) }, warnings };
}

/** A list of questions may well come before its answers: until one is written, whoever asks is offered a person. */
function asOfAList(finding: Finding): Finding {
  return finding.check === "empty_answer" ? { ...finding, level: "warning" } : finding;
}

/** Rows that ask what a row above asks. */
export function duplicatesOf({ articles, unit }: ParsedImport): ImportError[] {
  const first = new Map<string, number>();
  return articles.flatMap(({ draft, line }) => {
    const key = `${draft.locale ?? ""} ${folded(draft.question)}`;
    const found = first.get(key);
    if (found === undefined) first.set(key, line);
    return found === undefined
      ? []
      : [{ line, code: "knowledge.duplicate", message: `question: ${unit} ${found} asks the same.` }];
  });
}

const folded = (question: string) =>
  question
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/[\s\p{P}]+/gu, "");

/** Told as a duplicate already. */
const asksTheSame = (question: string, other: string | undefined) =>
  other !== undefined && folded(question) === folded(other);
