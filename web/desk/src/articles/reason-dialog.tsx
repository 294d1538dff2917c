import { useState } from "react";
import { useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";

interface ReasonDialogProps {
  readonly warnings: readonly string[];
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onPublish: (reason: string) => void;
}

/** What was noticed does not stop a publish, but nobody overlooks it: who publishes says why. */
export function ReasonDialog({ warnings, busy, onClose, onPublish }: ReasonDialogProps) {
  const t = useT();
  const [reason, setReason] = useState("");
  return (
    <Dialog
      title={t("article.reasonTitle")}
      submit={t("article.publish")}
      busy={busy}
      ready={reason.trim() !== ""}
      onClose={onClose}
      onSubmit={() => onPublish(reason.trim())}
    >
      <p>{t("article.reasonLead")}</p>
      <ul className="findings">
        {warnings.map((warning) => (
          <li key={warning}>
            <Icon name="alert" />
            <span>{warning}</span>
          </li>
        ))}
      </ul>
      <label className="field">
        <span className="label">{t("article.reason")}</span>
        <input className="input" maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
      </label>
    </Dialog>
  );
}
