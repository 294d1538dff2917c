import { adapterChecks, assertSkips } from "./checks.ts";
import { type AdapterSuite, SECTIONS, type Section } from "./suite.ts";

export interface SectionScore {
  readonly section: Section;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface ConformanceScore {
  readonly channel: string;
  readonly ok: boolean;
  readonly passed: number;
  /** Checks that apply: all but the skipped. */
  readonly total: number;
  readonly sections: readonly SectionScore[];
  readonly failures: readonly { readonly section: Section; readonly name: string; readonly reason: string }[];
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

/** A check that takes longer than this has failed. */
const LIMIT_MS = 60_000;

/** Runs every check, one after another, and counts. Nothing is printed, nothing thrown. */
export async function scoreAdapter<Config>(suite: AdapterSuite<Config>): Promise<ConformanceScore> {
  const checks = adapterChecks(suite);
  assertSkips(suite, checks);
  const counts = new Map(SECTIONS.map((section) => [section, emptyCount()]));
  const failures: ConformanceScore["failures"][number][] = [];
  const skipped: ConformanceScore["skipped"][number][] = [];
  for (const check of checks) {
    const count = counts.get(check.section) ?? emptyCount();
    const skip = suite.skip?.[check.name];
    const reason = skip === undefined ? await failureOf(check.run) : undefined;
    if (skip !== undefined) {
      count.skipped += 1;
      skipped.push({ name: check.name, reason: skip });
    } else if (reason === undefined) count.passed += 1;
    else {
      count.failed += 1;
      failures.push({ section: check.section, name: check.name, reason });
    }
  }
  const sections = [...counts].map(([section, count]) => ({ section, ...count }));
  const passed = sections.reduce((sum, section) => sum + section.passed, 0);
  const ok = failures.length === 0;
  return { channel: suite.channel.channel, ok, passed, total: passed + failures.length, sections, failures, skipped };
}

const emptyCount = () => ({ passed: 0, failed: 0, skipped: 0 });

async function failureOf(run: () => Promise<void>): Promise<string | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`It took longer than ${LIMIT_MS / 1000} s.`)), LIMIT_MS);
  });
  try {
    await Promise.race([run(), late]);
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).slice(0, 1000);
  } finally {
    clearTimeout(timer);
  }
}
