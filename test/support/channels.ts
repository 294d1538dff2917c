/** Every channel with its platform at a port of this process, as an inbox of a running server. */
import { expect } from "vitest";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { builtInFolders, loadSuites } from "../../src/testing/load.ts";
import { serveFake, type TestServer } from "./server.ts";

export const channelSuites = (await Promise.all(builtInFolders().map((folder) => loadSuites(folder)))).flat();
const clock = { now: () => Date.now(), advance: () => undefined };

export interface OpenChannel {
  readonly fake: FakePlatform;
  readonly inboxId: string;
  readonly config: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

export async function openChannel(server: Pick<TestServer, "admin">, channel: string): Promise<OpenChannel> {
  const suite = channelSuites.find((one) => one.channel.channel === channel);
  if (suite?.createFake === undefined) throw new Error(`${channel} has no fake platform.`);
  let fake: FakePlatform | undefined;
  const port = await serveFake((request) => fake?.handle(request) ?? Promise.reject(new Error("Not open yet.")));
  const config = { ...suite.config, ...addressesOf(channel, port.url) };
  fake = suite.createFake(suite.channel.config.parse(config), { clock });
  const inboxId = `on-${channel}`;
  const made = await server.admin("POST", "/v1/inboxes", { id: inboxId, channel, name: channel, config });
  expect(made.body).toMatchObject({ id: inboxId, status: { state: "active" } });
  return { fake, inboxId, config, stop: port.stop };
}

function addressesOf(channel: string, url: string): Record<string, unknown> {
  if (channel === "email") return {};
  if (channel === "http" || channel === "call") return { sendUrl: `${url}/take` };
  if (channel !== "teams") return { apiRoot: url };
  const openIdMetadataUrl = `${url}/v1/.well-known/openidconfiguration`;
  return { openIdMetadataUrl, loginUrl: url, allowedServiceUrls: [url] };
}
