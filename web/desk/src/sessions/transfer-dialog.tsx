import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { agentsQuery } from "../api/queries.ts";
import type { Agent } from "../api/types.ts";
import { canServe, useMe } from "../app/me.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { useTicketAction } from "./ownership.ts";

interface DialogProps {
  readonly ticketId: string;
  readonly sessionId: string;
  readonly onClose: () => void;
}

const THERE = { online: 3, busy: 2, away: 1 } as const;
const thereFirst = ({ online, duty = "online" }: Agent) => (online ? THERE[duty] : 0);

export function TransferDialog({ ticketId, sessionId, onClose }: DialogProps) {
  const t = useT();
  const me = useMe();
  const { data: agents = [] } = useQuery(agentsQuery);
  const [target, setTarget] = useState("");
  const [reason, setReason] = useState("");
  const transfer = useTicketAction("transfer", ticketId, sessionId);
  const others = agents
    .filter((agent) => agent.id !== me.user.id && canServe(agent.role))
    .sort((a, b) => thereFirst(b) - thereFirst(a));
  const submit = () => {
    const [kind, id] = [target.slice(0, 1), target.slice(2)];
    transfer.mutate(
      { ...(kind === "g" ? { group: id } : { agentId: id }), reason: reason.trim() },
      { onSuccess: onClose },
    );
  };
  return (
    <Dialog
      title={t("transfer.title")}
      onClose={onClose}
      onSubmit={submit}
      submit={t("action.transfer")}
      busy={transfer.isPending}
      ready={target !== "" && reason.trim() !== ""}
    >
      <div className="field">
        <label htmlFor="transfer-to">{t("transfer.to")}</label>
        <select
          id="transfer-to"
          className="input"
          required
          value={target}
          onChange={(event) => setTarget(event.target.value)}
        >
          <option value="">—</option>
          <optgroup label={t("transfer.groups")}>
            {me.groups.map((group) => (
              <option key={group} value={`g:${group}`}>
                {codeWords(t, "group", group)}
              </option>
            ))}
          </optgroup>
          <optgroup label={t("transfer.agents")}>
            {others.map((agent) => (
              <option key={agent.id} value={`a:${agent.id}`}>
                {agent.name}
                {agent.online !== undefined &&
                  ` · ${agent.online ? t(`duty.${agent.duty ?? "online"}`) : t("duty.offline")}`}
              </option>
            ))}
          </optgroup>
        </select>
      </div>
      <div className="field">
        <label htmlFor="transfer-reason">{t("transfer.reason")}</label>
        <textarea
          id="transfer-reason"
          className="input"
          rows={3}
          required
          maxLength={1000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="hint">{t("transfer.reasonHint")}</span>
      </div>
    </Dialog>
  );
}
