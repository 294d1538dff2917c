import type { AnswerVariant, ArticleFields } from "../api/types.ts";
import { FIELDS, type Field, sameValue, variantName } from "./fields.ts";

export interface MergeRow {
  readonly field: Field;
  readonly base: unknown;
  readonly theirs: unknown;
  readonly mine: unknown;
  /** What is kept unless the person says otherwise; absent: both changed it and must be chosen between. */
  readonly merged?: unknown;
}

/** Field by field: one side changed → that side; both the same → it; lists → both sides' additions and removals; else a choice. */
export function mergeArticle(base: ArticleFields, theirs: ArticleFields, mine: ArticleFields): readonly MergeRow[] {
  return FIELDS.filter((field) => !sameValue(theirs[field], mine[field]) || !sameValue(base[field], mine[field])).map(
    (field) => {
      const row = { field, base: base[field], theirs: theirs[field], mine: mine[field] };
      if (sameValue(row.theirs, row.mine) || sameValue(row.base, row.mine)) return { ...row, merged: row.theirs };
      if (sameValue(row.base, row.theirs)) return { ...row, merged: row.mine };
      if (isList(field))
        return { ...row, merged: mergeLists(base[field] ?? [], theirs[field] ?? [], mine[field] ?? []) };
      if (field === "answers") return mergeVariants(row, base.answers, theirs.answers, mine.answers);
      return row;
    },
  );
}

const LISTS = ["phrasings", "keywords", "mustHave", "mustNot", "counterExamples", "mustHit", "mustNotHit"] as const;
const isList = (field: Field): field is (typeof LISTS)[number] => LISTS.some((list) => list === field);

function mergeLists(base: readonly string[], theirs: readonly string[], mine: readonly string[]): readonly string[] {
  const removed = new Set(base.filter((item) => !theirs.includes(item) || !mine.includes(item)));
  return [...new Set([...theirs, ...mine])].filter((item) => !removed.has(item));
}

/** Variants are told apart by channel and locale; only the same one changed on both sides is a conflict. */
function mergeVariants(
  row: Omit<MergeRow, "merged">,
  base: readonly AnswerVariant[],
  theirs: readonly AnswerVariant[],
  mine: readonly AnswerVariant[],
): MergeRow {
  const names = [...new Set([...theirs, ...mine, ...base].map(variantName))];
  const at = (list: readonly AnswerVariant[], name: string) => list.find((item) => variantName(item) === name);
  const merged: AnswerVariant[] = [];
  for (const name of names) {
    const [was, other, own] = [at(base, name), at(theirs, name), at(mine, name)];
    const changedByBoth = !sameValue(was, other) && !sameValue(was, own) && !sameValue(other, own);
    if (changedByBoth) return row;
    const kept = sameValue(was, own) ? other : own;
    if (kept) merged.push(kept);
  }
  return { ...row, merged };
}

export function applyMerge(
  theirs: ArticleFields,
  rows: readonly MergeRow[],
  chosen: Readonly<Partial<Record<Field, unknown>>>,
): ArticleFields {
  const result: Record<string, unknown> = { ...theirs };
  for (const row of rows)
    result[row.field] = row.field in chosen ? chosen[row.field] : "merged" in row ? row.merged : row.mine;
  for (const [key, value] of Object.entries(result)) if (value === undefined) delete result[key];
  // Every value came from an article's own field of that name.
  return result as unknown as ArticleFields;
}
