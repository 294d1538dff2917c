import { InvalidError } from "../core/errors.ts";

/** `"3"`, `W/"3"` or a bare 3. @throws {InvalidError} for anything else */
export function ifMatch(header: string | undefined): number | undefined {
  if (header === undefined || header === "*") return undefined;
  const version = /^(?:W\/)?"?(\d{1,15})"?$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw new InvalidError("request.invalid", 'If-Match names the version you saw, such as "3".');
  return Number(version);
}
