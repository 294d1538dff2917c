import { useEffect, useRef } from "react";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";

interface LightboxProps {
  readonly url: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** A picture as large as the screen lets it be. The browser's own modal: Esc closes it and focus goes back. */
export function Lightbox({ url, name, onClose }: LightboxProps) {
  const t = useT();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className="lightbox"
      aria-label={name}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <img src={url} alt={name} />
      <div className="lightbox-bar">
        <bdi>{name}</bdi>
        <a className="btn" href={url} target="_blank" rel="noopener noreferrer">
          {t("media.newTab")}
        </a>
        <Button icon="x" aria-label={t("common.close")} onClick={onClose} />
      </div>
    </dialog>
  );
}
