import { useEffect, useState } from "preact/hooks";
import { fill } from "../strings/index.ts";
import { useView } from "./context.ts";

/** A hiccup shorter than this is nobody's business. */
const patienceMs = 1_500;

export function Banner() {
  const { chat, state, t } = useView();
  const { connection } = state;
  const isAway = connection === "reconnecting" || connection === "connecting";
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!isAway) return;
    const timer = setTimeout(() => setLong(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isAway]);

  if (connection === "refused")
    return (
      <div class="banner" role="alert">
        {t.refused}
        <button type="button" class="plain" onClick={() => chat.open()}>
          {t.retry}
        </button>
      </div>
    );
  const waiting = state.outbox.filter((item) => item.state !== "failed").length;
  return (
    <div class="banner-slot" role="status">
      {isAway && isLong && (
        <div class="banner">
          <i class="spinner" />
          {connection === "connecting" ? t.connecting : t.reconnecting}
          {waiting > 0 && <span class="count">{fill(t.waiting, waiting)}</span>}
        </div>
      )}
    </div>
  );
}
