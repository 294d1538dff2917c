import { type ReactNode, useId, useState } from "react";
import { errorWords } from "../api/errors.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";

interface ReasonDialogProps {
  readonly title: string;
  /** What happens, or what it is about. */
  readonly children: ReactNode;
  readonly label: string;
  readonly submit: string;
  readonly work: {
    readonly isPending: boolean;
    readonly error: unknown;
    mutate(reason: string): void;
  };
  readonly onClose: () => void;
}

/** Something that needs a word why. */
export function ReasonDialog({ title, children, label, submit, work, onClose }: ReasonDialogProps) {
  const id = useId();
  const [reason, setReason] = useState("");
  return (
    <Dialog
      title={title}
      onClose={onClose}
      onSubmit={() => work.mutate(reason.trim())}
      submit={submit}
      busy={work.isPending}
      ready={reason.trim() !== ""}
    >
      <p className="muted">{children}</p>
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="input"
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      {work.error != null && <Notice text={errorWords(work.error)} />}
    </Dialog>
  );
}

export function Notice({ text }: { readonly text: string }) {
  return (
    <div className="notice red" role="alert">
      <Icon name="alert" />
      {text}
    </div>
  );
}
