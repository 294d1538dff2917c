import { useMutation, useQuery } from "@tanstack/react-query";
import { put } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { agentsQuery, meQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { DUTIES, type Duty } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { toast } from "../ui/toast.tsx";
import { useCommands } from "./commands.ts";
import { canServe, useMe } from "./me.ts";

/** Whether I am there, each press the next: while nobody is, shoppers are promised a time instead of a place in line. */
export function DutySwitch() {
  const me = useMe();
  return canServe(me.user.role) ? <Switch /> : null;
}

function Switch() {
  const t = useT();
  const { data } = useQuery(meQuery);
  const duty = data?.duty ?? "online";
  const change = useMutation({
    mutationFn: (next: Duty) => put<{ readonly duty: Duty }>("/v1/me/duty", { duty: next }),
    onSuccess: ({ duty: now }) => {
      queryClient.setQueryData(meQuery.queryKey, (me) => me && { ...me, duty: now });
      void queryClient.invalidateQueries({ queryKey: agentsQuery.queryKey });
      toast(t("duty.changed", { duty: t(`duty.${now}`) }));
    },
    onError: (error) => toast(errorWords(error)),
  });
  useCommands(
    DUTIES.map((to) => ({ id: `duty.${to}`, group: "general", title: `duty.set.${to}`, run: () => change.mutate(to) })),
  );
  const shown = change.isPending ? change.variables : duty;
  const next = DUTIES[(DUTIES.indexOf(shown) + 1) % DUTIES.length] ?? "online";
  return (
    <button
      type="button"
      className={`rail-link rail-duty ${shown}`}
      aria-label={t("duty.press", { duty: t(`duty.${shown}`), next: t(`duty.${next}`) })}
      title={t("duty.press", { duty: t(`duty.${shown}`), next: t(`duty.${next}`) })}
      onClick={() => change.mutate(next)}
    >
      <span className="duty-dot" aria-hidden />
      <span>{t(`duty.${shown}`)}</span>
    </button>
  );
}
