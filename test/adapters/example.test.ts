import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { testAdapter } from "../conformance/adapter.ts";
import { pigeon } from "./example/pigeon.ts";
import { createFakePigeon } from "./example/pigeon-fake.ts";

// The smallest adapter there is, so that the suite is itself tested on a channel that signs its bodies and shows nothing but text.
testAdapter({
  channel: pigeon,
  config: { secret: "coo-coo-coo-coo-coo-coo-coo-coo-coo" },
  otherSecret: { secret: "caw-caw-caw-caw-caw-caw-caw-caw-caw" },
  createFake: createFakePigeon,
  fixtures: [
    {
      name: "note",
      source: "https://docs.pigeon.example/notes",
      request: { body: { id: "n1", from: "loft-1", text: "在吗", at: 1767578400000 } },
      events: [
        {
          type: "message",
          message: {
            channelMessageId: "n1",
            sender: { id: "loft-1" },
            address: { loft: "loft-1" },
            content: { type: "text", text: "在吗" },
            at: 1767578400000,
          },
        },
      ],
    },
  ],
  skip: { "reports gone": "Pigeons do not tell." },
});

test("the README shows this very adapter", () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
  const shown = read("../../adapters/README.md").split("```ts\n")[1]?.split("```")[0];
  expect(shown).toBe(
    read("example/pigeon.ts").replaceAll("../../../adapters/", "../").replaceAll("../../../src/", "../../src/"),
  );
});
