import { builtInFolders, loadSuites } from "./load.ts";
import { type ConformanceScore, scoreAdapter } from "./run.ts";

/** The score of every channel that comes with Xiaoer, in the order of their folders. */
export async function conformanceScores(): Promise<readonly ConformanceScore[]> {
  const scores: ConformanceScore[] = [];
  for (const folder of builtInFolders()) {
    for (const suite of await loadSuites(folder)) scores.push(await scoreAdapter(suite));
  }
  return scores;
}
