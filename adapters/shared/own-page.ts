import type { Adapter, Capabilities } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { delivered } from "./receipts.ts";

/** What our own chat page shows: everything, since it reads the stored messages themselves. */
export const OWN_PAGE: Capabilities = {
  image: true,
  audio: true,
  video: true,
  file: true,
  location: true,
  link: true,
  card: true,
  carousel: true,
  product: true,
  order: true,
  maxChoices: 20,
  maxActions: 10,
  maxLabelLength: 200,
  maxTextLength: 20_000,
  textUnit: "utf16",
  idempotentSend: true,
  storedIsSent: true,
  identityLevel: "verified",
};

/** A channel whose people write by the visitor API. */
export function createOwnPageAdapter(channel: string): Adapter {
  return {
    channel,
    capabilities: OWN_PAGE,
    // No platform calls us: who posts here is nobody we know.
    receive: () => Promise.reject(new SignatureError()),
    send: (message) => Promise.resolve(delivered(message.idempotencyKey)),
  };
}
