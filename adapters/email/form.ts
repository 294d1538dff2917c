import type { WebhookRequest } from "../../src/core/adapter.ts";

/** The text fields of a form; undefined when the body is none. https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http */
export async function readForm({
  headers,
  body,
}: Pick<WebhookRequest, "headers" | "body">): Promise<ReadonlyMap<string, string> | undefined> {
  const type = headers.get("content-type") ?? "";
  if (!/^(?:multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) return undefined;
  try {
    const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
    const fields = new Map<string, string>();
    for (const [name, value] of form) fields.set(name, typeof value === "string" ? value : await value.text());
    return fields;
  } catch {
    // A form that cannot be read proves nothing.
    return undefined;
  }
}
