import type { ContentOf, Message } from "../contract.ts";
import { chosenValue } from "../rows.ts";
import { useView } from "./context.ts";
import { each } from "./each.tsx";
import { RichText } from "./rich-text.tsx";

/** A question with its answers as buttons; once one is given, they rest. */
export function Choices({ content, message }: { content: ContentOf<"choices">; message: Message | undefined }) {
  const { chat, state } = useView();
  const chosen = message === undefined ? undefined : chosenValue(message, state.messages, state.outbox);
  return (
    <>
      <div class="bubble">
        <RichText text={content.text} />
      </div>
      <div class="choices">
        {each(content.choices, ({ label, value }) => (
          <button
            type="button"
            class="chip"
            disabled={chosen !== undefined}
            data-chosen={chosen === value}
            onClick={() => chat.say({ type: "text", text: label, value })}
          >
            {label}
          </button>
        ))}
      </div>
    </>
  );
}
