import { fill } from "../strings/index.ts";
import { useView } from "./context.ts";
import { Icon } from "./icons.tsx";

export function Launcher() {
  const { chat, state, t } = useView();
  const { open, unread } = state;
  const label = open ? t.close : unread > 0 ? fill(t.launcherUnread, unread) : t.launcher;
  return (
    <button
      type="button"
      class="launcher"
      aria-label={label}
      aria-expanded={open}
      aria-haspopup="dialog"
      onClick={() => (open ? chat.close() : chat.open())}
    >
      <span class="glyph glyph-chat">
        <Icon name="chat" />
      </span>
      <span class="glyph glyph-down">
        <Icon name="down" />
      </span>
      {unread > 0 && !open && (
        <span class="badge" aria-hidden="true">
          {unread > 99 ? "99+" : unread}
        </span>
      )}
      <span class="sr" role="status">
        {unread > 0 && !open ? fill(t.launcherUnread, unread) : ""}
      </span>
    </button>
  );
}
