import { useState } from "preact/hooks";
import type { Chat } from "../chat.ts";
import { useView } from "./context.ts";
import { Icon } from "./icons.tsx";

const scores = [1, 2, 3, 4, 5] as const;

export function Rating({ state, chat }: { state: "asked" | "sending" | "thanked"; chat: Chat }) {
  const { t } = useView();
  const [score, setScore] = useState(0);
  const [comment, setComment] = useState("");
  if (state === "thanked")
    return (
      <p class="rating thanks" role="status">
        {t.thanks}
      </p>
    );
  return (
    <form
      class="rating"
      onSubmit={(event) => {
        event.preventDefault();
        void chat.rate(score, comment.trim());
      }}
    >
      <fieldset>
        <legend>{t.rate}</legend>
        <div class="stars">
          {scores.map((value) => (
            <label key={value} data-on={value <= score}>
              <input
                class="sr"
                type="radio"
                name="score"
                value={value}
                checked={value === score}
                onChange={() => setScore(value)}
                aria-label={`${value} / 5`}
              />
              <Icon name="star" />
            </label>
          ))}
        </div>
      </fieldset>
      {score > 0 && (
        <input
          class="comment"
          value={comment}
          maxLength={1000}
          placeholder={t.comment}
          aria-label={t.comment}
          onInput={(event) => setComment(event.currentTarget.value)}
        />
      )}
      <div class="rating-actions">
        <button type="button" class="plain" onClick={() => chat.skipRating()}>
          {t.skip}
        </button>
        <button type="submit" class="solid" disabled={score === 0 || state === "sending"}>
          {t.submit}
        </button>
      </div>
    </form>
  );
}
