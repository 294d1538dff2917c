import {
  createFakeDoor,
  type FakeClock,
  type FakePlatform,
  type FakeSent,
  toBody,
} from "../../../adapters/shared/fake.ts";
import { createHmac } from "../../../adapters/shared/hmac.ts";
import { toHex } from "../../../adapters/shared/secrets.ts";

export function createFakePigeon({ secret }: { secret: string }, { clock }: { clock: FakeClock }): FakePlatform {
  const sent: FakeSent[] = [];
  let count = 0;
  const status = { "429": 429, "500": 500, "502": 502, "401": 401, gone: 410 };
  const door = createFakeDoor({
    origin: "https://api.pigeon.example",
    refuse: (failure) => new Response(null, { status: status[failure], headers: { "retry-after": "7" } }),
    async serve(request) {
      const { to, text } = await request.json();
      if (typeof to !== "string" || text.trim() === "" || text.length > 1000)
        return new Response(null, { status: 400 });
      count += 1;
      sent.push({
        to,
        messageId: `out${count}`,
        text,
        buttons: [],
        method: "notes",
        payload: { to, text },
        at: clock.now(),
      });
      return Response.json({ id: `out${count}` });
    },
  });
  async function sign(body: unknown): Promise<Request> {
    const bytes = toBody(body);
    const headers = { "pigeon-signature": toHex(await createHmac(secret).sign(bytes)) };
    return new Request("https://desk.test/webhooks/in_1", { method: "POST", headers, body: bytes });
  }
  return {
    channel: "pigeon",
    ...door,
    sent,
    clock,
    sign,
    people: ["loft-1", "loft-2"],
    plays: ["text", "unknown"],
    webhook: (event) => {
      count += 1;
      const frame = { id: `in${count}`, from: event.userId, at: clock.now() };
      return sign(event.type === "text" ? { ...frame, text: event.text } : { ...frame, dance: 1 });
    },
  };
}
