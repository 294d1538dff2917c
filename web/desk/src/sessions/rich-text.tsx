import type { ReactNode } from "react";

const LINK = /\bhttps?:\/\/[^\s<>"'，。！？、；：（）【】《》]+[^\s<>"'，。！？、；：（）【】《》.,!?;:)\]]/g;

/** Text as text; http(s) addresses become links and nothing else does. */
export function RichText({ text }: { readonly text: string }) {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(end, match.index));
    parts.push(
      <SafeLink key={match.index} url={match[0]}>
        {match[0]}
      </SafeLink>,
    );
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return <div className="rich-text">{parts}</div>;
}

/** A link written by others: opens apart, tells nothing, and shows the host it leads to. */
export function SafeLink({ url, children }: { readonly url: string; readonly children: ReactNode }) {
  const parsed = URL.parse(url);
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) return <span>{children}</span>;
  return (
    <a href={parsed.href} target="_blank" rel="noopener noreferrer nofollow ugc" title={parsed.href}>
      {children}
      {children !== url && <span className="muted"> ({parsed.host})</span>}
    </a>
  );
}
