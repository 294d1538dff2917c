import { useEffect, useRef, useState } from "preact/hooks";
import { acceptedFiles } from "../uploads.ts";
import { useView } from "./context.ts";
import { Icon } from "./icons.tsx";

/** The server's limit for one text. */
const maxTextLength = 20_000;

export function Composer() {
  const { chat, state, t } = useView();
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { prefill, notice, session, connection } = state;
  const [draft, setDraft] = useState(prefill.text);
  const text = draft.trim();
  const isOff = connection === "refused";

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field is as high as its words, and has no height while hidden.
  useEffect(() => {
    const area = field.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 132)}px`;
  }, [draft, state.open]);

  // Words put here by the page (`Xiaoer.open({ text })`) are there to be gone on with.
  useEffect(() => setDraft(prefill.text), [prefill]);

  function send() {
    if (text === "" || isOff) return;
    setDraft("");
    chat.say({ type: "text", text });
    field.current?.focus();
  }

  const asksForPerson = session?.state !== "queued" && session?.state !== "agent";
  const hasBegun = state.messages.length > 0;
  return (
    <div class="foot">
      {asksForPerson && hasBegun && (
        <button type="button" class="chip person" onClick={() => chat.say({ type: "text", text: t.person })}>
          <Icon name="person" />
          {t.person}
        </button>
      )}
      {notice !== undefined && (
        <p class="notice" role="alert">
          {t[notice]}
        </p>
      )}
      <div class="composer">
        <button
          type="button"
          class="quiet"
          aria-label={t.attach}
          disabled={isOff}
          onClick={() => picker.current?.click()}
        >
          <Icon name="attach" />
        </button>
        <input
          ref={picker}
          class="picker"
          type="file"
          multiple
          accept={acceptedFiles}
          tabIndex={-1}
          aria-label={t.attach}
          onChange={(event) => {
            chat.attach([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
        <textarea
          ref={field}
          rows={1}
          value={draft}
          maxLength={maxTextLength}
          placeholder={t.placeholder}
          aria-label={t.placeholder}
          enterkeyhint="send"
          autocomplete="off"
          onInput={(event) => {
            setDraft(event.currentTarget.value);
            if (notice !== undefined) chat.store.set({ notice: undefined });
          }}
          onKeyDown={(event) => {
            // While an input method is composing, Enter picks a candidate. Safari says so by 229 alone.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            send();
          }}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length === 0) return;
            event.preventDefault();
            chat.attach(files);
          }}
        />
        <button type="button" class="send" aria-label={t.send} disabled={text === "" || isOff} onClick={send}>
          <Icon name="send" />
        </button>
      </div>
    </div>
  );
}
