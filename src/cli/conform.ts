import type { ConformanceScore } from "../testing.ts";
import { type Command, need, UsageError } from "./command.ts";

export const conform: Command = {
  name: "conform",
  takes: ["<folder>"],
  help: "Run the conformance kit on an adapter's folder: its index.ts, its fake.ts and its fixtures.",
  options: {
    config: {
      type: "string",
      help: "A JSON file { config, otherSecret, skip }; conform.json in the folder by default, else made from the schema.",
    },
    fixtures: { type: "string", help: "The folder of its fixtures; fixtures in the folder by default." },
    all: { type: "boolean", help: "Every channel that comes with Xiaoer, as a table." },
  },
  async run({ words, options }) {
    const { conformanceScores, loadSuites, scoreAdapter } = await import("../testing.ts");
    if (options.all === true) return report(await conformanceScores());
    const folder = need(words[0], "The folder");
    const suites = await loadSuites(folder, {
      ...(typeof options.config === "string" && { accountFile: options.config }),
      ...(typeof options.fixtures === "string" && { fixtures: options.fixtures }),
    }).catch((error: unknown) => {
      throw new UsageError(error instanceof Error ? error.message : String(error));
    });
    const scores: ConformanceScore[] = [];
    for (const suite of suites) scores.push(await scoreAdapter(suite));
    return report(scores);
  },
  print: (answer) => {
    const { scores } = answer as Report; // what run answers
    return scores.length > 3 ? tableOf(scores) : scores.map(inFull).join("\n\n");
  },
};

interface Report {
  readonly ok: boolean;
  readonly scores: readonly ConformanceScore[];
}

const report = (scores: readonly ConformanceScore[]): Report => ({ ok: scores.every(({ ok }) => ok), scores });

function inFull({ channel, passed, total, sections, failures, skipped }: ConformanceScore): string {
  const bar = (share: number) => "█".repeat(Math.round(share * 20)).padEnd(20, "░");
  return [
    `${channel}  ${passed}/${total}`,
    ...sections
      .filter((section) => section.passed + section.failed + section.skipped > 0)
      .map(({ section, ...count }) => {
        const asked = count.passed + count.failed;
        const left = count.skipped === 0 ? "" : `, ${count.skipped} skipped`;
        return `  ${section.padEnd(10)} ${bar(asked === 0 ? 1 : count.passed / asked)} ${count.passed}/${asked}${left}`;
      }),
    ...skipped.map(({ name, reason }) => `  – ${name}: ${reason}`),
    ...failures.map(
      ({ section, name, reason }) => `  ✗ ${section}: ${name}\n      ${reason.replaceAll("\n", "\n      ")}`,
    ),
  ].join("\n");
}

function tableOf(scores: readonly ConformanceScore[]): string {
  const names = scores[0]?.sections.map(({ section }) => section) ?? [];
  const rows = [
    ["channel", ...names, "all"],
    ...scores.map(({ channel, sections, passed, total }) => [
      channel,
      ...sections.map((count) =>
        count.passed + count.failed === 0 ? "–" : `${count.passed}/${count.passed + count.failed}`,
      ),
      `${passed}/${total}`,
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const failures = scores.flatMap(({ channel, failures }) =>
    failures.map(({ name, reason }) => `✗ ${channel}: ${name}: ${reason.split("\n")[0]}`),
  );
  return [...lines, ...failures].join("\n");
}
