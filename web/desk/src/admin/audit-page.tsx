import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Table, type TableColumnsType } from "antd";
import { get } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { auditQuery, flat, usersQuery } from "../api/queries.ts";
import type { AuditRow } from "../api/types.ts";
import { canManage, useMe } from "../app/me.ts";
import { t as say, useT } from "../i18n/index.ts";
import { fullTime } from "../time.ts";
import { Antd } from "../ui/antd.tsx";
import { Button } from "../ui/button.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Page } from "../ui/page.tsx";
import { Chip, Empty, Failure } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";

interface Verification {
  readonly ok?: boolean;
  readonly valid?: boolean;
  readonly badSeq?: number;
  readonly firstBad?: number | null;
}

export function AuditPage() {
  const t = useT();
  const query = useInfiniteQuery(auditQuery());
  const isAdmin = canManage(useMe().user.role);
  // The log keeps ids only; names are looked up by those who may.
  const { data: users = [] } = useQuery({ ...usersQuery, enabled: isAdmin });
  const who = (row: AuditRow) => {
    const name = nameOf(row.actor ?? row.by);
    return users.find((user) => user.id === name)?.name ?? name;
  };
  useTitle(t("nav.audit"));
  const verify = useMutation({
    mutationFn: () => get<Verification>("/v1/audit/verify"),
    onSuccess: (answer) => {
      const good = answer.ok ?? answer.valid ?? false;
      toast(
        good ? say("audit.verified") : say("audit.broken", { seq: answer.badSeq ?? answer.firstBad ?? "?" }),
        good ? "good" : "bad",
      );
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  const columns: TableColumnsType<AuditRow> = [
    {
      title: "#",
      key: "seq",
      width: 70,
      responsive: ["md"],
      render: (_, row) => <span className="num muted">{row.seq}</span>,
    },
    {
      title: t("audit.at"),
      key: "at",
      width: 160,
      render: (_, row) => <span className="num">{fullTime(row.at)}</span>,
    },
    { title: t("audit.who"), key: "who", width: 140, render: (_, row) => who(row) },
    { title: t("audit.action"), key: "action", render: (_, row) => <span className="mono">{row.action}</span> },
    { title: t("audit.target"), key: "target", render: (_, row) => <span className="mono">{targetOf(row)}</span> },
    {
      title: t("audit.result"),
      key: "result",
      width: 110,
      render: (_, row) => row.result && <Chip tone={row.result === "ok" ? "green" : "red"}>{row.result}</Chip>,
    },
    {
      title: t("audit.request"),
      key: "request",
      width: 140,
      responsive: ["lg"],
      render: (_, row) => <span className="mono muted clip">{row.requestId}</span>,
    },
  ];
  return (
    <Page
      title={t("audit.title")}
      hint={t("audit.hint")}
      actions={
        <Button icon="shield" busy={verify.isPending} onClick={() => verify.mutate()}>
          {t("audit.verify")}
        </Button>
      }
    >
      {query.isError && query.data === undefined ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Antd>
          <div className="panel">
            <Table<AuditRow>
              rowKey={(row) => row.id ?? String(row.seq)}
              size="small"
              columns={columns}
              dataSource={flat(query.data)}
              loading={query.isPending}
              pagination={false}
              locale={{ emptyText: <Empty icon="shield" title={t("audit.empty")} /> }}
            />
            {query.hasNextPage && (
              <div className="more-row">
                <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                  {t("common.loadMore")}
                </Button>
              </div>
            )}
          </div>
        </Antd>
      )}
    </Page>
  );
}

const nameOf = (who: AuditRow["actor"]) => (typeof who === "string" ? who : (who?.name ?? who?.id ?? "–"));

function targetOf(row: AuditRow): string {
  if (row.target === undefined) return "";
  return typeof row.target === "string"
    ? row.target
    : Object.values(row.target)
        .filter((value) => typeof value !== "object")
        .join(" ");
}
