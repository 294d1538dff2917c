import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { FlowJson } from "../api/flow-types.ts";
import { flowQuery } from "../api/queries.ts";
import { useCommands } from "../app/commands.ts";
import { useMayWriteFlows } from "../app/me.ts";
import { useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Button } from "../ui/button.tsx";
import { Faults, focusFirstFault } from "../ui/field.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { LeaveGuard } from "../ui/leave-guard.tsx";
import { Page } from "../ui/page.tsx";
import { Chip, Failure, Skeleton } from "../ui/pieces.tsx";
import { FlowFields } from "./flow-fields.tsx";
import { FlowFigures } from "./flow-figures.tsx";
import { FlowOutline } from "./flow-outline.tsx";
import { FlowTry } from "./flow-try.tsx";
import { RemoveFlow } from "./remove-flow.tsx";
import { useFlowForm } from "./use-flow-form.ts";
import "./flows.css";

export function FlowPage() {
  const { flowId } = useParams({ from: "/shell/flows/$flowId" });
  // As it is now, and not fetched again behind the back of whoever is typing.
  const query = useQuery({
    ...flowQuery(flowId),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: "always",
  });
  const [round, setRound] = useState(0);
  const t = useT();
  if (query.data === undefined || query.isError || !query.isFetchedAfterMount) {
    return (
      <Page title={t("flows.title")}>
        {query.isError ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Skeleton lines={8} />}
      </Page>
    );
  }
  return (
    <FlowForm
      // What is typed stays through saves; only a flow that is as it came again begins the form anew.
      key={`${flowId} ${round}`}
      loaded={query.data}
      onRestored={async () => {
        await query.refetch();
        setRound(round + 1);
      }}
    />
  );
}

function FlowForm(props: { readonly loaded: FlowJson; readonly onRestored: () => Promise<void> }) {
  const t = useT();
  const locked = !useMayWriteFlows();
  const { language } = usePreferences();
  const form = useFlowForm(props.loaded);
  const { flow, draft, dirty } = form;
  const [current, setCurrent] = useState<string>();
  const [removing, setRemoving] = useState(false);
  const element = useRef<HTMLDivElement>(null);
  useTitle(flow.title[language]);
  const save = () => {
    if (!form.save()) focusFirstFault(element.current);
  };
  useCommands([
    !locked && { id: "save", group: "general", title: "flow.save", keys: "Mod+KeyS", inFields: true, run: save },
    // In a field the browser's own undo is what is meant.
    !locked && { id: "undo-edit", group: "general", title: "flow.undo", keys: "Mod+KeyZ", run: () => form.undo?.() },
  ]);
  return (
    <Page
      title={
        <>
          <span className="clip">{flow.title[language]}</span>
          {dirty && !locked && <Chip tone="amber">{t("form.unsaved")}</Chip>}
        </>
      }
      hint={<Link to="/flows">{t("flow.back")}</Link>}
      actions={
        !locked && (
          <div className="row">
            {flow.origin !== "shipped" && (
              <Button look="quiet" onClick={() => setRemoving(true)}>
                {t(flow.origin === "own" ? "flow.delete" : "flow.restore")}
              </Button>
            )}
            <Button look="quiet" icon="undo" aria-label={t("flow.undo")} disabled={!form.undo} onClick={form.undo} />
            <Button look="primary" busy={form.saving} disabled={!dirty} onClick={save}>
              {t("flow.save")}
            </Button>
          </div>
        )
      }
    >
      <Faults value={form.faults}>
        {form.failure !== undefined && (
          <div className="notice red flow-notice" role="alert">
            <Icon name="alert" />
            {form.failure}
          </div>
        )}
        {form.conflict !== undefined && (
          <Conflict
            onTake={() => form.conflict && form.take(form.conflict)}
            onOverwrite={() => form.save(form.conflict?.version)}
          />
        )}
        {locked && (
          <p className="notice blue flow-notice">
            <Icon name="lock" />
            {t("flow.readOnly")}
          </p>
        )}
        <div className="flow-columns" ref={element}>
          <FlowFields draft={draft} locked={locked} title={flow.title[language]} edit={form.edit} />
          <div className="flow-side">
            <FlowOutline draft={draft} current={current} />
            <FlowTry
              flow={flow}
              body={form.body}
              stopped={!form.triable}
              onStep={setCurrent}
              onRefused={form.setTried}
            />
            <FlowFigures flowId={flow.id} />
          </div>
        </div>
      </Faults>
      <LeaveGuard dirty={dirty && !locked} />
      {removing && <RemoveFlow flow={flow} onClose={() => setRemoving(false)} onRestored={props.onRestored} />}
    </Page>
  );
}

function Conflict(props: { readonly onTake: () => void; readonly onOverwrite: () => void }) {
  const t = useT();
  return (
    <div className="notice amber flow-notice" role="alert">
      <Icon name="alert" />
      <span className="grow">{t("flow.changed")}</span>
      <Button small onClick={props.onTake}>
        {t("flow.takeTheirs")}
      </Button>
      <Button small onClick={props.onOverwrite}>
        {t("flow.keepMine")}
      </Button>
    </div>
  );
}
