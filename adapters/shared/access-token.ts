import { z } from "zod";
import type { AdapterDeps } from "../../src/core/adapter.ts";
import type { FailedReceipt } from "./receipts.ts";

type Fetched =
  | { readonly ok: true; readonly token: string; readonly expiresInMs: number }
  | { readonly ok: false; readonly receipt: FailedReceipt };
type TokenAnswer =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly receipt: FailedReceipt };

/** A platform's access token, kept until shortly before it ends and shared by all processes. */
export interface AccessTokens {
  get(): Promise<TokenAnswer>;
  /** After the platform refused `token`: the one another process fetched meanwhile, or a new one. Repeat the call once with it. */
  renew(token: string): Promise<TokenAnswer>;
}

const storedSchema = z.object({ token: z.string(), until: z.number() });

/** At most one fetch at a time per process; `key` names the token in the inbox's state. */
export function createAccessTokens(
  { state, now }: Pick<AdapterDeps, "state" | "now">,
  key: string,
  fetchToken: () => Promise<Fetched>,
): AccessTokens {
  let kept: z.output<typeof storedSchema> | undefined;
  let flight: Promise<TokenAnswer> | undefined;

  async function load(refused: string | undefined): Promise<TokenAnswer> {
    const stored = await readStored();
    if (stored !== undefined && stored.until > now() && stored.token !== refused) {
      kept = stored;
      return { ok: true, token: stored.token };
    }
    const fetched = await fetchToken();
    if (!fetched.ok) return fetched;
    // A tenth of its life early, at most 5 minutes: a call under way must not see it end.
    const lifeMs = fetched.expiresInMs - Math.min(300_000, fetched.expiresInMs / 10);
    kept = { token: fetched.token, until: now() + lifeMs };
    await state.set(key, JSON.stringify(kept), { ttlMs: lifeMs });
    return { ok: true, token: fetched.token };
  }

  async function readStored() {
    const text = await state.get(key);
    return text === undefined ? undefined : storedSchema.safeParse(JSON.parse(text)).data;
  }

  function once(refused?: string): Promise<TokenAnswer> {
    flight ??= load(refused).finally(() => {
      flight = undefined;
    });
    return flight;
  }

  return {
    get: () => (kept !== undefined && kept.until > now() ? Promise.resolve({ ok: true, token: kept.token }) : once()),
    renew: (token) => {
      if (kept !== undefined && kept.token !== token) return Promise.resolve({ ok: true, token: kept.token });
      kept = undefined;
      return once(token);
    },
  };
}
