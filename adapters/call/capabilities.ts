import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/** What can be said to a caller afterwards: words, which the call centre sends on. A caller's number is a claim, never proof. */
export const CALL: Capabilities = {
  ...PLAIN_TEXT,
  maxTextLength: 2000,
  idempotentSend: true,
  identityLevel: "claimed",
};
