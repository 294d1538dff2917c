import { type ReactNode, type SubmitEvent, useEffect, useId, useRef } from "react";
import { useT } from "../i18n/index.ts";
import { Button } from "./button.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
  /** With it the dialog is a form: Enter in a field submits. */
  readonly onSubmit?: () => void;
  readonly submit?: string;
  readonly busy?: boolean;
  readonly ready?: boolean;
}

/** The browser's own modal: it traps focus, closes on Esc and gives focus back. */
export function Dialog(props: DialogProps) {
  const t = useT();
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    // The first field rather than the close button.
    dialog?.querySelector<HTMLElement>(".dialog-body :is(input, select, textarea):not([disabled])")?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (props.ready !== false && !props.busy) props.onSubmit?.();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop closes; the keyboard has Esc.
    <dialog
      ref={ref}
      className={props.wide ? "dialog wide" : "dialog"}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current) props.onClose();
      }}
    >
      <form onSubmit={submit}>
        <div className="dialog-head">
          <h2 id={titleId}>{props.title}</h2>
          <Button look="quiet" icon="x" aria-label={t("common.close")} onClick={props.onClose} />
        </div>
        <div className="dialog-body">{props.children}</div>
        {props.onSubmit && (
          <div className="dialog-foot">
            <Button onClick={props.onClose}>{t("common.cancel")}</Button>
            <Button type="submit" look="primary" busy={props.busy} disabled={props.ready === false}>
              {props.submit ?? t("common.confirm")}
            </Button>
          </div>
        )}
      </form>
    </dialog>
  );
}
