import { expect, it } from "vitest";
import type { Channel } from "../../src/core/adapter.ts";
import { createRecorder } from "../../src/node/recorder.ts";

it("replaces who somebody is, and keeps what kind of id it is", async () => {
  const sender = { id: "29:1a2b3c4d-aaaa-4bbb-8ccc-0123456789ab" };
  const message = { channelMessageId: "m1", sender, address: {}, at: 0, content: { type: "text", text: "hi" } };
  // What a recorder wraps and reads of an adapter, and no more.
  const channel = {
    channel: "teams",
    create: async () => ({ receive: async () => ({ events: [{ type: "message", message }] }) }),
  } as unknown as Channel;
  const body = new TextEncoder().encode(JSON.stringify({ from: sender }));
  // The key of a pseudonym is another in each process.
  for (let i = 0; i < 50; i += 1) {
    const recorder = createRecorder(1, () => 0);
    const [wrapped] = recorder.wrap([channel]);
    const deps = { inboxId: "t" } as Parameters<Channel["create"]>[1];
    await (await wrapped?.create({}, deps))?.receive({ body } as never);
    const [recorded] = recorder.recordings("t");
    if (recorded === undefined) throw new Error("Nothing was recorded.");
    const { id } = (recorded.body as { readonly from: { readonly id: string } }).from;
    expect(id).toMatch(/^29:[0-9a-f]{8}-/);
    expect(id).not.toBe(sender.id);
    expect(recorded.events).toMatchObject([{ message: { sender: { id } } }]);
  }
});
