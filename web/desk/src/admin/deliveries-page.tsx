import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Table, type TableColumnsType } from "antd";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { deadQuery, flat, inboxesQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { DeadDelivery } from "../api/types.ts";
import { canServe, useMe } from "../app/me.ts";
import { codeWords, t as say, useT } from "../i18n/index.ts";
import { ContentView } from "../sessions/content-view.tsx";
import { momentTime } from "../time.ts";
import { Antd } from "../ui/antd.tsx";
import { Button } from "../ui/button.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Page } from "../ui/page.tsx";
import { Empty, Failure } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";

export function DeliveriesPage() {
  const t = useT();
  const serves = canServe(useMe().user.role);
  const query = useInfiniteQuery(deadQuery());
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  useTitle(t("nav.deliveries"));
  const columns: TableColumnsType<DeadDelivery> = [
    {
      title: t("deliveries.message"),
      key: "message",
      render: (_, item) =>
        item.content ? (
          <ContentView content={item.content} />
        ) : (
          <span className="mono">{item.messageId ?? item.id}</span>
        ),
    },
    {
      title: t("deliveries.to"),
      key: "to",
      width: 190,
      render: (_, item) => (
        <>
          {item.sessionId ? (
            <Link to="/sessions/$sessionId" params={{ sessionId: item.sessionId }} search={{ tab: "all" }}>
              {item.contact?.name ?? t("deliveries.open")}
            </Link>
          ) : (
            item.contact?.name
          )}
          <div className="muted">
            {item.inboxName ??
              inboxes.find((inbox) => inbox.id === item.inboxId)?.name ??
              (item.channel && codeWords(t, "channel", item.channel))}
          </div>
        </>
      ),
    },
    {
      title: t("deliveries.reason"),
      key: "reason",
      render: (_, item) => (
        <>
          <span className="bad-text">{item.detail}</span>
          {item.code && <div className="muted mono">{item.code}</div>}
        </>
      ),
    },
    {
      title: t("deliveries.attempts"),
      key: "attempts",
      width: 80,
      align: "right",
      responsive: ["md"],
      render: (_, item) => <span className="num">{item.attempts}</span>,
    },
    {
      title: t("deliveries.at"),
      key: "at",
      width: 120,
      responsive: ["md"],
      render: (_, item) => <span className="num">{timeOf(item)}</span>,
    },
    {
      title: <span className="sr">{t("deliveries.resend")}</span>,
      key: "resend",
      width: 130,
      render: (_, item) => serves && <Resend id={item.id} />,
    },
  ];
  return (
    <Page title={t("deliveries.title")} hint={t("deliveries.hint")}>
      {query.isError && query.data === undefined ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Antd>
          <div className="panel">
            <Table<DeadDelivery>
              rowKey="id"
              columns={columns}
              dataSource={flat(query.data)}
              loading={query.isPending}
              pagination={false}
              locale={{ emptyText: <Empty icon="check" title={t("deliveries.empty")} /> }}
            />
            {query.hasNextPage && (
              <div className="more-row">
                <Button onClick={() => void query.fetchNextPage()}>{t("common.loadMore")}</Button>
              </div>
            )}
          </div>
        </Antd>
      )}
    </Page>
  );
}

const timeOf = (item: DeadDelivery) => {
  const at = item.at ?? item.createdAt;
  return at && momentTime(at);
};

function Resend({ id }: { readonly id: string }) {
  const t = useT();
  const resend = useMutation({
    mutationFn: () => post(`/v1/deliveries/${id}/resend`),
    onSuccess: () => {
      toast(say("conversation.resent"));
      void queryClient.invalidateQueries({ queryKey: ["deliveries"] });
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <Button small icon="refresh" busy={resend.isPending} onClick={() => resend.mutate()}>
      {t("deliveries.resend")}
    </Button>
  );
}
