/** A message the platform has approved beforehand: the one thing that may be sent when the window is closed. */
import type { OutboundTemplate, TemplateRules } from "./adapter.ts";
import { InvalidError, type Issue } from "./errors.ts";

export interface TemplateParam {
  /** As the platform names the gap: `1`, `order_no`, `thing1`. */
  readonly key: string;
  /** As the agent's form names it. @default the key */
  readonly label?: string;
}

export interface Template {
  readonly id: string;
  readonly shopId: string;
  readonly inboxId: string;
  readonly name: string;
  /** As the platform writes it: `zh_CN`, `en_US`. */
  readonly locale: string;
  /** The platform's id or name of it. */
  readonly vendorId: string;
  readonly category?: string;
  readonly params: readonly TemplateParam[];
  /** How it reads, its gaps as `{{key}}`. */
  readonly text: string;
  readonly createdAt: number;
}

const GAP = /\{\{\s*([\w.]+)\s*\}\}/g;

/** Longest value of a gap. */
export function maxLengthOf(key: string, rules: TemplateRules): number {
  const [prefix = ""] = /^[a-z_]*[a-z]/.exec(key) ?? [];
  return rules.maxLengths?.[prefix] ?? rules.maxLength;
}

/** Gaps of the text that no parameter fills, and parameters that no gap shows. */
export function templateIssues({ text, params }: Pick<Template, "text" | "params">): readonly Issue[] {
  const gaps = new Set([...text.matchAll(GAP)].map(([, key = ""]) => key));
  const keys = params.map(({ key }) => key);
  return [
    ...[...gaps]
      .filter((gap) => !keys.includes(gap))
      .map((gap) => ({ path: "text", message: `{{${gap}}} is no parameter` })),
    ...keys.flatMap((key, index) =>
      keys.indexOf(key) !== index
        ? [{ path: `params.${index}.key`, message: "named twice" }]
        : gaps.has(key)
          ? []
          : [{ path: `params.${index}.key`, message: `the text has no {{${key}}}` }],
    ),
  ];
}

/**
 * What goes to the platform, and how it reads.
 * @throws {InvalidError} `template.invalid_params` with every gap that is empty, too long or unknown
 */
export function fillTemplate(
  template: Pick<Template, "vendorId" | "locale" | "params" | "text">,
  values: Readonly<Record<string, string>>,
  rules: TemplateRules,
): { readonly text: string; readonly template: OutboundTemplate } {
  // Platforms refuse line ends and tabs inside a gap.
  const params = template.params.map(({ key }) => ({ key, value: (values[key] ?? "").replaceAll(/\s+/g, " ").trim() }));
  const issues = [
    ...params.flatMap(({ key, value }) => {
      const max = maxLengthOf(key, rules);
      const message = value === "" ? "empty" : [...value].length > max ? `longer than ${max} characters` : undefined;
      return message === undefined ? [] : [{ path: `template.params.${key}`, message }];
    }),
    ...Object.keys(values)
      .filter((key) => !params.some((param) => param.key === key))
      .map((key) => ({ path: `template.params.${key}`, message: "unknown" })),
  ];
  if (issues.length > 0) {
    const [first] = issues;
    throw new InvalidError(
      "template.invalid_params",
      `The template cannot be filled in: ${first?.path} ${first?.message}.`,
      {
        issues,
      },
    );
  }
  const text = template.text.replaceAll(
    GAP,
    (gap, key: string) => params.find((param) => param.key === key)?.value ?? gap,
  );
  return { text, template: { vendorId: template.vendorId, locale: template.locale, params } };
}
