import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { flat, gapsQuery, peopleQuery } from "../api/queries.ts";
import type { Gap } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { settleGap } from "./accept-gap-dialog.tsx";

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
  const { data: people = [] } = useQuery(peopleQuery);
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
      <label className="field">
        <span className="label">{t("gaps.assignee")}</span>
        <select className="input" value={userId} onChange={(event) => setUserId(event.target.value)}>
          <option value="">{t("gaps.nobody")}</option>
          {people.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
    </Dialog>
  );
}

export function IgnoreGapDialog(props: GapDialogProps) {
  const t = useT();
  const [reason, setReason] = useState("");
  const ignore = useGapChange(props, "ignore", say("gaps.ignored"));
  return (
    <Dialog
      title={t("gaps.ignoreTitle")}
      submit={t("gaps.ignore")}
      busy={ignore.isPending}
      ready={reason.trim() !== ""}
      onClose={props.onClose}
      onSubmit={() => ignore.mutate({ reason: reason.trim() })}
    >
      <p className="muted">{props.gap.sample}</p>
      <label className="field">
        <span className="label">{t("gaps.ignoreReason")}</span>
        <input className="input" maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Dialog>
  );
}
