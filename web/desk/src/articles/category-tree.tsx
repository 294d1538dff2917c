import { useQuery } from "@tanstack/react-query";
import { categoriesQuery } from "../api/queries.ts";
import { codeWords, type Translate, useT } from "../i18n/index.ts";

/** The starter articles' categories in the language of the desk; a shop's own as they are written. */
export const categoryWords = (t: Translate, category: string): string =>
  category
    .split("/")
    .map((name) => codeWords(t, "category", name))
    .join(" / ");

interface Branch {
  readonly path: string;
  readonly name: string;
  readonly count: number;
  readonly children: readonly Branch[];
}

/** The categories as their names say them, level by level; a level counts what stands below it too. */
export function toTree(
  list: readonly { readonly category: string; readonly count: number }[],
  prefix = "",
): readonly Branch[] {
  const names = [...new Set(list.map(({ category }) => category.slice(prefix.length).split("/")[0] ?? ""))];
  return names.sort().map((name) => {
    const path = prefix + name;
    const within = list.filter(({ category }) => category === path || category.startsWith(`${path}/`));
    return {
      path,
      name,
      count: within.reduce((sum, { count }) => sum + count, 0),
      children: toTree(
        within.filter(({ category }) => category !== path),
        `${path}/`,
      ),
    };
  });
}

interface CategoryTreeProps {
  readonly value: string | undefined;
  readonly onChange: (category: string | undefined) => void;
}

export function CategoryTree({ value, onChange }: CategoryTreeProps) {
  const t = useT();
  const { data = [] } = useQuery(categoriesQuery);
  if (data.length === 0) return null;
  return (
    <nav className="category-tree panel" aria-label={t("articles.categoryTree")}>
      <button type="button" aria-current={value === undefined || undefined} onClick={() => onChange(undefined)}>
        <span className="grow">{t("articles.allCategories")}</span>
      </button>
      <Level branches={toTree(data)} value={value} onChange={onChange} />
    </nav>
  );
}

function Level({ branches, ...props }: CategoryTreeProps & { readonly branches: readonly Branch[] }) {
  const t = useT();
  return (
    <ul>
      {branches.map((branch) => {
        const open = props.value === branch.path || props.value?.startsWith(`${branch.path}/`) === true;
        return (
          <li key={branch.path}>
            <button
              type="button"
              aria-current={props.value === branch.path || undefined}
              aria-expanded={branch.children.length > 0 ? open : undefined}
              onClick={() => props.onChange(branch.path)}
            >
              <span className="grow clip">{categoryWords(t, branch.name)}</span>
              <span className="muted num">{branch.count}</span>
            </button>
            {open && branch.children.length > 0 && <Level branches={branch.children} {...props} />}
          </li>
        );
      })}
    </ul>
  );
}
