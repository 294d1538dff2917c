/** Three characters are escaped, whatever the text's form. https://docs.slack.dev/messaging/formatting-message-text#escaping */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * What a person wrote, from Slack's form of it: links, mentions and channels stand in angle brackets, real ones are escaped.
 * https://docs.slack.dev/messaging/formatting-message-text#advanced
 */
export function readText(text: string, ourUserId: string | undefined): string {
  const own = ourUserId === undefined ? text : text.replaceAll(new RegExp(`<@${ourUserId}(?:\\|[^>]*)?>`, "g"), "");
  const words = own
    .replaceAll(/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g, (_, mark: string, target: string, label = "") =>
      mark === "" ? readLink(target, label) : `${mark === "#" ? "#" : "@"}${label.replace(/^@/, "") || target}`,
    )
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
  return own === text ? words : words.trim();
}

/** A link somebody typed has its own address as its label. */
function readLink(target: string, label: string): string {
  const bare = target.replace(/^mailto:|^tel:/, "");
  if (label === "" || bare === label || target.replace(/^https?:\/\//, "").startsWith(label)) return bare;
  return `${label} (${bare})`;
}
