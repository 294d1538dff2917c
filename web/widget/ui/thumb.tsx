import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useView } from "./context.ts";

interface ThumbProps {
  readonly url: string | undefined;
  readonly class?: string;
  readonly alt?: string;
  /** Stands in its place when there is none or it cannot be had. */
  readonly fallback?: ComponentChildren;
}

/** A picture from a message. */
export function Thumb(props: ThumbProps) {
  const { chat } = useView();
  const [broken, setBroken] = useState<string>();
  const { url } = props;
  if (url === undefined || url === broken) return <>{props.fallback}</>;
  return (
    <img
      class={props.class}
      src={chat.absolute(url)}
      alt={props.alt ?? ""}
      referrerpolicy="no-referrer"
      onError={() => setBroken(url)}
    />
  );
}
