import type { WebhookRequest } from "../../src/core/adapter.ts";
import { PayloadError, SignatureError } from "../../src/core/errors.ts";
import { isSigned, MAX_ENVELOPE_BYTES, type Packets, readSignedQuery } from "../shared/weixin-crypt.ts";
import type { XmlFields, XmlReader } from "../shared/xml.ts";

export interface DoorOptions {
  readonly token: string;
  readonly corpId: string;
  readonly packets: Packets;
  readonly now: () => number;
  readonly readXml: XmlReader;
}

export type Opened =
  /** The check of the address: to be answered with exactly this. */
  { readonly echo: string; readonly notice?: undefined } | { readonly echo?: undefined; readonly notice: XmlFields };

/** Proves that a request is WeCom's and opens it. https://developer.work.weixin.qq.com/document/path/90930 */
export function createDoor({
  token,
  corpId,
  packets,
  now,
  readXml,
}: DoorOptions): (request: WebhookRequest) => Promise<Opened> {
  return async (request) => {
    const query = readSignedQuery(request.url, now());
    if (query === undefined) throw new SignatureError();
    const { timestamp, nonce } = query;
    const isGet = request.method === "GET";
    // Some proxies turn a plus sign of the address into a space; base64 has none.
    const sealed = isGet ? query.get("echostr")?.replaceAll(" ", "+") : sealedIn(request);
    const genuine =
      sealed !== undefined && (await isSigned(query.get("msg_signature"), token, [timestamp, nonce, sealed]));
    const message = genuine ? await packets.open(sealed) : undefined;
    if (message === undefined) throw new SignatureError();
    if (!isGet) return { notice: readXml(message) };
    const echo = new TextDecoder().decode(message);
    if (!/^[A-Za-z0-9]{1,64}$/.test(echo)) throw new SignatureError();
    return { echo };
  };

  function sealedIn({ method, body }: WebhookRequest): string | undefined {
    if (method !== "POST") return undefined;
    const { ToUserName, Encrypt, AgentID = "", ...rest } = envelopeOf(body);
    // Beside the packet, where the signature does not reach, nothing may stand that WeCom does not put there.
    const asSent = ToUserName === corpId && /^\d*$/.test(String(AgentID)) && Object.keys(rest).length === 0;
    return asSent && typeof Encrypt === "string" ? Encrypt : undefined;
  }

  function envelopeOf(body: Uint8Array): XmlFields {
    try {
      return readXml(body, MAX_ENVELOPE_BYTES);
    } catch (cause) {
      if (cause instanceof PayloadError) throw new SignatureError(cause);
      throw cause;
    }
  }
}
