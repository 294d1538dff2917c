/**
 * One shopper's conversation over Xiaoer's visitor API. It knows nothing of pages: the host's functions come in as `wx`, and what is to be
 * shown goes out through `onChange`. The same file serves a shop's own front end in any mini-program whose host has the same functions.
 */
const { createHttp } = require("./http");
const { EMPTY, withMessages, withPending, withReceipt, withState } = require("./timeline");

const POLL_MS = 3000;
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;
const SEND_ATTEMPTS = 3;
const TYPING_MS = 6000;

/**
 * @param options.wx The host: request, uploadFile, connectSocket, getStorageSync, setStorageSync.
 * @param options.identityToken Made by the shop's server for a member who is logged in; without one the shopper is anonymous.
 * @param options.onChange Called with `{ status, messages, settings, session, typing }` whenever one of them changes. `status` is `opening`,
 * `open`, `offline` or `refused` (the identity token is not, or no longer, good: get another and make a new chat).
 */
function createChat({
  wx,
  baseUrl,
  inboxId,
  identityToken,
  locale,
  page,
  onChange,
  timers = { setTimeout, clearTimeout },
}) {
  const http = createHttp({ wx, baseUrl });
  const storageKey = `xiaoer:${inboxId}`;
  let state = { status: "opening", messages: EMPTY, settings: undefined, session: undefined, typing: false };
  let token;
  let cursor;
  let socket;
  let failures = 0;
  let closed = false;
  const pending = new Map();
  const waiting = { reconnect: undefined, poll: undefined, typing: undefined };

  function change(part) {
    if (closed) return;
    state = { ...state, ...part };
    onChange(state);
  }

  function later(name, run, ms) {
    timers.clearTimeout(waiting[name]);
    waiting[name] = timers.setTimeout(run, ms);
  }

  async function open() {
    const known = identityToken ? undefined : wx.getStorageSync(storageKey) || undefined;
    const data = {
      inboxId,
      ...(identityToken ? { identity: { token: identityToken } } : known ? { visitorToken: known } : {}),
      ...(locale ? { locale } : {}),
      ...(page ? { page } : {}),
    };
    try {
      const opened = await http.request("POST", "/v1/visitor/sessions", { data });
      if (closed) return;
      token = opened.token;
      cursor = opened.cursor;
      // A member's conversation is found by their identity, on every phone; only a guest's hangs on this one's memory.
      if (!identityToken) wx.setStorageSync(storageKey, token);
      failures = 0;
      const { settings, session } = opened;
      change({
        status: "open",
        settings,
        session: session || undefined,
        messages: withMessages(state.messages, opened.messages),
      });
      listen();
    } catch (error) {
      if (closed) return;
      if (error.status === 401 && identityToken) {
        change({ status: "refused" });
        return;
      }
      change({ status: "offline" });
      retry(open);
    }
  }

  function retry(run) {
    failures += 1;
    const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1));
    later("reconnect", run, wait * (0.5 + Math.random() / 2));
  }

  /** The stream while it lasts, and polling while it does not: some networks let no sockets through. */
  function listen() {
    if (closed) return;
    const url = `${http.root.replace(/^http/, "ws")}/v1/visitor/stream?after=${encodeURIComponent(cursor)}`;
    const own = wx.connectSocket({ url, protocols: ["xiaoer.v1", `bearer.${token}`] });
    socket = own;
    let over = false;
    const end = () => {
      if (over || closed) return;
      over = true;
      if (socket === own) socket = undefined;
      change({ typing: false });
      poll();
      retry(listen);
    };
    own.onOpen(() => {
      failures = 0;
      timers.clearTimeout(waiting.poll);
      change({ status: "open" });
    });
    own.onMessage(({ data }) => {
      if (!over && !closed) take(data);
    });
    own.onClose(end);
    own.onError(end);
  }

  function take(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      // Not a frame of ours; the next one may be.
      return;
    }
    if (frame.cursor !== undefined) cursor = frame.cursor;
    if (frame.type === "message") change({ typing: false, messages: withMessages(state.messages, [frame.data]) });
    if (frame.type === "session") change({ session: frame.data });
    if (frame.type === "receipt") change({ messages: withReceipt(state.messages, frame.data) });
    if (frame.type === "typing" && frame.data.author?.kind !== "contact") {
      const on = frame.data.on !== false;
      change({ typing: on });
      if (on) later("typing", () => change({ typing: false }), TYPING_MS);
    }
  }

  async function poll() {
    if (closed || socket !== undefined) return;
    try {
      const { items, cursor: next } = await http.request(
        "GET",
        `/v1/visitor/messages?after=${encodeURIComponent(cursor)}`,
        { token },
      );
      cursor = next;
      if (items.length > 0) change({ messages: withMessages(state.messages, items) });
      change({ status: "open" });
    } catch (error) {
      if (error.status === 401) {
        timers.clearTimeout(waiting.reconnect);
        forget();
        open();
        return;
      }
      change({ status: "offline" });
    }
    if (!closed) later("poll", poll, POLL_MS);
  }

  /** The server knows the token no more. */
  function forget() {
    token = undefined;
    if (!identityToken) wx.setStorageSync(storageKey, "");
  }

  /** Says something. Repeated with the same `clientId` it is said once. */
  function say(content) {
    const clientId = `wx-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
    pending.set(clientId, content);
    change({
      messages: withPending(state.messages, { clientId, content: shownOf(content), at: new Date().toISOString() }),
    });
    return deliver(clientId);
  }

  async function deliver(clientId, attempt = 1) {
    const content = pending.get(clientId);
    if (content === undefined || closed) return;
    change({ messages: withState(state.messages, clientId, "sending") });
    try {
      const { message } = await http.request("POST", "/v1/visitor/messages", {
        token,
        data: { clientId, content: await uploaded(clientId, content) },
      });
      pending.delete(clientId);
      change({ messages: withMessages(state.messages, [{ ...message, clientId }]) });
    } catch (error) {
      const again = error.status === 0 || error.status === 429 || error.status >= 500;
      if (again && attempt < SEND_ATTEMPTS) {
        await new Promise((resolve) =>
          timers.setTimeout(resolve, error.retryAfterMs || FIRST_RETRY_MS * attempt * attempt),
        );
        await deliver(clientId, attempt + 1);
        return;
      }
      change({ messages: withState(state.messages, clientId, "failed") });
    }
  }

  /** A picture goes up first; what is up already is not sent twice. */
  async function uploaded(clientId, content) {
    if (content.filePath === undefined) return content;
    const { fileId } = await http.upload("/v1/visitor/uploads", { token, filePath: content.filePath });
    const { filePath: _, ...rest } = content;
    const ready = { ...rest, fileId };
    pending.set(clientId, ready);
    return ready;
  }

  /** A message again, with a link to its file that has not ended; returns that link, or what it was where nothing answers. */
  async function renew(id) {
    const known = () => state.messages.find((message) => message.id === id)?.content.url;
    try {
      const { message } = await http.request("GET", `/v1/visitor/messages/${id}`, { token });
      if (message.content.url !== known()) change({ messages: withMessages(state.messages, [message]) });
    } catch {
      // The old link may still do.
    }
    const url = known();
    return url?.startsWith("/") ? `${http.root}${url}` : url;
  }

  return {
    open,
    say: (text, value) => {
      const words = text.trim();
      return words === ""
        ? Promise.resolve()
        : say({ type: "text", text: words, ...(value === undefined ? {} : { value }) });
    },
    sayContent: say,
    sayFile: (type, filePath) => say({ type, filePath }),
    retry: (clientId) => deliver(clientId),
    renew,
    rate: (score, comment) => {
      const sessionId = state.session?.sessionId;
      if (sessionId === undefined) return Promise.resolve();
      const data = { sessionId, score, ...(comment ? { comment } : {}) };
      return http.request("POST", "/v1/visitor/rating", { token, data });
    },
    /** The page came to the front again: what was missed is fetched at once. */
    wake: () => {
      if (closed || token === undefined || socket !== undefined) return;
      timers.clearTimeout(waiting.reconnect);
      failures = 0;
      listen();
    },
    close: () => {
      closed = true;
      for (const timer of Object.values(waiting)) timers.clearTimeout(timer);
      socket?.close({});
      socket = undefined;
    },
  };
}

/** A picture is shown from the phone until the server has it. */
function shownOf(content) {
  const { filePath, ...rest } = content;
  return filePath === undefined ? content : { ...rest, url: filePath };
}

module.exports = { createChat };
