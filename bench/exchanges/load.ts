/**
 * The other side of an exchange, in a process of its own: shoppers who write, and the platform that takes the answers.
 * Told what to do by its parent, one run at a time.
 */

import { percentile } from "../support/table.ts";
import { createPoster, type Poster, serveJson } from "../support/wire.ts";

export interface LoadRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly questions: readonly string[];
  readonly users: number;
  /** Ids begin here, so that every run may have people of its own. */
  readonly firstUser: number;
  readonly seconds: number;
  /** Exchanges at once; or, with `perSecond`, at most so many connections. */
  readonly concurrency: number;
  /** Exchanges begun each second, whether or not the last ones are done. Absent: as many as go. */
  readonly perSecond?: number;
}

export interface LoadResult {
  readonly exchanges: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** From the webhook to its 200. */
  readonly ackP99: number;
  readonly refused: number;
}

export type FromLoad = { readonly platform: string } | { readonly result: LoadResult };

/** Longest wait for one answer: then something is wrong, and the run says so. */
const PATIENCE_MS = 10_000;
const waiting = new Map<string, () => void>();
let updates = Date.now() * 1000;

function createExchange({ questions }: LoadRequest) {
  const date = Math.floor(Date.now() / 1000);
  return async (
    poster: Poster,
    user: number,
    from: number,
  ): Promise<{ readonly ack: number; readonly total: number; readonly ok: boolean }> => {
    updates += 1;
    const person = { id: user, is_bot: false, first_name: "Lee", language_code: "zh-hans" };
    const text = questions[updates % questions.length];
    const message = {
      message_id: updates,
      from: person,
      chat: { id: user, type: "private", first_name: "Lee" },
      date,
      text,
    };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const answered = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), PATIENCE_MS);
      waiting.set(String(user), () => resolve(true));
    });
    const status = await poster.post(JSON.stringify({ update_id: updates, message }));
    const ack = performance.now() - from;
    const ok = status === 200 && (await answered);
    clearTimeout(timer);
    return { ack, total: performance.now() - from, ok };
  };
}

async function run(request: LoadRequest): Promise<LoadResult> {
  const exchange = createExchange(request);
  const posters = await Promise.all(
    Array.from({ length: request.concurrency }, () => createPoster(new URL(request.url), request.headers)),
  );
  const people = Array.from({ length: request.users }, (_, i) => request.firstUser + i);
  const begun = performance.now();
  const end = begun + request.seconds * 1000;
  const acks: number[] = [];
  const totals: number[] = [];
  let refused = 0;
  const once = async (poster: Poster, from: number) => {
    const user = people.shift();
    if (user === undefined) throw new Error("More exchanges at once than people.");
    const { ack, total, ok } = await exchange(poster, user, from);
    people.push(user);
    if (!ok) refused += 1;
    acks.push(ack);
    totals.push(total);
  };
  if (request.perSecond === undefined) {
    await Promise.all(
      posters.map(async (poster) => {
        while (performance.now() < end) await once(poster, performance.now());
      }),
    );
  } else {
    await pace({ begun, end, perSecond: request.perSecond, free: posters.slice(), once });
  }
  const tookMs = performance.now() - begun;
  for (const poster of posters) poster.close();
  return {
    exchanges: totals.length,
    perSecond: totals.length / (tookMs / 1000),
    p50: percentile(totals, 0.5),
    p99: percentile(totals, 0.99),
    ackP99: percentile(acks, 0.99),
    refused,
  };
}

/** Begins each exchange when it is due, and counts from then: a server that falls behind does not get easier questions. */
async function pace(options: {
  readonly begun: number;
  readonly end: number;
  readonly perSecond: number;
  readonly free: Poster[];
  readonly once: (poster: Poster, from: number) => Promise<void>;
}): Promise<void> {
  const { begun, end, perSecond, free, once } = options;
  const open = new Set<Promise<void>>();
  let started = 0;
  for (let now = begun; now < end; now = performance.now()) {
    const due = Math.floor(((now - begun) / 1000) * perSecond);
    while (started < due) {
      const poster = free.pop();
      if (poster === undefined) break;
      const from = begun + (started / perSecond) * 1000;
      started += 1;
      const work = once(poster, from).then(() => {
        free.push(poster);
        open.delete(work);
      });
      open.add(work);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(open);
}

let messageId = 0;
const platform = await serveJson((_path, body) => {
  messageId += 1;
  const chat = /"chat_id":(\d+)/.exec(body)?.[1] ?? "";
  waiting.get(chat)?.();
  waiting.delete(chat);
  return `{"ok":true,"result":{"message_id":${messageId},"date":1,"chat":{"id":${chat},"type":"private"}}}`;
});
const tell = (message: FromLoad) => process.send?.(message);
process.on("message", (request: LoadRequest) => void run(request).then((result) => tell({ result })));
tell({ platform: `http://127.0.0.1:${platform.port}` });
