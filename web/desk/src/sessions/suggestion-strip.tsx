import { useQuery } from "@tanstack/react-query";
import { post } from "../api/client.ts";
import type { MatchAnswer, Message, Session, Suggestion, Ticket } from "../api/types.ts";
import { useT } from "../i18n/index.ts";

/** The three likeliest answers to what was last asked; a key or click inserts, nothing sends. */
export function SuggestionStrip({
  list,
  onInsert,
}: {
  readonly list: readonly Suggestion[];
  readonly onInsert: (text: string) => void;
}) {
  const t = useT();
  if (list.length === 0) return null;
  return (
    <fieldset className="suggestions" aria-label={t("composer.suggestions")}>
      {list.slice(0, 3).map((item, index) => (
        <button
          key={item.articleId}
          type="button"
          className="suggestion"
          title={item.answer}
          aria-keyshortcuts={`Alt+${index + 1}`}
          onClick={() => onInsert(item.answer)}
        >
          <kbd aria-hidden>⌥{index + 1}</kbd>
          <span className="clip">{item.question}</span>
          <span className="score num">{item.score.toFixed(2)}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** The matcher's view of the last question; until it has one, what was found at the handoff. */
export function useSuggestions(
  session: Session,
  messages: readonly Message[],
  ticket: Ticket | undefined,
  wanted: boolean,
): readonly Suggestion[] {
  const asked = lastQuestion(messages);
  const { data } = useQuery({
    queryKey: ["suggestions", asked, session.language, session.channel],
    enabled: wanted && asked !== undefined && asked.length > 1,
    staleTime: 60_000,
    retry: false,
    queryFn: ({ signal }) =>
      post<MatchAnswer>(
        "/v1/knowledge/match",
        { text: asked, ...(session.language && { locale: session.language }), channel: session.channel, limit: 3 },
        { signal },
      ),
  });
  const matches = worthShowing(data?.matches ?? []);
  return matches.length > 0 ? matches : worthShowing(ticket?.context.suggestions ?? []);
}

/** Less than this is a guess, and a guess beside the composer only distracts. */
const LEAST_SCORE = 0.25;

export function worthShowing(list: readonly Suggestion[]): readonly Suggestion[] {
  return list.filter((item) => item.score >= LEAST_SCORE);
}

function lastQuestion(messages: readonly Message[]): string | undefined {
  let last: Message | undefined;
  for (const message of messages) {
    if (
      message.direction === "inbound" &&
      message.content.type === "text" &&
      (last === undefined || message.at > last.at)
    )
      last = message;
  }
  return last?.content.type === "text" ? last.content.text.slice(0, 500) : undefined;
}
