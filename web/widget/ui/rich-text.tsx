import type { ComponentChildren } from "preact";
import { splitLinks, toHref } from "../links.ts";
import { each } from "./each.tsx";

/** Somebody's words: text nodes and links, nothing else. Line breaks are kept by the stylesheet. */
export function RichText({ text }: { text: string }) {
  return <>{each(splitLinks(text), (part) => (part.isLink ? <Out url={part.text}>{part.text}</Out> : part.text))}</>;
}

interface OutProps {
  readonly url: string | undefined;
  readonly class?: string;
  readonly onClick?: (event: MouseEvent) => void;
  readonly children: ComponentChildren;
}

/** Every link that came in a message; just its text where the address is none we follow. */
export function Out({ url, class: name, onClick, children }: OutProps) {
  const href = toHref(url);
  if (href === undefined) return <div class={name}>{children}</div>;
  return (
    <a class={name} href={href} target="_blank" rel="noopener noreferrer nofollow ugc" onClick={onClick}>
      {children}
    </a>
  );
}
