import type { Author } from "../contract.ts";
import { Icon } from "./icons.tsx";

/** The shop's own mark for the bot, an initial for a person. Its name stands beside it. */
export function Avatar({ author }: { author: Author }) {
  const initial = author.kind === "agent" ? [...(author.name ?? "")][0] : undefined;
  return (
    <span class="avatar" data-kind={author.kind} aria-hidden="true">
      {initial === undefined ? <Icon name="chat" /> : initial.toUpperCase()}
    </span>
  );
}
