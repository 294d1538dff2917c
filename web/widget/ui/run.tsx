import type { Message } from "../contract.ts";
import type { Item, Row } from "../rows.ts";
import type { Pending } from "../store.ts";
import { Avatar } from "./avatar.tsx";
import { ContentView, Unsupported } from "./content.tsx";
import { useView } from "./context.ts";
import { Unless } from "./unless.tsx";

type RunRow = Extract<Row, { kind: "run" }>;

/** What one author said in a row. */
export function Run({ row }: { row: RunRow }) {
  const { t } = useView();
  const { author, own, items } = row;
  const name = author.name ?? (author.kind === "agent" ? t.agentUnnamed : t.bot);
  return (
    <div class="run" data-own={own}>
      {!own && <Avatar author={author} />}
      <div class="items">
        {own ? (
          <span class="sr">{t.you}</span>
        ) : (
          <p class="who">
            <bdi>{name}</bdi>
          </p>
        )}
        {items.map((item) => (
          <ItemView key={item.key} item={item} />
        ))}
      </div>
    </div>
  );
}

function ItemView({ item }: { item: Item }) {
  const content = item.kind === "message" ? item.message.content : item.pending.content;
  return (
    <div class="item">
      <Unless fallback={<Unsupported />}>
        <ContentView
          content={content}
          message={item.kind === "message" ? item.message : undefined}
          previewUrl={item.kind === "pending" ? item.pending.previewUrl : undefined}
        />
      </Unless>
      {item.kind === "pending" ? <PendingState pending={item.pending} /> : <SentState message={item.message} />}
    </div>
  );
}

/** Only under the newest own message: older ones have been answered or read. */
function SentState({ message }: { message: Message }) {
  const { state, t } = useView();
  const { delivery } = message;
  if (state.messages.findLast(({ direction }) => direction === "inbound") !== message) return null;
  if (delivery === "failed") return <p class="delivery failed">{t.failed}</p>;
  return <p class="delivery">✓ {delivery === "read" || delivery === "delivered" ? t[delivery] : t.sent}</p>;
}

function PendingState({ pending }: { pending: Pending }) {
  const { chat, state, t } = useView();
  const { clientId, progress } = pending;
  if (pending.state === "failed")
    return (
      <p class="delivery failed" role="alert">
        {t.failed}
        <button type="button" class="plain" onClick={() => chat.outbox.retry(clientId)}>
          {t.retry}
        </button>
        <button type="button" class="plain" onClick={() => chat.outbox.discard(clientId)}>
          {t.discard}
        </button>
      </p>
    );
  const share = progress === undefined ? "" : ` ${Math.round(progress * 100)}%`;
  return (
    <p class="delivery">
      {state.connection === "online" ? t.sending + share : t.waitingToSend}
      {pending.file !== undefined && (
        <button type="button" class="plain" onClick={() => chat.outbox.discard(clientId)}>
          {t.cancel}
        </button>
      )}
    </p>
  );
}
