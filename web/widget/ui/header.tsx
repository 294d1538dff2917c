import type { State } from "../store.ts";
import { fill, type Strings } from "../strings/index.ts";
import { Avatar } from "./avatar.tsx";
import { useView } from "./context.ts";
import { Icon } from "./icons.tsx";

export function Header() {
  const { chat, state, t } = useView();
  const { session, settings } = state;
  const isAgent = session?.state === "agent";
  return (
    <div class="header">
      <Avatar author={isAgent ? { kind: "agent", name: session.agentName } : { kind: "bot" }} />
      <div class="header-text">
        <h2>
          <bdi>{settings.title ?? t.title}</bdi>
        </h2>
        <p class="state" data-state={session?.state ?? "bot"}>
          <i class="dot" />
          <span role="status">{stateLine(state, t)}</span>
        </p>
      </div>
      <button type="button" class="quiet" aria-label={t.close} onClick={() => chat.close()}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function stateLine({ session, settings }: State, t: Strings): string {
  switch (session?.state) {
    case "queued": {
      const ahead = session.queuePosition ?? 0;
      const minutes = session.etaSeconds === undefined ? undefined : Math.max(1, Math.round(session.etaSeconds / 60));
      return (ahead > 0 ? fill(t.queued, ahead) : t.queuedNext) + (minutes === undefined ? "" : fill(t.eta, minutes));
    }
    case "agent":
      return fill(t.agent, session.agentName ?? t.agentUnnamed);
    case "closed":
      return t.closed;
    default:
      return settings.online === false ? t.botStateOff : t.botState;
  }
}
