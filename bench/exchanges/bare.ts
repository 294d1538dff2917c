/**
 * The limit of the stack: Hono, better-sqlite3 and a keep-alive client, by hand, for this one job. The same tables, indexes and rows, the
 * same durability (`synchronous=FULL`, one commit for all that came in one turn), an answer from a map; no adapter, no other channel, no
 * sessions that change hands, no retries.
 */
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { serve } from "@hono/node-server";
import Database from "better-sqlite3";
import { Hono } from "hono";
import { Pool } from "undici";

const { file, port, platform, token, secret, articles } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as {
  readonly file: string;
  readonly port: number;
  readonly platform: string;
  readonly token: string;
  readonly secret: string;
  readonly articles: readonly { readonly id: string; readonly question: string; readonly answer: string }[];
};
const database = new Database(file);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");
database.pragma("foreign_keys = ON");
database.pragma("cache_size = -65536");
const answers = new Map(articles.map((article) => [article.question, article]));
const pool = new Pool(platform, { connections: 64 });

const party = database.prepare(`select c.id conversation, i.contact_id contact, s.id session from identities i
  join conversations c on c.identity_id = i.id join sessions s on s.contact_id = i.contact_id and s.state <> 'closed'
  where i.inbox_id = 'tg' and i.channel_user_id = ?`);
const newContact = database.prepare(
  "insert into contacts (id, shop_id, name, level, tags, vip, created_at) values (?, 'default', ?, 'claimed', '[]', 0, ?)",
);
const newIdentity = database.prepare(
  "insert into identities (id, shop_id, inbox_id, contact_id, channel_user_id, level, created_at) values (?, 'default', 'tg', ?, ?, 'claimed', ?)",
);
const newConversation = database.prepare(
  "insert into conversations (id, shop_id, inbox_id, channel, identity_id, contact_id, address, created_at) values (?, 'default', 'tg', 'telegram', ?, ?, ?, ?)",
);
const newSession =
  database.prepare(`insert into sessions (id, shop_id, contact_id, conversation_id, inbox_id, channel, state, owner, owner_epoch,
  open_reason, reopen_count, opened_at, last_inbound_at, last_message_at, misses, unread)
  values (?, 'default', ?, ?, 'tg', 'telegram', 'bot', 'bot', 1, 'first', 0, ?, ?, ?, 0, 0)`);
const newMessage =
  database.prepare(`insert into messages (id, shop_id, inbox_id, channel, conversation_id, session_id, contact_id, direction,
  author_kind, content, at, created_at, channel_message_id, client_id, article_id, decided_at, attempts, lease_until)
  values (?, 'default', 'tg', 'telegram', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0) on conflict do nothing`);
const touchSession = database.prepare(
  "update sessions set last_inbound_at = ?, last_message_at = ?, unread = unread + 1, preview = ? where id = ?",
);
const touchConversation = database.prepare("update conversations set last_inbound_at = ? where id = ?");
const newEvent = database.prepare(
  "insert into events (shop_id, type, conversation_id, session_id, message_id, data, at) values ('default', ?, ?, ?, ?, ?, ?)",
);
const newDelivery =
  database.prepare(`insert into deliveries (id, shop_id, inbox_id, conversation_id, session_id, message_id, author_kind, content,
  state, attempts, repeats, next_at, lease_until, expires_at, created_at)
  values (?, 'default', 'tg', ?, ?, ?, 'bot', ?, 'pending', 1, 0, ?, ?, ?, ?)`);
const settle = database.prepare(
  "update deliveries set state = 'sent', lease_until = 0, channel_message_id = ?, settled_at = ? where id = ?",
);

let waiting: { readonly work: () => void; readonly done: () => void }[] = [];
const inOne = database.transaction((batch: readonly { readonly work: () => void }[]) => {
  for (const one of batch) one.work();
});
/** What comes in one turn of the event loop shares one commit. */
function commit(work: () => void): Promise<void> {
  return new Promise((done) => {
    waiting.push({ work, done });
    if (waiting.length > 1) return;
    setImmediate(() => {
      const batch = waiting;
      waiting = [];
      inOne(batch);
      for (const one of batch) one.done();
    });
  });
}

interface Known {
  readonly conversation: string;
  readonly contact: string;
  readonly session: string;
}

function meet(user: string, now: number): Known {
  const ids = { contact: randomUUID(), identity: randomUUID(), conversation: randomUUID(), session: randomUUID() };
  newContact.run(ids.contact, "Lee", now);
  newIdentity.run(ids.identity, ids.contact, user, now);
  newConversation.run(ids.conversation, ids.identity, ids.contact, JSON.stringify({ chatId: user }), now);
  newSession.run(ids.session, ids.contact, ids.conversation, now, now, now);
  return ids;
}

async function send(delivery: string, chatId: number, text: string, known: Known, messageId: string): Promise<void> {
  const answer = await pool.request({
    path: `/bot${token}/sendMessage`,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ chat_id: chatId, text }),
  });
  const { result } = (await answer.body.json()) as { readonly result: { readonly message_id: number } };
  await commit(() => {
    const now = Date.now();
    settle.run(`${chatId}:${result.message_id}`, now, delivery);
    newEvent.run("receipt", known.conversation, known.session, messageId, '{"delivery":"sent"}', now);
  });
}

const app = new Hono();
app.post("/webhooks/tg", async (c) => {
  if (c.req.header("x-telegram-bot-api-secret-token") !== secret) return c.body(null, 401);
  const { message } = await c.req.json();
  const user = String(message.from.id);
  const now = Date.now();
  const article = answers.get(message.text);
  const ids = { inbound: randomUUID(), outbound: randomUUID(), delivery: randomUUID() };
  const content = JSON.stringify({ type: "text", text: article?.answer });
  let known: Known | undefined;
  await commit(() => {
    known = (party.get(user) as Known | undefined) ?? meet(user, now);
    const { conversation, contact, session } = known;
    newMessage.run(
      ids.inbound,
      conversation,
      session,
      contact,
      "inbound",
      "contact",
      JSON.stringify({ type: "text", text: message.text }),
      message.date * 1000,
      now,
      `${message.chat.id}:${message.message_id}`,
      null,
      null,
      now,
    );
    touchSession.run(now, now, message.text, session);
    touchConversation.run(now, conversation);
    newEvent.run("message", conversation, session, ids.inbound, null, now);
    newMessage.run(
      ids.outbound,
      conversation,
      session,
      contact,
      "outbound",
      "bot",
      content,
      now,
      now,
      null,
      `answer:${ids.inbound}:0`,
      article?.id ?? null,
      now,
    );
    newDelivery.run(
      ids.delivery,
      conversation,
      session,
      ids.outbound,
      content,
      now,
      now + 30_000,
      now + 86_400_000,
      now,
    );
    touchSession.run(now, now, article?.answer, session);
    newEvent.run("message", conversation, session, ids.outbound, null, now);
  });
  if (known !== undefined) void send(ids.delivery, message.chat.id, article?.answer ?? "", known, ids.outbound);
  return c.body(null, 200);
});
serve({ fetch: app.fetch, port, hostname: "127.0.0.1" }, () => console.log("open"));
