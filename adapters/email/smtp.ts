import type { AdapterDeps, Check, Receipt, SendOptions } from "../../src/core/adapter.ts";
import { ForbiddenError } from "../../src/core/errors.ts";
import { delivered, type FailedReceipt, refused } from "../shared/receipts.ts";
import type { ComposedMail } from "./mail.ts";

/** What nodemailer's connection says of a failure. https://nodemailer.com/smtp/#events */
interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string | false;
  readonly responseCode?: number;
}

type Step = "connect" | "login" | "send";

const DEFAULT_TIMEOUT_MS = 10_000;
const LATER_MS = 60_000;
const isIP = /^[\d.]+$|:/;

export interface Smtp {
  deliver(mail: ComposedMail, options: SendOptions): Promise<Receipt>;
  check(options: SendOptions): Promise<readonly Check[]>;
}

/** A connection per mail, by nodemailer, on Node and (with `nodejs_compat`) on Workers. https://nodemailer.com/extras/smtp-connection */
export function createSmtp(smtpUrl: string, deps: Pick<AdapterDeps, "timeoutMs" | "resolve">): Smtp {
  const url = new URL(smtpUrl);
  const secure = url.protocol === "smtps:";
  const user = decodeURIComponent(url.username);
  const pass = decodeURIComponent(url.password);
  const isLocal = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const timeout = deps.timeoutMs ?? DEFAULT_TIMEOUT_MS;

  const host = url.hostname.replaceAll(/[[\]]/g, "");
  const port = url.port === "" ? (secure ? 465 : 587) : Number(url.port);

  /** SMTP is no HTTP and passes by `deps.fetch`; its door is this. `security.md` CN-1. @throws {SmtpFailure} */
  async function addressOf(name: string, to: number): Promise<string> {
    try {
      return (await deps.resolve?.({ host: name, port: to })) ?? name;
    } catch (error) {
      const isRefused = error instanceof ForbiddenError;
      throw new SmtpFailure("connect", { code: isRefused ? "EADDRNOTALLOWED" : "EDNS" });
    }
  }

  /** @throws {SmtpFailure} */
  async function talk(mail: ComposedMail | undefined, signal: AbortSignal | undefined): Promise<void> {
    const { default: SMTPConnection } = await import("nodemailer/lib/smtp-connection");
    const address = await addressOf(host, port);
    const connection = new SMTPConnection({
      host: address,
      port,
      secure,
      // The certificate is of the name, wherever that led.
      ...(address === host || isIP.test(host) ? {} : { servername: host }),
      // A password never goes out in the clear, but to this machine itself.
      requireTLS: !secure && user !== "" && !isLocal,
      connectionTimeout: timeout,
      greetingTimeout: timeout,
      socketTimeout: timeout,
      dnsTimeout: timeout,
      socketCloseTimeout: 0,
    });
    let step: Step = "connect";
    try {
      await new Promise<void>((resolve, reject) => {
        const stop = () => reject(new SmtpFailure(step, {}, true));
        signal?.addEventListener("abort", stop, { once: true });
        connection.on("error", (error: SmtpError) => reject(new SmtpFailure(step, error)));
        connection.on("end", () => reject(new SmtpFailure(step, {})));
        // A server that keeps the line alive and never comes to an end.
        const late = setTimeout(() => reject(new SmtpFailure(step, { code: "ETIMEDOUT" })), timeout * 3);
        const done = (error?: SmtpError | null) => {
          clearTimeout(late);
          if (error) reject(new SmtpFailure(step, error));
          else resolve();
        };
        const submit = () => {
          if (mail === undefined) return done();
          step = "send";
          const envelope = { from: mail.from, to: [mail.to], size: mail.raw.length };
          // nodemailer's own bytes, which it declares as the Buffer they are.
          connection.send(envelope, mail.raw as Parameters<typeof connection.send>[1], (error) => done(error));
        };
        connection.connect((error) => {
          if (error) return done(error);
          if (user === "") return submit();
          step = "login";
          connection.login({ credentials: { user, pass } }, (refusal) => (refusal ? done(refusal) : submit()));
        });
      });
      connection.quit();
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  return {
    async deliver(mail, { signal }) {
      if (signal?.aborted) return refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true });
      try {
        await talk(mail, signal);
        return delivered(mail.messageId);
      } catch (error) {
        if (error instanceof SmtpFailure) return toReceipt(error);
        throw error;
      }
    },
    async check({ signal }) {
      try {
        await talk(undefined, signal);
        return [{ check: "smtp", ok: true, detail: url.host }];
      } catch (error) {
        if (error instanceof SmtpFailure) return [{ check: "smtp", ok: false, detail: toReceipt(error).detail }];
        throw error;
      }
    },
  };
}

class SmtpFailure extends Error {
  readonly step: Step;
  readonly error: SmtpError;
  readonly cancelled: boolean;
  constructor(step: Step, error: SmtpError, cancelled = false) {
    super(`SMTP failed at ${step}.`);
    this.step = step;
    this.error = error;
    this.cancelled = cancelled;
  }
}

/**
 * What a reply means, by its code and its enhanced code. https://www.rfc-editor.org/rfc/rfc5321#section-4.2 and
 * https://www.rfc-editor.org/rfc/rfc3463. Without a reply a mail on its way may have been taken; before `MAIL` it was not.
 */
function toReceipt({ step, error, cancelled }: SmtpFailure): FailedReceipt {
  if (cancelled)
    return refused("delivery.cancelled", "Cancelled while it was being sent.", { retryable: step !== "send" });
  const { responseCode: code, response, command } = error;
  const words = typeof response === "string" ? response.slice(0, 200) : "";
  if (error.code === "EADDRNOTALLOWED")
    return refused("delivery.bad_request", "The SMTP server's address may not be connected to.");
  if (code === undefined) {
    if (step !== "send")
      return refused("delivery.unavailable", `The SMTP server could not be reached (${error.code ?? "closed"}).`);
    if (error.code === "EENVELOPE") return refused("delivery.bad_request", "The SMTP client refused the addresses.");
    return refused("delivery.outcome_unknown", "The SMTP server did not say whether it took the mail.");
  }
  const detail = `SMTP: ${words || code}`;
  const enhanced = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})/.exec(words)?.[1] ?? "";
  if (step === "login" || [530, 534, 535, 538].includes(code)) return refused("delivery.unauthorized", detail);
  // Gmail and others: a day's number is used up.
  if (/^[45]\.4\.5$/.test(enhanced) || /quota|daily .*limit/i.test(words))
    return refused("delivery.quota_exhausted", detail);
  if (code === 421 || /^4\.7\./.test(enhanced))
    return refused("delivery.rate_limited", detail, { retryAfterMs: LATER_MS });
  if (code < 500) return refused("delivery.unavailable", detail, { retryAfterMs: LATER_MS });
  const isPolicy = /^5\.7\./.test(enhanced);
  const isGone =
    /^5\.1\.|^5\.2\.1$/.test(enhanced) || (command === "RCPT TO" && !isPolicy && [550, 551, 553].includes(code));
  return refused(isGone ? "delivery.recipient_gone" : "delivery.bad_request", detail);
}
