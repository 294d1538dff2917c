import type { AdapterDeps, WebhookRequest } from "../../src/core/adapter.ts";
import { PayloadError, SignatureError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import {
  isSigned,
  MAX_ENVELOPE_BYTES,
  type Packets,
  readSignedQuery,
  type SignedQuery,
} from "../shared/weixin-crypt.ts";
import type { XmlReader } from "../shared/xml.ts";

/** A push as it is read: the fields of its JSON or XML. */
export type Fields = Readonly<Record<string, unknown>>;
export type Opened =
  /** The check of the address: to be answered with exactly this. */
  { readonly echo: string; readonly push?: undefined } | { readonly echo?: undefined; readonly push: Fields };

export interface DoorOptions {
  readonly token: string;
  /** In secure and compatible mode; then only the sealed copy counts. */
  readonly packets: Packets | undefined;
  readonly deps: Pick<AdapterDeps, "now" | "state">;
  readonly readXml: XmlReader;
}

/** How long a plain signature's body is remembered: longer than its time is good for. */
const REMEMBERED_MS = 15 * 60_000;

/**
 * Proves that a request is WeChat's and opens it.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
 */
export function createDoor({
  token,
  packets,
  deps,
  readXml,
}: DoorOptions): (request: WebhookRequest) => Promise<Opened> {
  return async (request) => {
    const query = readSignedQuery(request.url, deps.now());
    if (query === undefined) throw new SignatureError();
    const { timestamp, nonce } = query;
    const signature = query.get("signature");
    // In secure mode it proves nothing about the body, yet WeChat sends it, and a wrong one is not WeChat's.
    if (!(await isSigned(signature, token, [timestamp, nonce]))) throw new SignatureError();
    if (request.method === "GET") return { echo: readEcho(query) };
    if (request.method !== "POST") throw new SignatureError();
    if (packets !== undefined) return { push: await openSealed(request, query, packets) };
    if ((query.get("encrypt_type") ?? "raw") !== "raw") throw new SignatureError();
    await bindToBody(signature ?? "", request.body);
    return { push: samePerson(read(request.body), query) };
  };

  function readEcho(query: SignedQuery): string {
    const echo = query.get("echostr") ?? "";
    // It goes back to whoever asked: letters and digits only, so that it can be no page (`security.md` WH-4).
    if (!/^[A-Za-z0-9]{1,64}$/.test(echo)) throw new SignatureError();
    return echo;
  }

  async function openSealed(request: WebhookRequest, query: SignedQuery, with_: Packets): Promise<Fields> {
    const envelope = readUnproven(request.body);
    const encrypted = typeof envelope.Encrypt === "string" ? envelope.Encrypt : undefined;
    const genuine =
      query.get("encrypt_type") === "aes" &&
      (await isSigned(query.get("msg_signature"), token, [query.timestamp, query.nonce, encrypted ?? ""]));
    const message = genuine ? await with_.open(encrypted) : undefined;
    if (message === undefined) throw new SignatureError();
    const push = read(message);
    // Beside the packet, where the signature does not reach, stands for whom it is; it must be for whom it says inside.
    if (typeof push.ToUserName === "string" && push.ToUserName !== envelope.ToUserName) throw new SignatureError();
    return samePerson(push, query);
  }

  /** A plain signature covers no body, so one serves one body: seen once, it is no key for others. */
  async function bindToBody(signature: string, body: Uint8Array): Promise<void> {
    const digest = toHex(await sha256(toHex(body)));
    const key = `signature:${signature.toLowerCase()}`;
    const before = await deps.state.get(key);
    if (before !== undefined && before !== digest) throw new SignatureError();
    if (before === undefined) await deps.state.set(key, digest, { ttlMs: REMEMBERED_MS });
  }

  function readUnproven(body: Uint8Array): Fields {
    try {
      return read(body, MAX_ENVELOPE_BYTES);
    } catch (cause) {
      // What cannot be read carries no signature.
      throw new SignatureError(cause);
    }
  }

  /** JSON or XML, whatever the console says: they cannot be taken for each other. */
  function read(body: Uint8Array, maxBytes?: number): Fields {
    const first = body.find((byte) => byte > 0x20);
    if (first === "<".charCodeAt(0)) return readXml(body, maxBytes);
    const value = parseJson(body);
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new PayloadError("A push is an object.");
    return { ...value };
  }
}

/** The query names the person of a message once more. System events may name another. */
function samePerson(push: Fields, query: SignedQuery): Fields {
  const openid = query.get("openid");
  const isMessage =
    typeof push.MsgType === "string" && push.MsgType !== "event" && typeof push.FromUserName === "string";
  if (isMessage && openid !== undefined && openid !== push.FromUserName) throw new SignatureError();
  return push;
}
