/** Writes the README's channel table from the adapters' own data. `--check` only says whether it is true. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { builtInChannels } from "../adapters/index.ts";
import type { Capabilities } from "../src/core/adapter.ts";
import { ROOT } from "../src/node/files.ts";
import { conformanceScores } from "../src/testing.ts";

const BEGIN = "<!-- channels: made by scripts/channel-table.ts -->";
const END = "<!-- /channels -->";
const HOUR_MS = 3_600_000;

function window({ replyWindowMs, replyWindowMessages }: Capabilities): string {
  if (replyWindowMs === undefined) return "–";
  const length =
    replyWindowMs >= HOUR_MS ? `${replyWindowMs / HOUR_MS} h` : `${Math.round(replyWindowMs / 60_000)} min`;
  return replyWindowMessages === undefined ? length : `${length}, ${replyWindowMessages} messages`;
}

/** Passed of the checks that apply, as `xiaoer conform` counts them. */
const scores = new Map(
  (await conformanceScores()).map(({ channel, passed, total }) => [channel, `${passed}/${total}`]),
);

function row({ channel, title, capabilities: can }: (typeof builtInChannels)[number]): string {
  const media = (["image", "audio", "video", "file", "location"] as const).filter((kind) => can[kind]);
  const cards = (["card", "carousel", "product", "order"] as const).filter((kind) => can[kind]);
  const text =
    Number.isFinite(can.maxTextLength) && can.maxTextLength < 1e6 ? `${can.maxTextLength} ${can.textUnit}` : "–";
  return `| \`${channel}\` | ${title.zh} ${title.en === title.zh ? "" : title.en} | ${text} | ${media.join(", ") || "as links"} | ${cards.join(", ") || "as text"} | ${can.maxChoices === 0 ? "numbered" : Math.min(can.maxChoices, 99)} | ${window(can)} | ${can.idempotentSend || can.storedIsSent ? "yes" : "no"} | ${scores.get(channel) ?? "–"} |`;
}

function channelTable(): string {
  return [
    BEGIN,
    "| channel | | longest text | media | cards | choices | reply window | repeats safely | conformance |",
    "| --- | --- | --- | --- | --- | --: | --- | --- | --: |",
    ...builtInChannels.map(row),
    END,
  ].join("\n");
}

/** However somebody's editor aligns its columns. */
const bare = (table: string) => table.replaceAll(/ +/g, " ").replaceAll(/-+/g, "-");

const path = join(ROOT, "README.md");
const readme = readFileSync(path, "utf8");
const next = readme.slice(0, readme.indexOf(BEGIN)) + channelTable() + readme.slice(readme.indexOf(END) + END.length);
if (process.argv.includes("--check")) {
  if (bare(next) !== bare(readme)) {
    console.error("The README's channel table is out of date; run node scripts/channel-table.ts.");
    process.exit(1);
  }
} else writeFileSync(path, next);
