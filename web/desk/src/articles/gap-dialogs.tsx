import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { flat, gapsQuery } from "../api/queries.ts";
import type { Gap } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { settleGap } from "./accept-gap-dialog.tsx";
import { PersonSelect } from "./person-select.tsx";

interface GapDialogProps {
  readonly gap: Gap;
  readonly onClose: () => void;
}

function useGapChange({ gap, onClose }: GapDialogProps, path: "merge" | "assign" | "ignore", done: string) {
  return useMutation({
    mutationFn: (body: object) => post(`/v1/knowledge/gaps/${gap.id}/${path}`, body),
    onSuccess: () => {
      onClose();
      settleGap(done);
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
}

/** Two clusters that ask the same become one, for good. */
export function MergeGapDialog(props: GapDialogProps) {
  const t = useT();
  const [from, setFrom] = useState("");
  const query = useInfiniteQuery(gapsQuery());
  const merge = useGapChange(props, "merge", say("gaps.merged"));
  return (
    <Dialog
      title={t("gaps.mergeTitle")}
      submit={t("gaps.merge")}
      busy={merge.isPending}
      ready={from !== ""}
      onClose={props.onClose}
      onSubmit={() => merge.mutate({ from })}
    >
      <p>{t("gaps.mergeLead", { sample: props.gap.sample })}</p>
      <fieldset className="picks gap-pick">
        <legend className="label">{t("gaps.mergeTitle")}</legend>
        {flat(query.data)
          .filter(({ id }) => id !== props.gap.id)
          .map((other) => (
            <label key={other.id} className="row">
              <input type="radio" name="gap-merge" checked={from === other.id} onChange={() => setFrom(other.id)} />
              <span className="grow">{other.sample}</span>
              <span className="muted num">{t("gaps.count", { n: other.count })}</span>
            </label>
          ))}
      </fieldset>
    </Dialog>
  );
}

export function AssignGapDialog(props: GapDialogProps) {
  const t = useT();
  const [userId, setUserId] = useState(props.gap.assigneeId ?? "");
  const assign = useGapChange(props, "assign", say("gaps.assigned"));
  return (
    <Dialog
      title={t("gaps.assign")}
      submit={t("gaps.assign")}
      busy={assign.isPending}
      onClose={props.onClose}
      onSubmit={() => assign.mutate({ userId: userId === "" ? null : userId })}
    >
      <PersonSelect label={t("gaps.assignee")} none={t("gaps.nobody")} value={userId} onChange={setUserId} />
    </Dialog>
  );
}

export function IgnoreGapDialog(props: GapDialogProps) {
  const t = useT();
  const { isPending, error, mutate } = useGapChange(props, "ignore", say("gaps.ignored"));
  return (
    <ReasonDialog
      title={t("gaps.ignoreTitle")}
      label={t("gaps.ignoreReason")}
      submit={t("gaps.ignore")}
      work={{ isPending, error, mutate: (reason) => mutate({ reason }) }}
      onClose={props.onClose}
    >
      {props.gap.sample}
    </ReasonDialog>
  );
}
