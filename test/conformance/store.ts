/**
 * What every engine must keep, whoever wrote it. `open` starts the engine; the suite makes one database for itself and looks at it
 * through several stores, as several processes would.
 */
import { afterAll, beforeAll, describe } from "vitest";
import type { TestEngine } from "../support/engines.ts";
import { testArticles } from "./store/articles.ts";
import { openBench } from "./store/bench.ts";
import { testChanges } from "./store/changes.ts";
import { testCrashes } from "./store/crashes.ts";
import { testCursors } from "./store/cursors.ts";
import { testDuty } from "./store/duty.ts";
import { testFlows } from "./store/flows.ts";
import { testHistory } from "./store/history.ts";
import { testIdentity } from "./store/identity.ts";
import { testInbound } from "./store/inbound.ts";
import { testIsolation } from "./store/isolation.ts";
import { testLearning } from "./store/learning.ts";
import { testMedia } from "./store/media.ts";
import { testMigrations } from "./store/migrations.ts";
import { testOperations } from "./store/operations.ts";
import { testOutbox } from "./store/outbox.ts";
import { testPrivacy } from "./store/privacy.ts";
import { testReview } from "./store/review.ts";
import { testText } from "./store/text.ts";
import { testWindows } from "./store/windows.ts";

export function testStore(name: string, open: () => Promise<TestEngine>): void {
  describe(`the store on ${name}`, () => {
    const { bench, start, stop } = openBench(open);
    beforeAll(start);
    afterAll(stop);
    testInbound(bench);
    testChanges(bench);
    testOutbox(bench);
    testWindows(bench);
    testMedia(bench);
    testCrashes(bench);
    testCursors(bench);
    testHistory(bench);
    testDuty(bench);
    testIdentity(bench);
    testArticles(bench);
    testLearning(bench);
    testReview(bench);
    testFlows(bench);
    testOperations(bench);
    testPrivacy(bench);
    testText(bench);
    testIsolation(bench);
    testMigrations(bench);
  });
}
