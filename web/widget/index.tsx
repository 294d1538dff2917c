import { render } from "preact";
import { createApi } from "./api.ts";
import { createChat } from "./chat.ts";
import { followPage } from "./page.ts";
import { createPublicApi } from "./public-api.ts";
import { createRoot } from "./root.ts";
import { readScript } from "./script.ts";
import { createStorage } from "./storage.ts";
import { createStore } from "./store.ts";
import { badgeTitle } from "./title.ts";
import { App } from "./ui/app.tsx";

function start(): void {
  const config = readScript();
  if (config === undefined) {
    console.error("Xiaoer: the script tag needs a data-inbox attribute.");
    return;
  }

  const storage = createStorage(`xiaoer:${config.origin}:${config.inboxId}`);
  const { settings = {} } = storage.read();
  const store = createStore({
    open: false,
    settings,
    color: config.color,
    position: config.position ?? settings.position ?? "right",
    locale: "en",
    dark: false,
    connection: "idle",
    messages: [],
    outbox: [],
    session: undefined,
    typing: undefined,
    unread: 0,
    rating: undefined,
    prefill: { text: "" },
    notice: undefined,
  });
  followPage(store, config);
  const published = createPublicApi();
  const chat = createChat({
    api: createApi(config.origin),
    store,
    storage,
    inboxId: config.inboxId,
    identityToken: config.identityToken,
    newId: () => crypto.randomUUID?.() ?? `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
    page: published.page,
    emit: published.emit,
  });
  const container = createRoot(store);
  render(<App chat={chat} />, container);
  badgeTitle(store);
  published.attach(chat);
  chat.resume();
}

// A second tag on one page changes nothing.
if (!(window.Xiaoer && "open" in window.Xiaoer)) {
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start, { once: true });
}
