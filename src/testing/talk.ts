import assert from "node:assert/strict";
import type { Address, OutboundMessage, Receipt } from "../core/adapter.ts";
import type { Content } from "../core/content.ts";
import { type AdapterSuite, type Bench, createBench } from "./suite.ts";

/** A bench whose first person has written, so that there is somewhere to answer. */
export interface Talk extends Bench {
  readonly address: Address;
  say(content: Content, options?: { readonly signal?: AbortSignal }): Promise<Receipt>;
}

export async function createTalk<Config>(suite: AdapterSuite<Config>): Promise<Talk> {
  const bench = await createBench(suite);
  const [event] = await bench.receive(
    await bench.fake.webhook({ type: "text", userId: bench.fake.people[0], text: "hi" }),
  );
  assert(event?.type === "message");
  const { address } = event.message;
  let count = 0;
  const toMessage = (content: Content): OutboundMessage => {
    count += 1;
    // LINE and others want a UUID.
    const idempotencyKey = `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`;
    return { idempotencyKey, address, content, author: { kind: "bot" } };
  };
  const { replyWindowMessages = Number.POSITIVE_INFINITY } = suite.channel.capabilities;
  let heardAt = 0;
  return {
    ...bench,
    address,
    async say(content, options) {
      // Where the platform takes only so many answers to one message, the person writes again in time; one part may be two of them.
      if (bench.fake.sent.length - heardAt > replyWindowMessages - 2) {
        await bench.receive(await bench.fake.webhook({ type: "text", userId: bench.fake.people[0], text: "hi" }));
        heardAt = bench.fake.sent.length;
      }
      return bench.adapter.send(toMessage(content), options);
    },
  };
}
