/** Writes the README's table of error codes from the sources that throw them. `test/architecture.test.ts` says whether it is true. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../src/node/files.ts";

const BEGIN = "<!-- errors: made by scripts/error-table.ts -->";
const END = "<!-- /errors -->";

/** Classes of `src/core/errors.ts` by their status. */
const STATUS: Readonly<Record<string, number>> = {
  MalformedError: 400,
  PayloadError: 400,
  UnauthenticatedError: 401,
  SignatureError: 401,
  ForbiddenError: 403,
  NotFoundError: 404,
  ConflictError: 409,
  PreconditionError: 412,
  TooLargeError: 413,
  UnsupportedTypeError: 415,
  InvalidError: 422,
  ConfigError: 422,
  LimitError: 429,
  UnavailableError: 503,
};
/** What is answered without being thrown by name. */
const OTHERS: readonly (readonly [number, string])[] = [
  [400, "channel.payload_invalid"],
  [401, "channel.signature_invalid"],
  [414, "request.uri_too_long"],
  [500, "internal"],
];
const THROWN = /new (\w+Error)\(\s*"([a-z_]+\.[a-z0-9_]+)"/g;
/** What a check of a draft or of an import's line finds. */
const FOUND = /code: "(knowledge\.[a-z0-9_]+)"/g;

const sources = ["src", "adapters"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !/fake|testing|cli\//.test(name))
    .map((name) => readFileSync(join(ROOT, folder, name), "utf8")),
);

/** The README as it should be. */
export function withErrorTable(readme: string): string {
  const codes = new Map<number, Set<string>>();
  const add = (status: number, code: string) => codes.set(status, (codes.get(status) ?? new Set()).add(code));
  for (const [status, code] of OTHERS) add(status, code);
  for (const source of sources)
    for (const [, name = "", code = ""] of source.matchAll(THROWN)) {
      const status = STATUS[name];
      if (status !== undefined) add(status, code);
    }
  for (const source of sources) for (const [, code = ""] of source.matchAll(FOUND)) add(422, code);
  const rows = [...codes]
    .sort(([a], [b]) => a - b)
    .map(
      ([status, of]) =>
        `- **${status}** ${[...of]
          .sort()
          .map((code) => `\`${code}\``)
          .join(", ")}`,
    );
  return `${readme.slice(0, readme.indexOf(BEGIN))}${[BEGIN, "", ...rows, "", END].join("\n")}${readme.slice(readme.indexOf(END) + END.length)}`;
}

if (import.meta.main) {
  const path = join(ROOT, "README.md");
  writeFileSync(path, withErrorTable(readFileSync(path, "utf8")));
}
