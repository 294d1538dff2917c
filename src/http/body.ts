/** Bodies: read once, under a limit, checked for depth before they are parsed; `security.md` §13. */
import type { z } from "zod";
import { joinBytes } from "../core/bytes.ts";
import { InvalidError, MalformedError, TooLargeError, UnsupportedTypeError } from "../core/errors.ts";

export const BODY_LIMIT = 1024 * 1024;
const MAX_DEPTH = 32;
const MAX_KEYS = 1000;

/** @throws {TooLargeError} before the rest is read */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if ((request.headers.get("content-encoding") ?? "identity") !== "identity") {
    throw new UnsupportedTypeError("request.encoding_unsupported", "Compressed request bodies are not taken.");
  }
  const tooLarge = () => new TooLargeError("request.too_large", `The body is larger than ${limit} bytes.`);
  if (Number(request.headers.get("content-length") ?? 0) > limit) throw tooLarge();
  // The server holds a body to its announced length, so it may be read at once; a chunked one is counted as it comes.
  if (request.headers.has("content-length")) return new Uint8Array(await request.arrayBuffer());
  if (request.body === null) return new Uint8Array(0);
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  const only = chunks.length === 1 ? chunks[0] : undefined;
  if (only !== undefined) return new Uint8Array(only);
  return joinBytes(chunks);
}

export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MalformedError("request.not_utf8", "The body is not UTF-8.", { cause });
  }
}

/** Parses JSON no deeper than 32 levels and with at most 1,000 keys: V8 parses more, validators and serialisers overflow on it. */
export function parseJson(text: string): unknown {
  let depth = 0;
  let keys = 0;
  let inString = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 92) i += 1;
      else if (code === 34) inString = false;
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > MAX_DEPTH)
        throw new MalformedError("request.too_deep", `The JSON is nested deeper than ${MAX_DEPTH} levels.`);
    } else if (code === 125 || code === 93) depth -= 1;
    else if (code === 58) keys += 1;
  }
  if (keys > MAX_KEYS) throw new MalformedError("request.too_many_keys", `The JSON has more than ${MAX_KEYS} keys.`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MalformedError("request.not_json", "The body is not JSON.", { cause });
  }
}

/** @throws {UnsupportedTypeError} {MalformedError} {InvalidError} with the path of every fault */
export async function readJson<Schema extends z.ZodType>(request: Request, schema: Schema): Promise<z.output<Schema>> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const bytes = await readBytes(request, BODY_LIMIT);
  if (bytes.length > 0 && type !== "application/json" && !type.endsWith("+json")) {
    throw new UnsupportedTypeError("request.not_json_type", "Send the body as application/json.");
  }
  return validate(schema, bytes.length === 0 ? {} : parseJson(decodeUtf8(bytes)), "body");
}

/** Of several shapes that all did not fit, the faults of the one that came nearest. */
function nearest(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const shapes = issue.errors.map((faults) =>
    faults.flatMap(nearest).map((fault) => ({ ...fault, path: [...issue.path, ...fault.path] })),
  );
  const unlike = (faults: readonly z.core.$ZodIssue[]) =>
    faults.filter(({ code, path }) => code === "unrecognized_keys" || path.length === issue.path.length).length;
  return shapes.toSorted((a, b) => unlike(a) - unlike(b) || a.length - b.length)[0] ?? [issue];
}

export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown, where: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues
    .flatMap(nearest)
    .slice(0, 50)
    .map((issue) => ({
      path: [
        ...issue.path.map(String),
        ...("keys" in issue && Array.isArray(issue.keys) ? [issue.keys.join(",")] : []),
      ].join("."),
      message: issue.message,
    }));
  throw new InvalidError(
    "request.invalid",
    `The ${where} is not valid: ${issues[0]?.path ?? ""} ${issues[0]?.message ?? ""}`.trim(),
    { issues },
  );
}
