import type { AdapterDeps } from "../../../src/core/adapter.ts";
import { pigeon } from "../../adapters/example/pigeon.ts";

/** An adapter as one should not write it: it believes everybody, forgets ids, throws refusals and quotes its secret. */
export const careless = {
  ...pigeon,
  channel: "pigeon",
  async create(config: { secret: string }, deps: AdapterDeps) {
    const adapter = await pigeon.create(config, deps);
    let count = 0;
    return {
      ...adapter,
      async receive({ body }: { body: Uint8Array }) {
        const { from, text } = JSON.parse(new TextDecoder().decode(body));
        count += 1;
        const message = {
          channelMessageId: `${count}`,
          sender: { id: from },
          address: { loft: from },
          content: { type: "text" as const, text },
          at: 1,
        };
        return { events: [{ type: "message" as const, message }], response: new Response(null) };
      },
      async send(...message: Parameters<typeof adapter.send>) {
        const receipt = await adapter.send(...message);
        if (!receipt.ok) throw new Error(`The loft refused ${config.secret}.`);
        return receipt;
      },
    };
  },
};
