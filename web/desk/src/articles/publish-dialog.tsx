import { useState } from "react";
import { useT } from "../i18n/index.ts";
import { shopTimeZone } from "../time.ts";
import { Dialog } from "../ui/dialog.tsx";
import type { PublishPlan } from "./use-editor.ts";
import { fromZonedInput } from "./zoned-time.ts";

interface PublishDialogProps {
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onPublish: (plan: PublishPlan) => void;
}

export function PublishDialog({ busy, onClose, onPublish }: PublishDialogProps) {
  const t = useT();
  const zone = shopTimeZone();
  const [clock, setClock] = useState("");
  const [percent, setPercent] = useState(100);
  const at = fromZonedInput(clock, zone);
  return (
    <Dialog
      title={t("article.publishLater")}
      submit={t("article.publish")}
      busy={busy}
      ready={Number.isInteger(percent) && percent >= 1 && percent <= 100}
      onClose={onClose}
      onSubmit={() => onPublish({ percent, ...(at && { at }) })}
    >
      <label className="field">
        <span className="label">{t("article.publishAt")}</span>
        <input
          className="input"
          type="datetime-local"
          step={1}
          value={clock}
          onChange={(event) => setClock(event.target.value)}
        />
        {zone && <span className="hint">{t("article.validityZone", { zone })}</span>}
      </label>
      <label className="field">
        <span className="label">{t("article.publishPercent")}</span>
        <input
          className="input"
          type="number"
          min={1}
          max={100}
          step={1}
          value={percent}
          onChange={(event) => setPercent(Number(event.target.value))}
        />
        <span className="hint">{t("article.publishHint")}</span>
      </label>
    </Dialog>
  );
}
