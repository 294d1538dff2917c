import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { del, patch } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { FlowJson } from "../api/flow-types.ts";
import { flowQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { canWriteFlows, useMe } from "../app/me.ts";
import { t as say, useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Button } from "../ui/button.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Page } from "../ui/page.tsx";
import { Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { emptyStep, type FlowDraft, fromDraft, toDraft } from "./flow-draft.ts";
import { FlowFigures } from "./flow-figures.tsx";
import { FlowTry } from "./flow-try.tsx";
import { Field, StepEditor } from "./step-editor.tsx";
import "./flows.css";

export function FlowPage() {
  const { flowId } = useParams({ from: "/shell/flows/$flowId" });
  // Not fetched again behind the back of whoever is typing.
  const query = useQuery({ ...flowQuery(flowId), staleTime: Number.POSITIVE_INFINITY });
  const [round, setRound] = useState(0);
  const t = useT();
  if (query.isError) {
    return (
      <Page title={t("flows.title")}>
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      </Page>
    );
  }
  if (query.data === undefined) {
    return (
      <Page title={t("flows.title")}>
        <Skeleton lines={8} />
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
  const me = useMe();
  const navigate = useNavigate();
  const { language } = usePreferences();
  const [flow, setFlow] = useState(props.loaded);
  const [draft, setDraft] = useState<FlowDraft>(() => toDraft(flow));
  const list = useRef<HTMLDivElement>(null);
  useTitle(flow.title[language]);
  const locked = !canWriteFlows(me.user.role);
  const set = <K extends keyof FlowDraft>(key: K, value: FlowDraft[K]) =>
    setDraft((before) => ({ ...before, [key]: value }));
  const body = useMemo(() => {
    try {
      return fromDraft(draft, flow);
    } catch {
      // Half-typed JSON: said below, and neither saved nor tried.
      return undefined;
    }
  }, [draft, flow]);
  const save = useMutation({
    mutationFn: () => patch<FlowJson>(`/v1/flows/${flow.id}`, body, { headers: { "if-match": `"${flow.version}"` } }),
    onSuccess: (saved) => {
      toast(say("flow.saved"));
      setFlow(saved);
      void queryClient.invalidateQueries({ queryKey: ["flow", flow.id], refetchType: "none" });
      void queryClient.invalidateQueries({ queryKey: ["flows"] });
    },
  });
  const remove = useMutation({
    mutationFn: () => del(`/v1/flows/${flow.id}`),
    onSuccess: async () => {
      toast(say("flow.deleted"));
      await queryClient.invalidateQueries({ queryKey: ["flows"] });
      if (flow.origin === "own") return navigate({ to: "/flows" });
      return props.onRestored();
    },
  });
  const move = (from: number, by: -1 | 1) => {
    const steps = [...draft.steps];
    const [step] = steps.splice(from, 1);
    if (step === undefined) return;
    steps.splice(from + by, 0, step);
    set("steps", steps);
    // The focus goes along with the step.
    setTimeout(() => {
      const buttons = list.current
        ?.querySelectorAll<HTMLButtonElement>(".flow-step")
        [from + by]?.querySelectorAll("button");
      const button = buttons?.[by === -1 ? 0 : 1];
      (button?.disabled ? buttons?.[by === -1 ? 1 : 0] : button)?.focus();
    });
  };
  return (
    <Page
      title={flow.title[language]}
      hint={<Link to="/flows">{t("flow.back")}</Link>}
      actions={
        !locked && (
          <div className="row">
            {flow.origin !== "shipped" && (
              <Button look="quiet" busy={remove.isPending} onClick={() => remove.mutate()}>
                {t(flow.origin === "own" ? "flow.delete" : "flow.restore")}
              </Button>
            )}
            <Button look="primary" busy={save.isPending} disabled={body === undefined} onClick={() => save.mutate()}>
              {t("flow.save")}
            </Button>
          </div>
        )
      }
    >
      {save.isError && (
        <div className="notice red" role="alert">
          <Icon name="alert" />
          {errorWords(save.error)}
        </div>
      )}
      {body === undefined && (
        <div className="notice amber" role="alert">
          <Icon name="alert" />
          {t("flow.branchesBad")}
        </div>
      )}
      <div className="flow-columns">
        <fieldset className="flow-form" disabled={locked}>
          <legend className="sr">{flow.title[language]}</legend>
          <div className="panel panel-pad flow-grid">
            <Field title={t("flow.titleZh")}>
              {(id) => (
                <input
                  id={id}
                  className="input"
                  maxLength={100}
                  value={draft.titleZh}
                  onChange={(event) => set("titleZh", event.target.value)}
                />
              )}
            </Field>
            <Field title={t("flow.titleEn")}>
              {(id) => (
                <input
                  id={id}
                  className="input"
                  maxLength={100}
                  value={draft.titleEn}
                  onChange={(event) => set("titleEn", event.target.value)}
                />
              )}
            </Field>
            <Field title={t("flow.timeout")}>
              {(id) => (
                <input
                  id={id}
                  className="input"
                  type="number"
                  min={1}
                  max={1440}
                  value={draft.timeoutMinutes}
                  onChange={(event) => set("timeoutMinutes", Number(event.target.value))}
                />
              )}
            </Field>
          </div>
          <div ref={list}>
            {draft.steps.map((step, place) => (
              <StepEditor
                key={step.key}
                step={step}
                place={place}
                last={place === draft.steps.length - 1}
                only={draft.steps.length === 1}
                onChange={(changed) => set("steps", draft.steps.with(place, changed))}
                onMove={(by) => move(place, by)}
                onRemove={() => set("steps", draft.steps.toSpliced(place, 1))}
              />
            ))}
          </div>
          <Button icon="plus" onClick={() => set("steps", [...draft.steps, emptyStep(draft.steps.length + 1)])}>
            {t("flow.addStep")}
          </Button>
          <Ending draft={draft} set={set} />
        </fieldset>
        <div className="flow-side">
          <FlowTry flow={flow} body={body} />
          <FlowFigures flowId={flow.id} />
        </div>
      </div>
    </Page>
  );
}

const ENDS = ["message", "skill", "article", "handoff"] as const;

function Ending(props: {
  readonly draft: FlowDraft;
  readonly set: <K extends keyof FlowDraft>(key: K, value: FlowDraft[K]) => void;
}) {
  const { draft, set } = props;
  const t = useT();
  const says = draft.finishKind === "message" || draft.finishKind === "handoff";
  return (
    <div className="panel panel-pad flow-grid">
      <Field title={t("flow.finish")}>
        {(id) => (
          <select
            id={id}
            className="input"
            value={draft.finishKind}
            onChange={(event) => set("finishKind", event.target.value as FlowDraft["finishKind"])}
          >
            {ENDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`flow.finish.${kind}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {draft.finishKind !== "message" && (
        <Field title={t("flow.finishValue")}>
          {(id) => (
            <input
              id={id}
              className="input"
              maxLength={200}
              value={draft.finishValue}
              onChange={(event) => set("finishValue", event.target.value)}
            />
          )}
        </Field>
      )}
      {says && (
        <>
          <Field title={t("flow.messageZh")}>
            {(id) => (
              <textarea
                id={id}
                className="input"
                rows={2}
                value={draft.finishZh}
                onChange={(event) => set("finishZh", event.target.value)}
              />
            )}
          </Field>
          <Field title={t("flow.messageEn")}>
            {(id) => (
              <textarea
                id={id}
                className="input"
                rows={2}
                value={draft.finishEn}
                onChange={(event) => set("finishEn", event.target.value)}
              />
            )}
          </Field>
        </>
      )}
    </div>
  );
}
