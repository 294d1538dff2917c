import { expect, test } from "vitest";
import { createFakeTeams } from "../../adapters/teams/fake.ts";
import { teams } from "../../adapters/teams/index.ts";
import { testAdapter } from "../conformance/adapter.ts";
import { readFixtures } from "../conformance/fixtures.ts";
import { renamingAnotherAccount } from "./another-account.ts";

const config = { appId: "4f1d2c3b-5a69-4788-9e0f-0123456789ab", appPassword: "s3cret~of.the-teams-test-app" };

testAdapter({
  channel: renamingAnotherAccount(teams),
  config,
  otherSecret: { ...config, appId: "00000000-5a69-4788-9e0f-0123456789ab" },
  createFake: createFakeTeams,
  fixtures: readFixtures("teams"),
  skip: { "refuses a body changed by one byte": "the token signs the service url and no body" },
});
