import type { Author, Message } from "./contract.ts";
import type { Pending } from "./store.ts";

/** The conversation as it is drawn: times, system lines, and runs of bubbles by one author. */
export type Row =
  | { readonly kind: "time"; readonly key: string; readonly at: Date }
  | { readonly kind: "system"; readonly key: string; readonly text: string }
  | {
      readonly kind: "run";
      readonly key: string;
      readonly author: Author;
      readonly own: boolean;
      readonly items: readonly Item[];
    };

export type Item =
  | { readonly kind: "message"; readonly key: string; readonly message: Message }
  | { readonly kind: "pending"; readonly key: string; readonly pending: Pending };

const dividerAfterMs = 10 * 60_000;
const runWithinMs = 5 * 60_000;

export function toRows(messages: readonly Message[], outbox: readonly Pending[]): readonly Row[] {
  const rows: Row[] = [];
  let lastAt = 0;

  const add = (item: Item, said: { at: number; author: Author; own: boolean }) => {
    if (said.at - lastAt > dividerAfterMs || isOtherDay(said.at, lastAt))
      rows.push({ kind: "time", key: `t-${item.key}`, at: new Date(said.at) });
    const last = rows.at(-1);
    const { author, own } = said;
    if (last?.kind === "run" && isSameAuthor(last, said) && said.at - lastAt < runWithinMs)
      rows[rows.length - 1] = { ...last, items: [...last.items, item] };
    else rows.push({ kind: "run", key: `r-${item.key}`, author, own, items: [item] });
    lastAt = said.at;
  };

  for (const message of messages) {
    const { content, author } = message;
    // One key from first keystroke to confirmation: the bubble stays the same element.
    const key = message.clientId ?? message.id;
    if (content.type === "system" || (author.kind === "system" && content.type === "text")) {
      if (content.text !== "") rows.push({ kind: "system", key, text: content.text });
      continue;
    }
    add(
      { kind: "message", key, message },
      { at: Date.parse(message.at), author, own: message.direction === "inbound" },
    );
  }

  const confirmed = new Set(messages.map(({ clientId }) => clientId));
  for (const pending of outbox) {
    if (pending.state !== "failed" && confirmed.has(pending.clientId)) continue;
    const key = pending.clientId;
    add(
      { kind: "pending", key, pending },
      { at: Math.max(pending.at, lastAt), author: { kind: "contact" }, own: true },
    );
  }
  return rows;
}

function isSameAuthor(run: { author: Author; own: boolean }, said: { author: Author; own: boolean }): boolean {
  return run.own === said.own && run.author.kind === said.author.kind && run.author.name === said.author.name;
}

const isOtherDay = (a: number, b: number) => new Date(a).toDateString() !== new Date(b).toDateString();

/** What was answered to a set of choices: the first thing tapped after it that was among them. */
export function chosenValue(
  message: Message,
  messages: readonly Message[],
  outbox: readonly Pending[],
): string | undefined {
  if (message.content.type !== "choices") return undefined;
  const values = message.content.choices.map(({ value }) => value);
  const later = messages.slice(messages.indexOf(message) + 1).filter(({ direction }) => direction === "inbound");
  for (const { content } of [...later, ...outbox])
    if (content.type === "text" && content.value !== undefined && values.includes(content.value)) return content.value;
  return undefined;
}
