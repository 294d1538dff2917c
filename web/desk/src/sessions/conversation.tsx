import { useEffect } from "react";
import { typing } from "../api/live-facts.ts";
import type { Session, Ticket } from "../api/types.ts";
import { useMe } from "../app/me.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { useStore } from "../store.ts";
import { dayName, momentTime } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { useNow } from "../ui/hooks.ts";
import { Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { ActivityLine, Bubble, NoteBubble, PendingBubble } from "./bubble.tsx";
import type { TimelineItem } from "./timeline.ts";
import { useStickToBottom } from "./use-stick-to-bottom.ts";
import { type TimelineView, useTimeline } from "./use-timeline.ts";

export function Conversation({ session, ticket }: { readonly session: Session; readonly ticket: Ticket | undefined }) {
  const t = useT();
  const view = useTimeline(session, ticket);
  const stick = useStickToBottom(view.items);
  return (
    <div className="conversation-wrap">
      <div
        ref={stick.scroller}
        className="conversation scroll"
        onScroll={stick.onScroll}
        role="log"
        aria-label={t("conversation.label")}
        aria-live="polite"
        aria-relevant="additions"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable to be scrolled by keyboard.
        tabIndex={0}
      >
        <div ref={stick.inner} className={view.items.length > 200 ? "conversation-inner long" : "conversation-inner"}>
          <Beginning view={view} scroller={stick.scroller} />
          {view.items.map((item) => (
            <Item key={item.key} item={item} session={session} />
          ))}
          <Typing sessionId={session.id} />
        </div>
      </div>
      {!stick.atBottom && (
        <Button
          className="to-bottom"
          look={stick.unseen > 0 ? "primary" : undefined}
          small
          icon="arrowDown"
          onClick={stick.toBottom}
        >
          {stick.unseen > 0 ? t("conversation.new", { n: stick.unseen }) : t("conversation.bottom")}
        </Button>
      )}
    </div>
  );
}

function Beginning({
  view,
  scroller,
}: {
  readonly view: TimelineView;
  readonly scroller: React.RefObject<HTMLDivElement | null>;
}) {
  const t = useT();
  const { older, isLoadingOlder, loadOlder } = view;
  useEffect(() => {
    const box = scroller.current;
    if (box === null || older !== "messages" || isLoadingOlder) return;
    const nearTop = () => {
      if (box.scrollTop < 200) loadOlder();
    };
    box.addEventListener("scroll", nearTop, { passive: true });
    return () => box.removeEventListener("scroll", nearTop);
  }, [scroller, older, isLoadingOlder, loadOlder]);

  if (view.isPending) {
    return (
      <div className="conversation-loading" aria-busy>
        <Skeleton width="46%" height={38} />
        <Skeleton width="60%" height={54} />
        <Skeleton width="38%" height={38} />
      </div>
    );
  }
  if (view.error) return <Failure error={view.error} onRetry={view.retry} />;
  if (view.items.length === 0 && older === "none") return <Empty icon="chat" title={t("conversation.empty")} />;
  return (
    <div className="conversation-start">
      {older === "none" ? (
        <span className="muted">{t("conversation.start")}</span>
      ) : (
        <Button small look="quiet" icon="history" busy={isLoadingOlder} onClick={loadOlder}>
          {t(older === "messages" ? "conversation.older" : "conversation.history")}
        </Button>
      )}
    </div>
  );
}

function Item({ item, session }: { readonly item: TimelineItem; readonly session: Session }) {
  const t = useT();
  const me = useMe().user.id;
  switch (item.kind) {
    case "day":
      return (
        <div className="divider day">
          <span>{dayName(item.at)}</span>
        </div>
      );
    case "session": {
      const channel = codeWords(t, "channel", item.channel);
      return (
        <div className="divider session">
          <span>
            {item.current
              ? t("conversation.thisSession", { channel })
              : t("conversation.session", { channel, time: momentTime(item.at) })}
          </span>
        </div>
      );
    }
    case "message":
      return (
        <Bubble
          message={item.message}
          joined={item.joined}
          contactName={session.contact.name ?? t("sessions.anonymous")}
          me={me}
        />
      );
    case "note":
      return <NoteBubble note={item.note} />;
    case "activity":
      return <ActivityLine activity={item.activity} />;
    case "pending":
      return <PendingBubble pending={item.pending} />;
  }
}

function Typing({ sessionId }: { readonly sessionId: string }) {
  const t = useT();
  const entry = useStore(typing)[sessionId];
  if (entry === undefined) return null;
  const name = entry.author.name ?? (entry.author.kind === "contact" ? t("sessions.anonymous") : t("conversation.bot"));
  return <TypingLine name={name} until={entry.until} />;
}

function TypingLine({ name, until }: { readonly name: string; readonly until: number }) {
  const t = useT();
  useNow();
  if (Date.now() > until) return null;
  return (
    <div className="typing">
      <span className="typing-dots" aria-hidden>
        <i />
        <i />
        <i />
      </span>
      {t("conversation.typing", { name })}
    </div>
  );
}
