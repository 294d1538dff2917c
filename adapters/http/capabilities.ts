import type { Capabilities } from "../../src/core/adapter.ts";

/** The other side gets our content as it is and shows what it can; it drops a `webhook-id` it has seen. */
export const HTTP: Capabilities = {
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
  storedIsSent: false,
  identityLevel: "claimed",
};
