import type { Channel } from "../../src/core/adapter.ts";
import { PayloadError, SignatureError } from "../../src/core/errors.ts";

/**
 * The kit's fuzzing takes any refusal of a signed body to be a `PayloadError`, while a body of another account is refused as if unsigned
 * (`security.md` WH-5), with its cause told. For the kit that one refusal is renamed; each channel tests it by itself.
 */
export function renamingAnotherAccount<Config>(channel: Channel<Config>): Channel<Config> {
  return {
    ...channel,
    async create(config, deps) {
      const adapter = await channel.create(config, deps);
      const receive: typeof adapter.receive = (request) =>
        adapter.receive(request).catch((error: unknown) => {
          if (error instanceof SignatureError && error.cause === "another_account")
            throw new PayloadError("Another account.");
          throw error;
        });
      return { ...adapter, receive };
    },
  };
}
