import { useMutation } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { ApiError, patch } from "../api/client.ts";
import { errorWords, isCode } from "../api/errors.ts";
import type { FlowJson } from "../api/flow-types.ts";
import { flowQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { t as say, type Translate, useT } from "../i18n/index.ts";
import { type Fault, standingFaults } from "../ui/field.tsx";
import { toast } from "../ui/toast.tsx";
import { useHistory } from "../ui/use-history.ts";
import { faultsOf } from "./flow-check.ts";
import { type FlowBody, type FlowDraft, fromDraft, toDraft } from "./flow-draft.ts";

/** What the server said of a flow it was shown but did not take. */
export interface Refusal {
  readonly body: FlowBody;
  readonly issues: readonly { readonly path: string; readonly message: string }[];
}

interface Saving {
  readonly body: FlowBody;
  readonly over: number;
}

/** One flow being changed: what it was, what it is becoming, what stands in the way. */
export function useFlowForm(loaded: FlowJson) {
  const t = useT();
  const [flow, setFlow] = useState(loaded);
  const [draft, setDraft] = useState<FlowDraft>(() => toDraft(loaded));
  const [saved, setSaved] = useState(() => JSON.stringify(fromDraft(draft)));
  const [tried, setTried] = useState<Refusal>();
  const history = useHistory(setDraft);
  const body = useMemo(() => fromDraft(draft), [draft]);
  const dirty = JSON.stringify(body) !== saved;
  const save = useMutation({
    mutationFn: (sent: Saving) =>
      patch<FlowJson>(`/v1/flows/${flow.id}`, sent.body, { headers: { "if-match": `"${sent.over}"` } }),
    onSuccess: (now, sent) => {
      toast(say("flow.saved"));
      setFlow(now);
      setSaved(JSON.stringify(sent.body));
      history.forget();
      queryClient.setQueryData(flowQuery(flow.id).queryKey, now);
      void queryClient.invalidateQueries({ queryKey: ["flows"] });
    },
  });
  const refused = save.error instanceof ApiError ? (save.error.problem.errors ?? []) : [];
  const own: readonly Fault[] = faultsOf(draft).map(({ key, params, ...fault }) => ({
    ...fault,
    words: t(key, params),
  }));
  const theirs = [
    ...standingFaults(refused, save.variables?.body, body),
    ...(tried === undefined ? [] : standingFaults(tried.issues, tried.body, body)),
  ].filter(({ path }, place, all) => all.findIndex((other) => other.path === path) === place);
  const faults: readonly Fault[] = [
    ...own,
    ...theirs
      // The form says the same in the person's own language.
      .filter(({ path }) => own.every((fault) => fault.path !== path))
      .map(({ path, words }) => ({ path, words: refusalWords(t, path, words) })),
  ];
  const stopped = faults.some(({ mild }) => mild !== true);
  return {
    flow,
    draft,
    body,
    dirty,
    faults,
    /** The flow can be tried as it stands, as far as this page can tell. */
    triable: own.every(({ mild }) => mild === true),
    saving: save.isPending,
    failure:
      save.isError && !isCode(save.error, "flow.version_changed") && refused.length === 0
        ? errorWords(save.error)
        : undefined,
    /** What somebody else saved meanwhile. */
    conflict: isCode(save.error, "flow.version_changed") ? currentFlow(save.error) : undefined,
    undo: history.undo,
    setTried,
    /** `whole`: undone by itself, not with the typing around it. */
    edit(change: (before: FlowDraft) => FlowDraft, options?: { readonly whole?: boolean }) {
      history.note(draft, options);
      setDraft(change);
    },
    /** False: something has to be put right first. */
    save(over = flow.version): boolean {
      if (stopped) return false;
      if (dirty && !save.isPending) save.mutate({ body, over });
      return true;
    },
    /** Theirs instead of what was typed here. */
    take(now: FlowJson) {
      const next = toDraft(now);
      setFlow(now);
      setDraft(next);
      setSaved(JSON.stringify(fromDraft(next)));
      queryClient.setQueryData(flowQuery(flow.id).queryKey, now);
      history.forget();
      save.reset();
    },
  };
}

/** What only the server can tell. */
const REFUSALS = [
  [".article", "flow.fault.noArticle"],
  [".handoff.group", "flow.fault.noGroup"],
  [".skill", "flow.fault.noSkill"],
] as const;

function refusalWords(t: Translate, path: string, message: string): string {
  const key = REFUSALS.find(([end]) => path.endsWith(end))?.[1];
  if (key !== undefined) return t(key);
  return path.endsWith(".pattern") ? t("flow.fault.pattern", { message }) : message;
}

function currentFlow(error: ApiError): FlowJson | undefined {
  const { current } = error.problem;
  // The contract: a 412 carries the flow as it stands.
  return typeof current === "object" && current !== null && "version" in current ? (current as FlowJson) : undefined;
}
