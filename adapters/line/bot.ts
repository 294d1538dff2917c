import type { AdapterDeps } from "../../src/core/adapter.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import { type LineApi, toLineError } from "./api.ts";

/** LINE hangs up on a webhook after 2 s. */
const PATIENCE_MS = 800;
const ASK_EVERY_MS = 60_000;

/**
 * Whether a webhook's `destination` is this inbox's bot (`security.md` WH-4). The bot's id is asked for once and kept. While LINE does not
 * tell it, the first destination under our channel's own signature stands for it, so that an outage of LINE's API loses no message.
 */
export function createIsOurBot(
  channelSecret: string,
  { api, state, now }: Pick<AdapterDeps, "state" | "now"> & { readonly api: LineApi },
): (destination: string) => Promise<boolean> {
  // An inbox may be given another channel's credentials, and its state stays.
  const key = sha256(channelSecret).then((digest) => `bot:${toHex(digest).slice(0, 16)}`);
  let known: string | undefined;
  let assumed: string | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let flight: Promise<string | undefined> | undefined;

  async function find(): Promise<string | undefined> {
    const kept = await state.get(await key);
    if (kept !== undefined || now() - askedAt < ASK_EVERY_MS) return kept;
    askedAt = now();
    const bot = await api({ signal: AbortSignal.timeout(PATIENCE_MS) })
      .getBotInfo()
      .catch((error: unknown) => void toLineError(error));
    if (typeof bot?.userId !== "string") return undefined;
    await state.set(await key, bot.userId);
    return bot.userId;
  }

  return async (destination) => {
    if (known === undefined) {
      flight ??= find().finally(() => {
        flight = undefined;
      });
      known = await flight;
    }
    assumed ??= destination;
    return destination === (known ?? assumed);
  };
}
