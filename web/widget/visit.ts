import { type Api, ApiError } from "./api.ts";
import { backoffMs, createNap } from "./backoff.ts";
import type { Page, SessionAnswer } from "./contract.ts";
import { memberOf } from "./member.ts";
import type { Storage } from "./storage.ts";

export interface VisitOptions {
  readonly api: Api;
  readonly storage: Storage;
  readonly inboxId: string;
  readonly identityToken: string | undefined;
  locale(): string;
  page(): Page;
  onConnecting(isFirstTry: boolean): void;
  onAnswer(answer: SessionAnswer, change: { readonly isSameThread: boolean; readonly isSameToken: boolean }): void;
  onRefused(about: { readonly status: number; readonly isFinal: boolean }): void;
}

/** Who this visitor is to the server: the token, the member it was proved for, and how to get another. */
export interface Visit {
  token(): string | undefined;
  member(): string | undefined;
  isSigned(): boolean;
  /** The server knows where the visitor is now. */
  isCurrent(): boolean;
  /** Grows with the person: what an earlier person's request brings back is dropped. */
  person(): number;
  /** One session at a time; waits out an unreachable server. */
  connect(): Promise<void>;
  withToken<T>(ask: (bearer: string) => Promise<T>): Promise<T>;
  /** A second caller with the same refused token finds the new one already there. */
  renew(refused: string | undefined): Promise<void>;
  sign(identityToken: string): void;
  /** The next words on this page are somebody else's. */
  leave(): void;
  retryNow(): void;
}

export function createVisit(options: VisitOptions): Visit {
  const { api, storage } = options;
  const nap = createNap();
  let identity = options.identityToken;
  let token: string | undefined;
  let conversationId: string | undefined;
  let member: string | undefined;
  let sentPage = "";
  let person = 0;
  let connecting: Promise<void> | undefined;

  function connect(): Promise<void> {
    if (connecting !== undefined) return connecting;
    const mine = start(person).finally(() => {
      if (connecting === mine) connecting = undefined;
    });
    connecting = mine;
    return mine;
  }

  async function start(forPerson: number): Promise<void> {
    for (let attempt = 0; forPerson === person; attempt += 1) {
      try {
        if (token === undefined) options.onConnecting(attempt === 0);
        const answer = await request();
        if (forPerson === person) accept(answer);
        return;
      } catch (error) {
        if (forPerson !== person) return;
        const { status, retryAfterMs } = error instanceof ApiError ? error : new ApiError(0);
        if (status === 401 && forgetRefused()) continue;
        if (status !== 0 && status !== 429 && status < 500) return options.onRefused({ status, isFinal: true });
        await nap.sleep(retryAfterMs ?? backoffMs(attempt));
      }
    }
  }

  function request(): Promise<SessionAnswer> {
    const page = options.page();
    sentPage = JSON.stringify(page);
    return api.createSession({
      inboxId: options.inboxId,
      visitorToken: storage.read().token,
      identity: identity === undefined ? undefined : { token: identity },
      locale: options.locale(),
      page,
    });
  }

  /** Drops what may have caused a 401, the member's proof first. False when nothing is left to drop. */
  function forgetRefused(): boolean {
    const kept = storage.read();
    if (identity === undefined && kept.token === undefined) return false;
    if (identity === undefined || kept.member !== undefined) storage.forget();
    if (identity !== undefined) options.onRefused({ status: 401, isFinal: false });
    identity = undefined;
    return true;
  }

  function accept(answer: SessionAnswer): void {
    const isSameThread = answer.conversationId === conversationId;
    const isSameToken = answer.token === token;
    token = answer.token;
    conversationId = answer.conversationId;
    member = identity === undefined ? storage.read().member : memberOf(identity);
    storage.write({ token, member });
    options.onAnswer(answer, { isSameThread, isSameToken });
  }

  async function renew(refused: string | undefined): Promise<void> {
    if (token === refused) {
      token = undefined;
      // Another tab may have a newer token by now; only a token that was refused is given up.
      if (storage.read().token === refused) storage.forget();
    }
    if (token === undefined) await connect();
  }

  async function withToken<T>(ask: (bearer: string) => Promise<T>): Promise<T> {
    if (token === undefined) await connect();
    const bearer = token;
    if (bearer === undefined) throw new ApiError(403);
    try {
      return await ask(bearer);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await renew(bearer);
      if (token === undefined) throw error;
      return ask(token);
    }
  }

  return {
    token: () => token,
    member: () => member,
    isSigned: () => identity !== undefined,
    isCurrent: () => token !== undefined && JSON.stringify(options.page()) === sentPage,
    person: () => person,
    connect,
    withToken,
    renew,
    sign(next) {
      if (identity === next && token !== undefined) return;
      identity = next;
      // A visit under way goes on under the member's name.
      void Promise.resolve(connecting).then(connect);
    },
    leave() {
      identity = token = conversationId = member = connecting = undefined;
      person += 1;
      nap.wake();
    },
    retryNow: nap.wake,
  };
}
