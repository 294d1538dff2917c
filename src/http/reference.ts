/** `/docs`: the OpenAPI document as one readable page, rendered here, without scripts, so it works offline and under the strictest policy. */
import { html, raw } from "hono/html";

interface Schema {
  readonly $ref?: string;
  readonly [key: string]: unknown;
}
interface Operation {
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly security?: unknown;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly schema?: Schema;
  }[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> };
  readonly responses?: Readonly<
    Record<
      string,
      { readonly description?: string; readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }
    >
  >;
}
export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly version: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

const STYLE = `:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 15%,transparent)}
body{font:15px/1.55 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin:2.2rem 0 .4rem;border-bottom:1px solid var(--line)}details{border-bottom:1px solid var(--line);padding:.35rem 0}
summary{cursor:pointer}code,pre{font:13px/1.5 ui-monospace,monospace}pre{overflow:auto;padding:.7rem;border:1px solid var(--line);border-radius:.4rem}
.m{display:inline-block;min-width:4.2rem;font-weight:700}nav a{margin-right:.9rem}small{opacity:.75}`;

const pretty = (schema: unknown) => JSON.stringify(schema, null, 2);

export function referencePage(document: OpenApiDocument, nonce: string) {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
  );
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags ?? []))];
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${document.info.title} API</title><style nonce="${nonce}">${raw(STYLE)}</style></head>
<body>
<h1>${document.info.title} API <small>${document.info.version}</small></h1>
<p>${document.info.description ?? ""} <a href="/openapi.json">openapi.json</a></p>
<nav>${tags.map((tag) => html`<a href="#${tag}">${tag}</a>`)}<a href="#schemas">Schemas</a></nav>
${tags.map(
  (tag) =>
    html`<section><h2 id="${tag}">${tag}</h2>${operations.filter(({ operation }) => operation.tags?.includes(tag)).map(({ path, method, operation }) => operationBlock(path, method, operation))}</section>`,
)}
<section><h2 id="schemas">Schemas</h2>${Object.entries(document.components?.schemas ?? {}).map(
    ([name, schema]) => html`<details><summary><code>${name}</code></summary><pre>${pretty(schema)}</pre></details>`,
  )}</section>
</body></html>`;
}

function operationBlock(path: string, method: string, operation: Operation) {
  const body = operation.requestBody?.content?.["application/json"]?.schema;
  return html`<details><summary><span class="m">${method.toUpperCase()}</span><code>${path}</code> — ${operation.summary ?? ""}${operation.security === undefined ? " (public)" : ""}</summary>
${(operation.parameters ?? []).map((parameter) => html`<div><code>${parameter.name}</code> <small>${parameter.in}${parameter.required === true ? ", required" : ""} ${pretty(parameter.schema)}</small></div>`)}
${body === undefined ? "" : html`<p>Body</p><pre>${pretty(body)}</pre>`}
${Object.entries(operation.responses ?? {}).map(([status, { description, content }]) => {
  const schema = Object.values(content ?? {})[0]?.schema;
  return html`<div><code>${status}</code> ${description ?? ""}</div>${schema === undefined || Object.keys(schema).length === 0 ? "" : html`<pre>${pretty(schema)}</pre>`}`;
})}</details>`;
}
