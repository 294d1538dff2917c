import { type DragEvent, useRef, useState } from "react";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { ACCEPT, type Attachment, attach, removeAttachment } from "./attachments.ts";
import { fileSize } from "./file-size.ts";
import "./media.css";

export function AttachButton({ sessionId, disabled }: { readonly sessionId: string; readonly disabled: boolean }) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        look="quiet"
        icon="attach"
        aria-label={t("attach.add")}
        disabled={disabled}
        onClick={() => picker.current?.click()}
      />
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={ACCEPT}
        aria-label={t("attach.add")}
        onChange={(event) => {
          attach(sessionId, [...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}

/** What is to be sent with the reply. */
export function AttachmentTray({ items }: { readonly items: readonly Attachment[] }) {
  const t = useT();
  if (items.length === 0) return null;
  return (
    <ul className="attachments" aria-label={t("attach.list")}>
      {items.map((item) => (
        <li key={item.id} className={`attachment ${item.state}`}>
          {item.preview === undefined ? <Icon name="file" /> : <img src={item.preview} alt="" />}
          <div className="attachment-words">
            <bdi>{item.name}</bdi>
            {item.state === "uploading" && (
              <progress aria-label={t("attach.progress", { name: item.name })} max={1} value={item.progress} />
            )}
            {item.state === "ready" && <span className="muted">{fileSize(item.size)}</span>}
            {item.state === "failed" && <span role="alert">{item.error}</span>}
          </div>
          <Button
            small
            look="quiet"
            icon="x"
            aria-label={t(item.state === "uploading" ? "attach.cancel" : "attach.remove", { name: item.name })}
            onClick={() => removeAttachment(item)}
          />
        </li>
      ))}
    </ul>
  );
}

/** Files may be dropped on it. */
export function useDrop(sessionId: string, enabled: boolean) {
  const [over, setOver] = useState(false);
  const holdsFiles = (event: DragEvent) => enabled && event.dataTransfer.types.includes("Files");
  return {
    over: over && enabled,
    handlers: {
      onDragOver: (event: DragEvent) => {
        if (!holdsFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        // Moving on to a child is no leaving.
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        setOver(false);
        if (!holdsFiles(event)) return;
        event.preventDefault();
        attach(sessionId, [...event.dataTransfer.files]);
      },
    },
  };
}
