import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { inboxesQuery } from "../api/queries.ts";
import type { Inbox } from "../api/types.ts";
import { useMe } from "../app/me.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Page } from "../ui/page.tsx";
import { channelIcon, Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { InboxStatusChip, statusDetail } from "./connection.tsx";
import "./inboxes.css";

export function InboxesPage() {
  const t = useT();
  const navigate = useNavigate();
  const isAdmin = useMe().user.role === "admin";
  const query = useQuery(inboxesQuery);
  useTitle(t("nav.inboxes"));
  const add = (
    <Button look="primary" icon="plus" onClick={() => void navigate({ to: "/inboxes/new" })}>
      {t("inboxes.new")}
    </Button>
  );
  return (
    <Page title={t("inboxes.title")} actions={isAdmin && add}>
      {query.isPending && <Skeleton lines={3} height={64} />}
      {query.isError && query.data === undefined && (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data?.length === 0 && (
        <Empty icon="plug" title={t("inboxes.empty")} hint={t("inboxes.emptyHint")}>
          {isAdmin && add}
        </Empty>
      )}
      <ul className="inbox-grid">
        {query.data?.map((inbox) => (
          <li key={inbox.id}>
            <InboxCard inbox={inbox} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

function InboxCard({ inbox }: { readonly inbox: Inbox }) {
  const t = useT();
  const detail = statusDetail(inbox);
  return (
    <Link to="/inboxes/$inboxId" params={{ inboxId: inbox.id }} className="panel inbox-card">
      <span className="inbox-icon">
        <Icon name={channelIcon(inbox.channel)} />
      </span>
      <span className="inbox-card-text">
        <strong className="clip">{inbox.name}</strong>
        <span className="muted clip">{codeWords(t, "channel", inbox.channel)}</span>
        {detail && <span className="inbox-detail">{detail}</span>}
      </span>
      <InboxStatusChip inbox={inbox} />
    </Link>
  );
}
