import { z } from "zod";
import { callPlatform } from "../../../adapters/shared/call.ts";
import { field } from "../../../adapters/shared/field.ts";
import { createHmac, fromHex } from "../../../adapters/shared/hmac.ts";
import { parseJson } from "../../../adapters/shared/json.ts";
import { delivered, refusedByStatus } from "../../../adapters/shared/receipts.ts";
import { soundContent, wireId, wireText } from "../../../adapters/shared/wire.ts";
import { type AdapterDeps, defineChannel, type InboundEvent, PLAIN_TEXT } from "../../../src/core/adapter.ts";
import { SignatureError } from "../../../src/core/errors.ts";

const pigeonConfig = z.strictObject({
  secret: field(z.string().trim().min(32), {
    secret: true,
    title: { zh: "密钥", en: "Secret" },
    help: { zh: "信鸽后台「开发」页里的密钥。", en: "From the Development page of your loft." },
  }),
});
const capabilities = { ...PLAIN_TEXT, maxTextLength: 1000 };

export const pigeon = defineChannel({
  channel: "pigeon",
  title: { zh: "信鸽", en: "Pigeon post" },
  config: pigeonConfig,
  capabilities,
  create({ secret }: z.output<typeof pigeonConfig>, deps: AdapterDeps) {
    const hmac = createHmac(secret);
    return {
      channel: "pigeon",
      capabilities,
      async receive({ headers, body }) {
        const genuine = await hmac.verify(fromHex(headers.get("pigeon-signature")), body);
        if (!genuine) throw new SignatureError();
        return { events: [parseNote(parseJson(body))], response: new Response(null, { status: 200 }) };
      },
      async send({ address, content, idempotencyKey }, { signal } = {}) {
        const json = { to: address.loft, text: content.type === "text" ? content.text : "" };
        const headers = { authorization: `Bearer ${secret}`, "idempotency-key": idempotencyKey };
        const answer = await callPlatform(deps, { url: "https://api.pigeon.example/notes", headers, json, signal });
        if (!answer.answered) return answer.receipt;
        const note = noteSchema.pick({ id: true }).safeParse(answer.body);
        return answer.status === 200 && note.success
          ? delivered(note.data.id)
          : refusedByStatus(answer.status, answer.headers, `The loft answered ${answer.status}.`);
      },
    };
  },
});

/** https://docs.pigeon.example/notes */
const noteSchema = z.object({ id: wireId, from: wireId, text: wireText, at: z.int() });

function parseNote(raw: unknown): InboundEvent {
  const note = noteSchema.safeParse(raw).data;
  if (note === undefined) return { type: "unsupported", kind: "unknown", raw };
  const content = soundContent({ type: "text", text: note.text });
  const message = {
    channelMessageId: note.id,
    sender: { id: note.from },
    address: { loft: note.from },
    content,
    at: note.at,
  };
  return { type: "message", message };
}
