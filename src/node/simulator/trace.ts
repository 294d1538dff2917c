import type { NativeMessage, TraceEntry } from "../../http/simulator-contract.ts";

/** Steps kept for each channel. */
const KEPT = 200;
const MOST_BODY = 60_000;

export type ExchangeEntry = Extract<TraceEntry, { kind: "webhook" | "call" }>;
export interface Exchange {
  readonly entry: ExchangeEntry;
  /** Whose phone it belongs to; absent: everybody's, such as a token that is fetched. */
  readonly userId?: string;
}

export function createTrace() {
  const exchanges: Exchange[] = [];
  let count = 0;
  return {
    exchanges: exchanges as readonly Exchange[],
    add(entry: Omit<ExchangeEntry, "id">, userId?: string): void {
      count += 1;
      exchanges.push({ entry: { id: `x${count}`, ...entry }, ...(userId === undefined ? {} : { userId }) });
      if (exchanges.length > KEPT) exchanges.shift();
    },
  };
}

const CREDENTIALS = /authorization|cookie|token|secret|api-key/i;

export async function toNative(message: Request | Response): Promise<NativeMessage> {
  const headers = [...message.headers].map(([name, value]) => [name, CREDENTIALS.test(name) ? "••••" : value] as const);
  const text = (await message.text()).slice(0, MOST_BODY);
  return { headers: Object.fromEntries(headers), body: readBody(text) };
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // XML, a form, a file
  }
}
