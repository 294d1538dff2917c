import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { dropPending, type Pending } from "../api/outbox.ts";
import type { Activity, Message, Note } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { clockTime } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { channelIcon } from "../ui/pieces.tsx";
import { activityWords } from "./activity-words.ts";
import { ContentView } from "./content-view.tsx";
import { CorrectButton } from "./correct-button.tsx";
import { DeliveryMark } from "./delivery-mark.tsx";
import { RichText } from "./rich-text.tsx";
import { editPending, retryPending } from "./send.ts";

interface BubbleProps {
  readonly message: Message;
  readonly joined: boolean;
  readonly contactName: string;
  readonly me: string;
}

export const Bubble = memo(function Bubble({ message, joined, contactName, me }: BubbleProps) {
  const t = useT();
  const { author, content } = message;
  if (content.type === "system" || author.kind === "system") {
    return (
      <div className="system-line">
        <ContentView content={content} />
        <time>{clockTime(message.at)}</time>
      </div>
    );
  }
  const name =
    author.kind === "contact"
      ? contactName
      : author.kind === "bot"
        ? t("conversation.bot")
        : author.id === me
          ? t("sessions.owner.me")
          : (author.name ?? "");
  return (
    <article
      className={["bubble-row", author.kind, joined && "joined", message.delivery === "dropped" && "dropped"]
        .filter(Boolean)
        .join(" ")}
      aria-label={`${name} ${clockTime(message.at)}`}
    >
      {!joined && (
        <header>
          {author.kind === "bot" && <Icon name="bot" />}
          <bdi>{name}</bdi>
          <span title={codeWords(t, "channel", message.channel)}>
            <Icon name={channelIcon(message.channel)} label={codeWords(t, "channel", message.channel)} />
          </span>
        </header>
      )}
      <div className="bubble">
        <ContentView content={content} message={message} />
      </div>
      <footer>
        {message.articleId !== undefined && <ArticleMark message={message} />}
        {author.kind === "bot" && <CorrectButton message={message} />}
        <DeliveryMark message={message} />
        <time className="num">{clockTime(message.at)}</time>
      </footer>
    </article>
  );
});

/** Which article the bot spoke from and how sure it was. */
function ArticleMark({ message }: { readonly message: Message }) {
  const t = useT();
  if (message.articleId === undefined) return null;
  return (
    <Link
      to="/articles/$articleId"
      params={{ articleId: message.articleId }}
      className="article-mark num"
      title={t("conversation.fix")}
    >
      {message.articleId}
      {message.articleVersion !== undefined && ` v${message.articleVersion}`}
      {message.score !== undefined && ` · ${message.score.toFixed(2)}`}
    </Link>
  );
}

export function NoteBubble({ note }: { readonly note: Note }) {
  const t = useT();
  return (
    <article className="bubble-row note">
      <header>
        <Icon name="lock" />
        {t("conversation.note", { name: note.author.name })}
      </header>
      <div className="bubble">
        <RichText text={note.text} />
      </div>
      <footer>
        <time className="num">{clockTime(note.at)}</time>
      </footer>
    </article>
  );
}

export function ActivityLine({ activity }: { readonly activity: Activity }) {
  const t = useT();
  return (
    <div className="system-line">
      {activityWords(t, activity)}
      <time>{clockTime(activity.at)}</time>
    </div>
  );
}

export function PendingBubble({ pending }: { readonly pending: Pending }) {
  const t = useT();
  return (
    <article className="bubble-row agent pending" aria-busy={pending.state === "sending"}>
      <div className="bubble">
        <ContentView content={pending.content} />
      </div>
      {pending.state === "sending" ? (
        <footer>{t("conversation.sending")}</footer>
      ) : (
        <footer role="alert">
          <span className="delivery failed">
            <Icon name="alert" />
          </span>
          <span className="delivery-words">
            {t("conversation.failed")}: {pending.error}
          </span>
          <Button small icon="refresh" onClick={() => void retryPending(pending)}>
            {t("common.retry")}
          </Button>
          {pending.content.type === "text" && (
            <Button small onClick={() => editPending(pending)}>
              {t("conversation.editAgain")}
            </Button>
          )}
          <Button small look="quiet" onClick={() => dropPending(pending.clientId)}>
            {t("conversation.discard")}
          </Button>
        </footer>
      )}
    </article>
  );
}
