import type { VariableJson } from "../api/flow-types.ts";

type PreviewPart =
  | { readonly kind: "text" | "unknown" | "logic"; readonly text: string }
  | { readonly kind: "value"; readonly text: string; readonly name: string };

/** The answer with sample values in place of its variables; `variables` is what the server takes, and it alone knows. */
export function previewParts(
  template: string,
  variables: readonly VariableJson[] | undefined,
  language: "zh" | "en",
): readonly PreviewPart[] {
  const parts: PreviewPart[] = [];
  let end = 0;
  for (const match of template.matchAll(/\{\{-?\s*([\w.[\]'"]+)([^}]*)\}\}|\{%[^%]*%\}/g)) {
    if (match.index > end) parts.push({ kind: "text", text: template.slice(end, match.index) });
    const name = match[1];
    const known = variables?.find((variable) => variable.name === name);
    // Before the list has come nothing is called unknown.
    if (name === undefined || variables === undefined) parts.push({ kind: "logic", text: match[0] });
    else if (known) parts.push({ kind: "value", text: known.sample[language], name });
    else parts.push({ kind: "unknown", text: name });
    end = match.index + match[0].length;
  }
  if (end < template.length) parts.push({ kind: "text", text: template.slice(end) });
  return parts;
}
