/** The last webhooks of each inbox, without the people in them: what fixtures are made of. In memory only, and only when asked for. */
import { createHmac, randomBytes } from "node:crypto";
import type { Channel, InboundEvent, WebhookRequest } from "../core/adapter.ts";
import type { RecordedWebhook } from "../http/simulator-contract.ts";
import { ACCOUNTS } from "../testing/accounts.ts";

export interface Recorder {
  /** The channels, except that what their adapters read is kept. */
  wrap(channels: readonly Channel[]): readonly Channel[];
  /** Newest first. */
  recordings(inboxId: string): readonly RecordedWebhook[];
}

export function createRecorder(limit: number, now: () => number): Recorder {
  const kept = new Map<string, readonly RecordedWebhook[]>();
  // Another in each process, so that nobody is found again by their pseudonym.
  const key = randomBytes(32);
  const keep = (inboxId: string, recorded: RecordedWebhook) =>
    kept.set(inboxId, [recorded, ...(kept.get(inboxId) ?? [])].slice(0, limit));
  return {
    recordings: (inboxId) => kept.get(inboxId) ?? [],
    wrap: (channels) =>
      channels.map((channel) => ({
        ...channel,
        async create(config, deps) {
          const adapter = await channel.create(config, deps);
          return {
            ...adapter,
            async receive(request) {
              const received = await adapter.receive(request);
              const { events } = received;
              if (events.length > 0) {
                const others = ofTestAccount(channel.channel, config);
                keep(deps.inboxId, {
                  channel: channel.channel,
                  at: now(),
                  ...withoutPeople({ request, events }, others, key),
                });
              }
              return received;
            },
          };
        },
      })),
  };
}

/** The account's own ids and tokens, which stand in some bodies, become those the channel is tested with. */
function ofTestAccount(channel: string, config: unknown): Map<string, string> {
  const tested = Object.entries(ACCOUNTS[channel]?.config ?? {});
  const own = new Map(Object.entries(config ?? {}));
  return new Map(
    tested.flatMap(([name, value]) => {
      const mine: unknown = own.get(name);
      return typeof mine === "string" && typeof value === "string" && mine.length > 3 ? [[mine, value] as const] : [];
    }),
  );
}

/** Fields of a body that say who somebody is, whatever the platform. */
const PERSONAL =
  /^(first_?name|last_?name|user_?name|nick_?name|full_?name|display_?name|real_?name|phone\w*|email|wa_id|avatar\w*|profile_?pic\w*)$/i;
/** Addresses hold plain words too, such as what kind of chat it is. */
const LIKE_AN_ID = /^(?!https?:)(?=.*[\d@]).{5,}$/;
const PHONE_OR_MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?\d[\d -]{6,}\d/g;

/** The same names, ids, phones and mail addresses become the same others in the body and in the events. */
function withoutPeople(
  { request, events }: { readonly request: WebhookRequest; readonly events: readonly InboundEvent[] },
  others: Map<string, string>,
  key: Uint8Array,
) {
  const text = new TextDecoder().decode(request.body);
  const body = readJson(text);
  const hide = (word: string | undefined, other?: string) => {
    if (word !== undefined && word.length > 1 && !others.has(word)) others.set(word, other ?? pseudonym(word, key));
  };
  for (const event of events) {
    const who = event.type === "message" ? event.message : event.type === "presence" ? event : undefined;
    hide(who?.sender.name, "Lee");
    hide(who?.sender.id);
    for (const value of Object.values(who?.address ?? {})) if (LIKE_AN_ID.test(value)) hide(value);
    JSON.stringify(
      "content" in event ? event.content : event.type === "message" ? event.message.content : "",
      (_, value) => {
        if (typeof value === "string") for (const [found] of value.matchAll(PHONE_OR_MAIL)) hide(found);
        return value;
      },
    );
  }
  JSON.stringify(body, (name, value) => {
    if (PERSONAL.test(name) && (typeof value === "string" || typeof value === "number"))
      hide(String(value), /name/i.test(name) ? "Lee" : undefined);
    return value;
  });
  const longestFirst = [...others].toSorted(([a], [b]) => b.length - a.length);
  const changed = (words: string) =>
    longestFirst.reduce(
      (said, [word, other]) =>
        said.replaceAll(word, other).replaceAll(encodeURIComponent(word), encodeURIComponent(other)),
      words,
    );
  const plain = JSON.stringify(events, (name, value) => (name === "raw" ? undefined : value));
  return {
    body: body === undefined ? changed(text) : (JSON.parse(changed(JSON.stringify(body))) as unknown),
    events: JSON.parse(changed(plain)) as readonly object[],
  };
}

const KIND_OF_ID = /^(?:[a-z]{1,10}|\d{1,3}):/i;

/** Of the same form: a digit for a digit, a letter for a letter, hexadecimal for hexadecimal; what is in front stays. */
function pseudonym(word: string, key: Uint8Array): string {
  const stream = createHmac("sha512", key).update(word).digest();
  // 29: is a person of Teams and 28: a bot: what kind of id it is belongs to nobody.
  const kept = Math.max(1, KIND_OF_ID.exec(word)?.[0].length ?? 0);
  return [...word]
    .map((character, index) => {
      const by = stream[index % stream.length] ?? 0;
      if (index < kept) return character;
      const alphabet = ["0123456789", "abcdef", "ABCDEF", "ghijklmnopqrstuvwxyz", "GHIJKLMNOPQRSTUVWXYZ"].find((one) =>
        one.includes(character),
      );
      return alphabet === undefined ? character : (alphabet[by % alphabet.length] ?? character);
    })
    .join("");
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // XML, a form, a mail
  }
}
