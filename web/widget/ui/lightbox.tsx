import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useView } from "./context.ts";
import { Icon } from "./icons.tsx";

interface LightboxProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Over the whole page; the browser keeps the focus inside, and gives it back. */
export function Lightbox({ name, onClose, children }: LightboxProps) {
  const { t } = useView();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class="lightbox"
      aria-label={name}
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      {children}
      <button type="button" class="quiet" aria-label={t.close} onClick={onClose}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}
