import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../chat.ts";
import { strings } from "../strings/index.ts";
import { showView } from "./context.ts";
import { Launcher } from "./launcher.tsx";
import { Panel } from "./panel.tsx";

export function App({ chat }: { chat: Chat }) {
  const [state, setState] = useState(chat.store.get());
  useEffect(() => {
    setState(chat.store.get());
    return chat.store.subscribe(() => setState(chat.store.get()));
  }, [chat]);
  showView({ chat, state, t: strings[state.locale] });
  return (
    <div
      class="widget"
      lang={state.locale}
      data-theme={state.dark ? "dark" : "light"}
      data-side={state.position}
      data-open={state.open}
    >
      <Panel />
      <Launcher />
    </div>
  );
}
