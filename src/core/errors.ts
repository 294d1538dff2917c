/**
 * Every error the project throws on purpose. `code` is `area.reason`, stable for ever; the message is a sentence for people.
 * `src/http/problem.ts` maps the class to a status; anything that is not an `XiaoerError` is answered as `internal`.
 */
export class XiaoerError extends Error {
  readonly code: string;
  /** Where in the input the fault lies, for forms and imports. */
  readonly issues: readonly Issue[];
  constructor(
    code: string,
    message: string,
    options?: { readonly cause?: unknown; readonly issues?: readonly Issue[] },
  ) {
    super(message, { cause: options?.cause });
    this.name = new.target.name;
    this.code = code;
    this.issues = options?.issues ?? [];
  }
}

export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** 400: not the shape of a request at all. */
export class MalformedError extends XiaoerError {}
/** 401: not who it claims to be. */
export class UnauthenticatedError extends XiaoerError {}
/** 403: known, and not allowed. */
export class ForbiddenError extends XiaoerError {}
/** 404: unknown, or another shop's; the two look the same on purpose. */
export class NotFoundError extends XiaoerError {}
/** 409: true a moment ago, no longer. */
export class ConflictError extends XiaoerError {
  /** What holds now, for the caller to show: the owner and epoch of a session, the assignee of a ticket. */
  readonly current: Readonly<Record<string, unknown>>;
  constructor(code: string, message: string, current: Readonly<Record<string, unknown>> = {}) {
    super(code, message);
    this.current = current;
  }
}
/** 412: someone else saved first. */
export class PreconditionError extends XiaoerError {
  /** What they saved. */
  readonly current: unknown;
  constructor(code: string, message: string, current?: unknown) {
    super(code, message);
    this.current = current;
  }
}
/** 413: larger than the limit. */
export class TooLargeError extends XiaoerError {}
/** 415: a media type we do not take. */
export class UnsupportedTypeError extends XiaoerError {}
/** 422: well-formed and still wrong. */
export class InvalidError extends XiaoerError {}
/** 429: too often. */
export class LimitError extends XiaoerError {
  readonly retryAfterMs: number;
  constructor(code: string, message: string, retryAfterMs: number) {
    super(code, message);
    this.retryAfterMs = retryAfterMs;
  }
}
/** 503: not now; the same request may succeed later. */
export class UnavailableError extends XiaoerError {
  readonly retryAfterMs: number;
  constructor(code: string, message: string, options?: { readonly cause?: unknown; readonly retryAfterMs?: number }) {
    super(code, message, { cause: options?.cause });
    this.retryAfterMs = options?.retryAfterMs ?? 2000;
  }
}

/** Thrown by `Adapter.receive` when the request is not proven to be the platform's: 401, nothing stored, one wording for every cause. */
export class SignatureError extends UnauthenticatedError {
  constructor(cause?: unknown) {
    super("channel.signature_invalid", "The request is not signed by the platform.", { cause });
  }
}
/** Thrown by `Adapter.receive` for a proven request whose body is not the documented shape: 400. */
export class PayloadError extends MalformedError {
  constructor(detail: string, cause?: unknown) {
    super("channel.payload_invalid", detail, { cause });
  }
}
/** A channel's configuration that cannot work: the inbox does not start. */
export class ConfigError extends InvalidError {}
