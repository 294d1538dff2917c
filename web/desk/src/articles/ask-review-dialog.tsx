import { useId, useState } from "react";
import { useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";

interface AskReviewDialogProps {
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onAsk: (note: string) => void;
}

export function AskReviewDialog({ busy, onClose, onAsk }: AskReviewDialogProps) {
  const t = useT();
  const id = useId();
  const [note, setNote] = useState("");
  return (
    <Dialog
      title={t("review.ask")}
      submit={t("review.ask")}
      busy={busy}
      onClose={onClose}
      onSubmit={() => onAsk(note.trim())}
    >
      <p className="muted">{t("review.askLead")}</p>
      <div className="field">
        <label htmlFor={id}>{t("review.note")}</label>
        <input
          id={id}
          className="input"
          maxLength={500}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </div>
    </Dialog>
  );
}
