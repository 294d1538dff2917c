import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { flowsQuery } from "../api/queries.ts";
import { useMayWriteFlows } from "../app/me.ts";
import { useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Button } from "../ui/button.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Page } from "../ui/page.tsx";
import { Chip, Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { NewFlowDialog } from "./new-flow-dialog.tsx";
import "./flows.css";

export function FlowsPage() {
  const t = useT();
  const mayWrite = useMayWriteFlows();
  const { language } = usePreferences();
  const query = useQuery(flowsQuery);
  const [creating, setCreating] = useState(false);
  useTitle(t("flows.title"));
  return (
    <Page
      title={t("flows.title")}
      hint={t("flows.hint")}
      actions={
        mayWrite && (
          <Button look="primary" icon="plus" onClick={() => setCreating(true)}>
            {t("flows.new")}
          </Button>
        )
      }
    >
      <div className="panel">
        {query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data === undefined ? (
          <Skeleton lines={4} />
        ) : query.data.length === 0 ? (
          <Empty icon="list" title={t("flows.empty")} />
        ) : (
          <table className="flow-table">
            <thead>
              <tr>
                <th scope="col">{t("flows.name")}</th>
                <th scope="col">{t("flows.steps")}</th>
                <th scope="col">{t("flows.origin")}</th>
              </tr>
            </thead>
            <tbody>
              {query.data.map((flow) => (
                <tr key={flow.id}>
                  <td>
                    <Link to="/flows/$flowId" params={{ flowId: flow.id }}>
                      {flow.title[language]}
                    </Link>
                    <div className="muted mono">flow:{flow.id}</div>
                  </td>
                  <td className="num">{flow.steps.length}</td>
                  <td>
                    <Chip tone={flow.origin === "shipped" ? "line" : "accent"}>{t(`flows.origin.${flow.origin}`)}</Chip>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      {creating && <NewFlowDialog onClose={() => setCreating(false)} />}
    </Page>
  );
}
