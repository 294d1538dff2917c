import { t } from "../i18n/index.ts";
import { ApiError } from "./client.ts";

/** What to tell the person: the server's own sentence where it has one. */
export function errorWords(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const { status, detail, title, code, errors, requestId } = error.problem;
  if (status === 0) return t("error.network");
  if (status === 429) return t("error.rateLimited");
  if (status >= 500) return t("error.internal", { id: requestId ?? "–" });
  const fields = errors?.map((item) => `${item.path}: ${item.message}`).join("; ");
  return [detail ?? title ?? code, fields].filter(Boolean).join(" — ");
}

export function isCode(error: unknown, ...codes: readonly string[]): error is ApiError {
  return error instanceof ApiError && codes.includes(error.code);
}

interface CurrentOwner {
  readonly owner?: string;
  readonly ownerName?: string;
  readonly ownerEpoch?: number;
}

/** Who has it now, as a conflict's problem document says. */
export function currentOwner(error: ApiError): CurrentOwner {
  const { current } = error.problem;
  return typeof current === "object" && current !== null ? (current as CurrentOwner) : {};
}
