import { type Api, ApiError } from "./api.ts";
import type { Content, Frame, Message, Page, SessionAnswer, SessionInfo } from "./contract.ts";
import { createLive } from "./live.ts";
import { memberOf } from "./member.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import type { Storage } from "./storage.ts";
import type { Store } from "./store.ts";
import { countUnread, isForShopper, lastSeq, mergeMessages, serviceOf } from "./timeline.ts";
import { refusalOf } from "./uploads.ts";
import { createVisit } from "./visit.ts";

export type ChatEvent = "ready" | "open" | "close" | "message" | "unread" | "session" | "error";

export interface ChatOptions {
  readonly api: Api;
  readonly store: Store;
  readonly storage: Storage;
  readonly inboxId: string;
  readonly identityToken: string | undefined;
  readonly newId: () => string;
  page(): Page;
  emit(event: ChatEvent, detail?: unknown): void;
}

export interface Chat {
  readonly store: Store;
  readonly outbox: Outbox;
  absolute(url: string): string;
  /** Connects now if this browser has talked to the shop before; otherwise nothing is asked until it is opened. */
  resume(): void;
  open(draft?: string): void;
  close(): void;
  /** Reads a message again for a link that has not ended. False where that gives no other link. */
  renew(message: Message): Promise<boolean>;
  say(content: Content): void;
  attach(files: Iterable<File>): void;
  rate(score: number, comment: string): Promise<void>;
  skipRating(): void;
  identify(token: string): void;
  logout(): void;
  pageChanged(): void;
}

/** A quiet stream may be a dead one; while the shopper looks on, it is checked this often. */
const checkEveryMs = 45_000;
const typingShownMs = 8_000;

export function createChat(options: ChatOptions): Chat {
  const { api, store, storage, emit } = options;
  let cursor = "";
  let lastHeard = 0;
  let typingTimer: ReturnType<typeof setTimeout> | undefined;

  const visit = createVisit({
    ...options,
    locale: () => store.get().locale,
    onConnecting: (isFirstTry) => store.set({ connection: isFirstTry ? "connecting" : "reconnecting" }),
    onAnswer,
    onRefused({ status, isFinal }) {
      if (isFinal) store.set({ connection: "refused" });
      emit("error", { status });
    },
  });

  const live = createLive({
    openSocket: () => api.openSocket(visit.token() ?? "", cursor),
    openEvents: (signal) => api.openEvents(visit.token() ?? "", cursor, signal),
    catchUp,
    renew: () => visit.renew(visit.token()),
    onFrame,
    onOnline(online) {
      store.set({ connection: online ? "online" : "reconnecting" });
      if (online) outbox.flush();
    },
  });

  const outbox = createOutbox({
    store,
    storage,
    newId: options.newId,
    send: (message) => visit.withToken((bearer) => api.sendMessage(bearer, message)),
    upload: (job) => visit.withToken((bearer) => api.upload(bearer, job)),
    onSent: (message, clientId) => receive([{ ...message, clientId }]),
    onUnreachable: () => store.get().connection === "online" && live.restart(),
  });

  function onAnswer(answer: SessionAnswer, change: { isSameThread: boolean; isSameToken: boolean }): void {
    const { isSameThread, isSameToken } = change;
    const before = store.get();
    // What was missed comes from the old cursor on: the answer may hold only the newest page of it.
    if (!isSameThread) cursor = answer.cursor;
    const settings = { ...before.settings, ...answer.settings };
    const messages = mergeMessages(isSameThread ? before.messages : [], answer.messages);
    storage.write({ settings, readSeq: storage.read().readSeq ?? lastSeq(messages) });
    const session = answer.session ?? (isSameThread ? before.session : undefined) ?? serviceOf(messages);
    store.set({ settings, messages, session });
    countUp();
    if (!isSameToken) live.restart();
    live.start();
    outbox.flush();
    emit("ready");
  }

  async function catchUp(): Promise<"reached" | "unreachable" | "unauthorized"> {
    const token = visit.token();
    if (token === undefined) return "unauthorized";
    const person = visit.person();
    try {
      const page = await api.listMessages(token, cursor);
      if (person !== visit.person()) return "reached";
      lastHeard = Date.now();
      if (page.cursor) cursor = page.cursor;
      receive(page.items);
      return "reached";
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      return status === 401 ? "unauthorized" : "unreachable";
    }
  }

  function onFrame(frame: Frame): void {
    lastHeard = Date.now();
    if (typeof frame.cursor === "string" && frame.cursor !== "") cursor = frame.cursor;
    if (frame.type === "message") receive([frame.data]);
    else if (frame.type === "typing") showTyping(frame.data.on ? frame.data.author : undefined);
    else if (frame.type === "session") showSession(frame.data);
    else if (frame.type === "receipt") {
      const { messageId, delivery } = frame.data;
      const { messages } = store.get();
      store.set({
        messages: messages.map((message) => (message.id === messageId ? { ...message, delivery } : message)),
      });
    }
  }

  function receive(incoming: readonly Message[]): void {
    const { messages: known } = store.get();
    const fresh = incoming.filter((message) => !known.some(({ id }) => id === message.id));
    if (incoming.length === 0) return;
    const messages = mergeMessages(known, incoming);
    store.set({ messages });
    if (fresh.some(isForShopper)) showTyping(undefined);
    countUp();
    for (const message of fresh) emit("message", message);
  }

  function showTyping(author: Message["author"] | undefined): void {
    clearTimeout(typingTimer);
    if (author?.kind === "contact") return;
    store.set({ typing: author });
    if (author !== undefined) typingTimer = setTimeout(() => store.set({ typing: undefined }), typingShownMs);
  }

  function showSession(session: SessionInfo): void {
    const { messages } = store.get();
    const wasServed = messages.some((message) => message.direction === "inbound");
    const asks = session.state === "closed" && wasServed && storage.read().ratedSession !== session.sessionId;
    store.set({ session, rating: asks ? { sessionId: session.sessionId, state: "asked" } : undefined });
    emit("session", session);
  }

  /** Messages count as read while the panel is open on a visible page. */
  function countUp(): void {
    const { open, messages, unread: before } = store.get();
    const readSeq = storage.read().readSeq ?? 0;
    const newest = lastSeq(messages);
    const isSeen = open && document.visibilityState === "visible";
    if (isSeen && newest > readSeq) storage.write({ readSeq: newest });
    const unread = isSeen ? 0 : countUnread(messages, readSeq);
    if (unread === before) return;
    store.set({ unread });
    emit("unread", unread);
  }

  function leavePerson(): void {
    visit.leave();
    live.stop();
    cursor = "";
    store.set({ messages: [], session: undefined, typing: undefined, rating: undefined, connection: "idle" });
    countUp();
  }

  function forgetPerson(): void {
    storage.forget();
    storage.dropAllUnsent();
    store.set({ outbox: [], notice: undefined, prefill: { text: "" } });
    leavePerson();
  }

  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    countUp();
    if (store.get().connection === "reconnecting") live.restart();
  });
  addEventListener("online", () => {
    visit.retryNow();
    live.restart();
    outbox.flush();
  });
  addEventListener("offline", () => store.get().connection === "online" && live.restart());
  storage.onForeignChange((kept) => {
    const isOther = visit.token() !== undefined && (kept.token === undefined || kept.member !== visit.member());
    if (!isOther) return countUp();
    leavePerson();
    if (store.get().open || kept.token !== undefined) void visit.connect();
  });
  setInterval(() => {
    const { open, connection } = store.get();
    const isQuiet = Date.now() - lastHeard > checkEveryMs;
    if (!open || connection !== "online" || document.visibilityState !== "visible" || !isQuiet) return;
    const before = store.get().messages.length;
    void catchUp().then((outcome) => {
      if (outcome !== "reached" || store.get().messages.length > before) live.restart();
    });
  }, checkEveryMs);

  return {
    store,
    outbox,
    absolute: api.absolute,
    resume() {
      if (storage.read().token !== undefined || visit.isSigned() || store.get().outbox.length > 0) void visit.connect();
    },
    open(draft) {
      const wasOpen = store.get().open;
      store.set({ open: true });
      if (draft !== undefined) store.set({ prefill: { text: draft } });
      if (!visit.isCurrent()) void visit.connect();
      countUp();
      if (!wasOpen) emit("open");
    },
    close() {
      if (!store.get().open) return;
      store.set({ open: false });
      emit("close");
    },
    async renew(message) {
      const fresh = await visit.withToken((bearer) => api.message(bearer, message.id)).catch(() => undefined);
      if (fresh === undefined || urlOf(fresh) === urlOf(message)) return false;
      receive([fresh]);
      return true;
    },
    say(content) {
      store.set({ notice: undefined });
      outbox.add(content);
    },
    attach(files) {
      store.set({ notice: undefined });
      for (const file of files) {
        const notice = refusalOf(file);
        if (notice === undefined) outbox.addFile(file);
        else store.set({ notice });
      }
    },
    async rate(score, comment) {
      const { rating } = store.get();
      if (rating === undefined) return;
      const { sessionId } = rating;
      store.set({ rating: { sessionId, state: "sending" } });
      try {
        await visit.withToken((bearer) => api.rate(bearer, { sessionId, score, comment: comment || undefined }));
        storage.write({ ratedSession: sessionId });
        store.set({ rating: { sessionId, state: "thanked" } });
      } catch {
        store.set({ rating: { sessionId, state: "asked" }, notice: "failed" });
      }
    },
    skipRating() {
      const { rating } = store.get();
      if (rating !== undefined) storage.write({ ratedSession: rating.sessionId });
      store.set({ rating: undefined });
    },
    identify(next) {
      const { member } = storage.read();
      if (member !== undefined && member !== memberOf(next)) forgetPerson();
      visit.sign(next);
    },
    logout() {
      forgetPerson();
      if (store.get().open) void visit.connect();
    },
    pageChanged() {
      if (visit.token() !== undefined && store.get().open) void visit.connect();
    },
  };
}

const urlOf = ({ content }: Message) => ("url" in content ? content.url : undefined);
