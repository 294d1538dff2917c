import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useT } from "../i18n/index.ts";
import { useTitle } from "../ui/hooks.ts";
import { Empty } from "../ui/pieces.tsx";
import { isTab, type Tab } from "./ordering.ts";
import { SessionList } from "./session-list.tsx";
import { SessionView } from "./session-view.tsx";
import "./sessions.css";

export function SessionsPage() {
  const t = useT();
  const navigate = useNavigate();
  const { sessionId } = useParams({ strict: false });
  const search = useSearch({ strict: false });
  const tab: Tab = isTab(search.tab) ? search.tab : "queued";
  useTitle(t("nav.sessions"));
  const go = (to: { id?: string | undefined; tab?: Tab; q?: string | undefined }) => {
    const next = { tab: to.tab ?? tab, q: "q" in to ? to.q : search.q };
    void (to.id === undefined
      ? navigate({ to: "/sessions", search: next })
      : navigate({ to: "/sessions/$sessionId", params: { sessionId: to.id }, search: next }));
  };
  return (
    <div className={sessionId ? "page workbench has-open" : "page workbench"}>
      <h1 className="sr">{t("nav.sessions")}</h1>
      <SessionList
        tab={tab}
        q={search.q}
        selected={sessionId}
        onTab={(next) => go({ id: sessionId, tab: next })}
        onSearch={(q) => go({ id: sessionId, q })}
        onOpen={(id) => go({ id })}
      />
      {sessionId === undefined ? (
        <div className="workbench-empty">
          <Empty fill icon="chat" title={t("sessions.pick")} hint={t("sessions.pickHint")} />
        </div>
      ) : (
        <SessionView key={sessionId} sessionId={sessionId} onBack={() => go({})} />
      )}
    </div>
  );
}
