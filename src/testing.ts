/** For whoever builds a channel: the conformance kit we test ours with, the parts of a fake platform, and a clock that can be moved. */
export {
  createFakeClock,
  createFakeDoor,
  createFakeState,
  type FakeClock,
  type FakeEvent,
  type FakeFailure,
  FakeNetworkError,
  type FakePlatform,
  type FakeSent,
  toBody,
  toWebhookRequest,
} from "../adapters/shared/fake.ts";
export { conformanceScores } from "./testing/built-in.ts";
export { adapterChecks } from "./testing/checks.ts";
export { readFixtures } from "./testing/fixtures.ts";
export { builtInFolders, loadSuites } from "./testing/load.ts";
export { type ConformanceScore, type SectionScore, scoreAdapter } from "./testing/run.ts";
export type { AdapterCheck, AdapterSuite, CreateFake, Fixture, Section } from "./testing/suite.ts";
export { type TestRunner, testAdapter } from "./testing/test-adapter.ts";
