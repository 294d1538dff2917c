import { useEffect, useRef } from "preact/hooks";
import { useView } from "./context.ts";
import { Icon } from "./icons.tsx";

export interface Picture {
  readonly url: string;
  readonly alt: string;
}

export function Lightbox({ picture, onClose }: { picture: Picture; onClose: () => void }) {
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
      aria-label={picture.alt}
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <img src={picture.url} alt={picture.alt} referrerpolicy="no-referrer" />
      <button type="button" class="quiet" aria-label={t.close} onClick={onClose}>
        <Icon name="close" />
      </button>
    </dialog>
  );
}
