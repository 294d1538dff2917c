/** Errors as `application/problem+json` (RFC 9457); what is not ours to tell is `internal`. */
import * as errors from "../core/errors.ts";

type ErrorClass = new (...args: never[]) => errors.XiaoerError;

/** From the error's class to its status: the only place that knows. The first that fits counts, so subclasses stand first. */
const STATUS: readonly (readonly [ErrorClass, number, string])[] = [
  [errors.MalformedError, 400, "Malformed request"],
  [errors.UnauthenticatedError, 401, "Not authenticated"],
  [errors.ForbiddenError, 403, "Not allowed"],
  [errors.NotFoundError, 404, "Not found"],
  [errors.ConflictError, 409, "Conflict"],
  [errors.PreconditionError, 412, "Changed meanwhile"],
  [errors.TooLargeError, 413, "Too large"],
  [errors.UnsupportedTypeError, 415, "Unsupported media type"],
  [errors.InvalidError, 422, "Invalid"],
  [errors.LimitError, 429, "Too many requests"],
  [errors.UnavailableError, 503, "Not available now"],
];

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly errors.Issue[];
  readonly current?: unknown;
}

export function toProblem(
  error: unknown,
  requestId: string,
): { readonly problem: Problem; readonly headers: Record<string, string> } {
  const known = error instanceof errors.XiaoerError ? STATUS.find(([kind]) => error instanceof kind) : undefined;
  if (known === undefined || !(error instanceof errors.XiaoerError)) {
    return {
      problem: {
        type: "about:blank",
        title: "Internal error",
        status: 500,
        code: "internal",
        detail: "Something went wrong on our side.",
        requestId,
      },
      headers: {},
    };
  }
  const [, status, title] = known;
  const retryAfterMs =
    error instanceof errors.LimitError || error instanceof errors.UnavailableError ? error.retryAfterMs : undefined;
  return {
    problem: {
      type: `urn:xiaoer:error:${error.code}`,
      title,
      status,
      code: error.code,
      detail: error.message,
      requestId,
      ...(error.issues.length === 0 ? {} : { errors: error.issues }),
      ...(error instanceof errors.ConflictError || error instanceof errors.PreconditionError ? currentOf(error) : {}),
    },
    headers: retryAfterMs === undefined ? {} : { "retry-after": String(Math.max(1, Math.ceil(retryAfterMs / 1000))) },
  };
}

function currentOf(error: errors.XiaoerError): { current?: unknown } {
  const current = "current" in error ? error.current : undefined;
  return current === undefined || (typeof current === "object" && current !== null && Object.keys(current).length === 0)
    ? {}
    : { current };
}

export function problemResponse(error: unknown, requestId: string): Response {
  const { problem, headers } = toProblem(error, requestId);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      "x-request-id": requestId,
      "cache-control": "no-store",
      ...headers,
    },
  });
}
