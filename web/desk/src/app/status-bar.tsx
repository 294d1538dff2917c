import { useQuery } from "@tanstack/react-query";
import { type LiveState, liveState } from "../api/live.ts";
import { lagSeconds } from "../api/live-facts.ts";
import { outbox } from "../api/outbox.ts";
import { agentsQuery } from "../api/queries.ts";
import { useT } from "../i18n/index.ts";
import { useStore } from "../store.ts";
import { useNow } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { canFollow, canSeeSessions, useMe } from "./me.ts";

export function StatusBar() {
  const t = useT();
  const live = useStore(liveState);
  const lag = useStore(lagSeconds);
  const unsent = useStore(outbox).length;
  const me = useMe();
  const { data: agents } = useQuery({ ...agentsQuery, enabled: canSeeSessions(me.user.role) });
  return (
    <footer className="status-bar">
      {canFollow(me.user.role) && <Connection live={live} />}
      {canFollow(me.user.role) && <span className="num">{t("status.lag", { seconds: lag.toFixed(1) })}</span>}
      {agents?.some((agent) => agent.online !== undefined) && (
        <span className="num">
          {t("status.online", {
            n: agents.filter((agent) => agent.online && agent.duty !== "away").length,
            total: agents.length,
          })}
        </span>
      )}
      {unsent > 0 && <span className="status-unsent num">{t("status.unsent", { n: unsent })}</span>}
      <span className="grow" />
      <span className="clip">
        {me.shop.name} · {me.user.name}
      </span>
    </footer>
  );
}

function Connection({ live }: { readonly live: LiveState }) {
  const t = useT();
  return (
    <>
      <span className={`status-dot ${live.phase}`} aria-hidden />
      {live.phase === "live" ? (
        <span>{t("status.live")}</span>
      ) : live.phase === "connecting" ? (
        <span>{t("status.connecting")}</span>
      ) : (
        <OfflineFor since={live.since} />
      )}
      {live.phase === "live" && live.transport === "sse" && <span>{t("status.fallback")}</span>}
    </>
  );
}

function OfflineFor({ since }: { readonly since: number }) {
  const t = useT();
  useNow();
  return (
    <span className="num">
      {t("status.offline", { seconds: Math.max(0, Math.round((Date.now() - since) / 1000)) })}
    </span>
  );
}

/** Only once it has lasted: a blink of the network is the status bar's matter. */
export function OfflineBar() {
  const t = useT();
  const live = useStore(liveState);
  const unsent = useStore(outbox).length;
  useNow();
  const seconds = Math.round((Date.now() - live.since) / 1000);
  if (live.phase !== "offline" || seconds < 2) return null;
  return (
    <div className="offline-bar" role="alert">
      <Icon name="wifiOff" />
      {t("status.offlineBar", { seconds, unsent: unsent > 0 ? t("status.offlineUnsent", { n: unsent }) : "" })}
    </div>
  );
}
