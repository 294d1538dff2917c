import { z } from "zod";
import type { AdapterDeps, DeliveryCode, FetchedMedia, SendOptions } from "../../src/core/adapter.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import { createAccessTokens } from "./access-token.ts";
import { callPlatform, type PlatformCall } from "./call.ts";
import { factsOf } from "./fetch-media.ts";
import { type FailedReceipt, refused, refusedByStatus } from "./receipts.ts";

/** The API of WeChat or WeCom: a token in the query, HTTP 200 for everything, the outcome in `errcode`. */
export interface WeixinApi {
  /** Calls a path with the token; a token refused is renewed and the call repeated once. */
  call(path: string, call?: WeixinCall): Promise<WeixinAnswer>;
  /** Gives a file to the platform for three days; its media id. */
  upload(type: WeixinMediaType, file: WeixinFile, options?: SendOptions): Promise<Uploaded>;
  /**
   * A file the platform keeps; undefined when it is gone.
   * @throws {UnavailableError} `channel.media_unavailable`
   */
  download(mediaId: string, options?: SendOptions): Promise<FetchedMedia | undefined>;
}

export type WeixinMediaType = "image" | "voice" | "video" | "file";
export interface WeixinFile {
  readonly blob: Blob;
  readonly name: string;
}
export type WeixinAnswer =
  | { readonly ok: true; readonly body: unknown }
  /** `errcode` is undefined when the platform did not come to one. */
  | { readonly ok: false; readonly receipt: FailedReceipt; readonly errcode?: number };
type Uploaded =
  | { readonly ok: true; readonly mediaId: string }
  | { readonly ok: false; readonly receipt: FailedReceipt };

interface WeixinCall extends Pick<PlatformCall, "json" | "body" | "method" | "signal"> {
  readonly query?: Readonly<Record<string, string>>;
}

export interface WeixinApiOptions {
  readonly deps: Pick<AdapterDeps, "fetch" | "timeoutMs" | "now" | "state">;
  readonly root: string;
  /** In receipts. */
  readonly vendor: string;
  /** The request for a new token; `force` after the platform gave one again that it refuses. */
  tokenCall(force: boolean): Pick<PlatformCall, "method" | "json"> & { readonly path: string };
  /** What a code means, beyond the few that mean the same everywhere. */
  readonly meanings: Readonly<Record<number, CodeMeaning>>;
}

export interface CodeMeaning {
  readonly code: DeliveryCode;
  readonly retryAfterMs?: number;
}

const errorSchema = z.object({ errcode: z.int(), errmsg: z.string().default("") });
const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });
const uploadSchema = z.object({ media_id: z.string().min(1) });
/** "access_token missing", "invalid credential", "invalid access_token", "access_token expired". */
const TOKEN_REFUSED = new Set([40001, 40014, 41001, 42001]);
/** "invalid media_id": kept for three days, then gone. */
const MEDIA_GONE = 40007;

export function createWeixinApi({ deps, root, vendor, tokenCall, meanings }: WeixinApiOptions): WeixinApi {
  const base = root.replace(/\/+$/, "");
  let refusedToken: string | undefined;
  const tokens = createAccessTokens(deps, "access_token", async () => {
    const first = await fetchToken(false);
    return first.ok && first.token === refusedToken ? fetchToken(true) : first;
  });

  async function fetchToken(force: boolean) {
    const { path, ...request } = tokenCall(force);
    const answer = await callPlatform(deps, { url: `${base}${path}`, ...request });
    if (!answer.answered) return { ok: false as const, receipt: notSent(answer.receipt) };
    const token = tokenSchema.safeParse(answer.body).data;
    if (token !== undefined)
      return { ok: true as const, token: token.access_token, expiresInMs: token.expires_in * 1000 };
    const failed = toFailure(answer.status, answer.headers, answer.body);
    const { receipt } = failed ?? { receipt: refused("delivery.unavailable", `${vendor} gave no access token.`) };
    return { ok: false as const, receipt: notSent(receipt) };
  }

  function toFailure(status: number, headers: Headers, body: unknown) {
    const error = errorSchema.safeParse(body).data;
    if (error === undefined) {
      return status === 200
        ? undefined
        : { ok: false as const, receipt: refusedByStatus(status, headers, `${vendor} answered ${status}.`) };
    }
    if (error.errcode === 0) return undefined;
    const detail = `${vendor} ${error.errcode}: ${error.errmsg.slice(0, 200)}`;
    const { code, ...extra } = meanings[error.errcode] ?? { code: "delivery.bad_request" as const };
    return { ok: false as const, errcode: error.errcode, receipt: refused(code, detail, extra) };
  }

  async function callOnce(path: string, token: string, { query, ...call }: WeixinCall): Promise<WeixinAnswer> {
    const url = `${base}${path}?${new URLSearchParams({ access_token: token, ...query })}`;
    const answer = await callPlatform(deps, { url, ...call });
    if (!answer.answered) return { ok: false, receipt: answer.receipt };
    const failed = toFailure(answer.status, answer.headers, answer.body);
    if (failed !== undefined) return failed;
    if (typeof answer.body === "object" && answer.body !== null) return { ok: true, body: answer.body };
    return { ok: false, receipt: refused("delivery.outcome_unknown", `The answer is not ${vendor}'s.`) };
  }

  async function withToken<T>(work: (token: string) => Promise<T>, isRefused: (result: T) => boolean) {
    const token = await tokens.get();
    if (!token.ok) return token;
    const result = await work(token.token);
    if (!isRefused(result)) return { ok: true as const, result };
    refusedToken = token.token;
    const renewed = await tokens.renew(token.token);
    return renewed.ok ? { ok: true as const, result: await work(renewed.token) } : renewed;
  }

  async function call(path: string, request: WeixinCall = {}): Promise<WeixinAnswer> {
    if (request.signal?.aborted) {
      return {
        ok: false,
        receipt: refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true }),
      };
    }
    const answer = await withToken(
      (token) => callOnce(path, token, request),
      (result) => !result.ok && result.errcode !== undefined && TOKEN_REFUSED.has(result.errcode),
    );
    return answer.ok ? answer.result : answer;
  }

  async function download(mediaId: string, { signal }: SendOptions = {}): Promise<FetchedMedia | undefined> {
    const get = (url: string) =>
      // The url holds the token, so the cause, whose message may quote it, stays here.
      deps.fetch(url, { signal: signal ?? null }).catch(() => {
        throw unavailable("The file could not be fetched.");
      });
    const answer = await withToken(
      async (token) => {
        const response = await get(
          `${base}/cgi-bin/media/get?${new URLSearchParams({ access_token: token, media_id: mediaId })}`,
        );
        const isJson = /json|text\/plain/.test(response.headers.get("content-type") ?? "");
        return { response, body: isJson ? await response.json().catch(() => undefined) : undefined };
      },
      ({ body }) => TOKEN_REFUSED.has(errorSchema.safeParse(body).data?.errcode ?? 0),
    );
    if (!answer.ok) throw unavailable(answer.receipt.detail);
    const { response, body } = answer.result;
    if (body === undefined) return toMedia(response);
    // A video is answered with where it lies.
    const video = z.object({ video_url: z.url({ protocol: /^https?$/ }) }).safeParse(body).data;
    if (video !== undefined) return toMedia(await get(video.video_url));
    const error = errorSchema.safeParse(body).data;
    if (error?.errcode === MEDIA_GONE) return undefined;
    throw unavailable(`${vendor} ${error?.errcode ?? "gave no file"}.`);
  }

  return {
    call,
    download,
    async upload(type, { blob, name }, { signal } = {}) {
      const body = new FormData();
      body.append("media", blob, name);
      const answer = await call("/cgi-bin/media/upload", { query: { type }, body, signal });
      if (!answer.ok) return { ok: false, receipt: notSent(answer.receipt) };
      const file = uploadSchema.safeParse(answer.body).data;
      return file === undefined
        ? { ok: false, receipt: refused("delivery.bad_request", `${vendor} did not take the file.`) }
        : { ok: true, mediaId: file.media_id };
    },
  };
}

/** An upload or a token is no message: when its outcome is unknown, nothing has been said. */
function notSent(receipt: FailedReceipt): FailedReceipt {
  return receipt.code === "delivery.outcome_unknown" ? { ...receipt, code: "delivery.unavailable" } : receipt;
}

async function toMedia(response: Response): Promise<FetchedMedia | undefined> {
  if (response.status === 404) return undefined;
  if (!response.ok || response.body === null) throw unavailable(`The file was answered with ${response.status}.`);
  const name = /filename="?([^";]+)"?/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return { body: response.body, ...factsOf(response), ...(name && { name }) };
}

function unavailable(detail: string): UnavailableError {
  return new UnavailableError("channel.media_unavailable", detail);
}
