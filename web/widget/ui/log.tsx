import { useEffect, useRef, useState } from "preact/hooks";
import { formatMoment } from "../format.ts";
import { type Row, toRows } from "../rows.ts";
import { fill } from "../strings/index.ts";
import { Avatar } from "./avatar.tsx";
import { useView } from "./context.ts";
import { Icon } from "./icons.tsx";
import { Rating } from "./rating.tsx";
import { RichText } from "./rich-text.tsx";
import { Run } from "./run.tsx";

export function Log() {
  const { chat, state, t } = useView();
  const { messages, outbox, typing, rating } = state;
  const rows = toRows(messages, outbox);
  const { ref, content, isBehind, onScroll } = useStickToEnd(outbox.at(-1)?.clientId);

  return (
    <div class="log-frame">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard. */}
      <div class="log" ref={ref} tabIndex={0} role="log" aria-live="polite" aria-label={t.log} onScroll={onScroll}>
        <div ref={content}>
          <Greeting />
          {rows.map((row) => (
            <RowView key={row.key} row={row} />
          ))}
          {typing !== undefined && (
            <div class="run typing">
              <Avatar author={typing} />
              <div class="bubble dots">
                <span class="sr">{fill(t.typing, typing.name ?? t.bot)}</span>
                <i />
                <i />
                <i />
              </div>
            </div>
          )}
          {rating !== undefined && <Rating key={rating.sessionId} state={rating.state} chat={chat} />}
        </div>
      </div>
      {isBehind && (
        <button type="button" class="to-end" onClick={() => scrollToEnd(ref.current)} aria-label={t.newMessages}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function RowView({ row }: { row: Row }) {
  const { state } = useView();
  switch (row.kind) {
    case "time":
      return (
        <p class="time">
          <time dateTime={row.at.toISOString()}>{formatMoment(row.at, { now: new Date(), locale: state.locale })}</time>
        </p>
      );
    case "system":
      return (
        <p class="system">
          <RichText text={row.text} />
        </p>
      );
    case "run":
      return <Run row={row} />;
  }
}

/** The shop's first words, unless the server has said them as a message. */
function Greeting() {
  const { state, t } = useView();
  const { settings, messages } = state;
  const { greeting } = settings;
  const isSaid = messages.some(({ content }) => "text" in content && content.text === greeting);
  if (greeting === undefined || greeting === "" || isSaid) return null;
  return (
    <div class="run">
      <Avatar author={{ kind: "bot" }} />
      <div class="items">
        <p class="who">{t.bot}</p>
        <div class="bubble">
          <RichText text={greeting} />
        </div>
      </div>
    </div>
  );
}

/** Follows the conversation while the shopper is at its end, and stays put while they read above. */
function useStickToEnd(lastWritten: string | undefined) {
  const ref = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const top = useRef(0);
  const height = useRef(0);
  const [isBehind, setBehind] = useState(false);

  const onScroll = () => {
    const log = ref.current;
    if (log === null) return;
    const { scrollHeight, scrollTop } = log;
    const isNear = scrollHeight - scrollTop - log.clientHeight < 60;
    // Messages come and bubbles shrink between a scroll and its event: only going up past what stands still is reading above.
    const isReading = scrollTop < top.current && scrollHeight === height.current;
    isAtEnd.current = isNear || (isAtEnd.current && !isReading);
    top.current = scrollTop;
    height.current = scrollHeight;
    setBehind(!isAtEnd.current);
  };

  useEffect(() => {
    if (lastWritten !== undefined) scrollToEnd(ref.current);
  }, [lastWritten]);

  useEffect(() => {
    // Messages come, pictures load late, forms unfold, keyboards open.
    const observer = new ResizeObserver(() => isAtEnd.current && scrollToEnd(ref.current));
    for (const { current } of [ref, content]) if (current !== null) observer.observe(current);
    return () => observer.disconnect();
  }, []);

  return { ref, content, isBehind, onScroll };
}

function scrollToEnd(log: HTMLElement | null): void {
  log?.scrollTo({ top: log.scrollHeight });
}
