import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { del } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { FlowJson } from "../api/flow-types.ts";
import { queryClient } from "../api/query-client.ts";
import { t as say, useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Notice } from "../ui/reason-dialog.tsx";
import { toast } from "../ui/toast.tsx";

interface RemoveFlowProps {
  readonly flow: FlowJson;
  readonly onClose: () => void;
  readonly onRestored: () => Promise<void>;
}

/** A flow of the shop's own goes; a shipped one is as it came again. */
export function RemoveFlow({ flow, onClose, onRestored }: RemoveFlowProps) {
  const t = useT();
  const navigate = useNavigate();
  const own = flow.origin === "own";
  const remove = useMutation({
    mutationFn: () => del(`/v1/flows/${flow.id}`),
    onSuccess: async () => {
      toast(say(own ? "flow.deleted" : "flow.restored"));
      await queryClient.invalidateQueries({ queryKey: ["flows"] });
      if (own) return navigate({ to: "/flows", ignoreBlocker: true });
      return onRestored();
    },
  });
  return (
    <Dialog
      title={t(own ? "flow.delete" : "flow.restore")}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
      submit={t(own ? "flow.delete" : "flow.restore")}
      busy={remove.isPending}
    >
      <p>{t(own ? "flow.deleteAsk" : "flow.restoreAsk", { id: flow.id })}</p>
      {remove.isError && <Notice text={errorWords(remove.error)} />}
    </Dialog>
  );
}
