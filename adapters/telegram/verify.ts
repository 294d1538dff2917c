import { createSecretCheck } from "../shared/secrets.ts";

/** Telegram signs nothing: this header, agreed on with `setWebhook`, is the only proof. https://core.telegram.org/bots/api#setwebhook */
export const SECRET_HEADER = "x-telegram-bot-api-secret-token";

/** Whether a webhook is Telegram's. A header sent twice arrives joined with a comma, which no secret contains. */
export function createVerify(secretToken: string): (headers: Headers) => Promise<boolean> {
  const isOurs = createSecretCheck(secretToken);
  return (headers) => isOurs(headers.get(SECRET_HEADER));
}
