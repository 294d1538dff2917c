import { z } from "zod";
import type { AdapterDeps } from "../../src/core/adapter.ts";

const storedSchema = z.object({ token: z.string(), until: z.number(), usedBy: z.string().optional() });

/** The newest token of each chat by which it may be answered for a while (LINE's reply token); kept in the inbox's sealed state. */
export interface ReplyTokens {
  keep(to: string, token: string): Promise<void>;
  /** The token for this delivery, from now on nobody else's; `again` when the same delivery has tried it before. */
  take(to: string, usedBy: string): Promise<{ readonly token: string; readonly again: boolean } | undefined>;
  /** After the platform certainly did not take it: another attempt may. */
  giveBack(to: string, token: string): Promise<void>;
  /** The token as long as it lives, for those that answer more than once. */
  find(to: string): Promise<string | undefined>;
}

export function createReplyTokens(
  { state, now }: Pick<AdapterDeps, "state" | "now">,
  { lifeMs, name = "reply" }: { readonly lifeMs: number; readonly name?: string },
): ReplyTokens {
  const keyOf = (to: string) => `${name}:${to}`;
  async function read(to: string) {
    const text = await state.get(keyOf(to));
    const stored = text === undefined ? undefined : storedSchema.safeParse(JSON.parse(text)).data;
    return stored !== undefined && stored.until > now() ? stored : undefined;
  }
  const write = (to: string, value: z.output<typeof storedSchema>) =>
    state.set(keyOf(to), JSON.stringify(value), { ttlMs: Math.max(1, value.until - now()) });

  return {
    async keep(to, token) {
      // A redelivered event brings the same token, which may be used by now.
      if ((await read(to))?.token !== token) await write(to, { token, until: now() + lifeMs });
    },
    async take(to, usedBy) {
      const stored = await read(to);
      if (stored === undefined || (stored.usedBy !== undefined && stored.usedBy !== usedBy)) return undefined;
      await write(to, { ...stored, usedBy });
      return { token: stored.token, again: stored.usedBy === usedBy };
    },
    async giveBack(to, token) {
      const stored = await read(to);
      if (stored?.token === token) await write(to, { token, until: stored.until });
    },
    async find(to) {
      return (await read(to))?.token;
    },
  };
}
