import { useState } from "react";
import { useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { useTicketAction } from "./ownership.ts";

interface DialogProps {
  readonly ticketId: string;
  readonly sessionId: string | undefined;
  readonly onClose: () => void;
  readonly onResolved?: (() => void) | undefined;
}

export function ResolveDialog({ ticketId, sessionId, onClose, onResolved }: DialogProps) {
  const t = useT();
  const [note, setNote] = useState("");
  const [toShopper, setToShopper] = useState("");
  const resolve = useTicketAction("resolve", ticketId, sessionId);
  const submit = () =>
    resolve.mutate(
      { ...(note.trim() && { note: note.trim() }), ...(toShopper.trim() && { toShopper: toShopper.trim() }) },
      {
        onSuccess: () => {
          onClose();
          onResolved?.();
        },
      },
    );
  return (
    <Dialog
      title={t("resolve.title")}
      onClose={onClose}
      onSubmit={submit}
      submit={t(toShopper.trim() ? "resolve.send" : "resolve.submit")}
      busy={resolve.isPending}
    >
      <div className="field">
        <label htmlFor="resolve-note">{t("resolve.note")}</label>
        <textarea
          id="resolve-note"
          className="input"
          rows={2}
          maxLength={2000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="resolve-shopper">{t("resolve.toShopper")}</label>
        <textarea
          id="resolve-shopper"
          className="input"
          rows={3}
          maxLength={5000}
          value={toShopper}
          onChange={(event) => setToShopper(event.target.value)}
        />
        <span className="hint">{t("resolve.toShopperHint")}</span>
      </div>
    </Dialog>
  );
}
