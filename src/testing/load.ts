/** An adapter's folder as the kit needs it: its channels, each with its fake platform, an account to try and its fixtures. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { z } from "zod";
import { createFakeClock } from "../../adapters/shared/fake.ts";
import type { Channel } from "../core/adapter.ts";
import { ACCOUNTS, type TestAccount } from "./accounts.ts";
import { exampleAccount } from "./example-config.ts";
import { readFixtures } from "./fixtures.ts";
import { openSmtpDoor, speaksSmtp } from "./smtp-door.ts";
import type { AdapterSuite, CreateFake } from "./suite.ts";

const ADAPTERS = fileURLToPath(new URL("../../adapters/", import.meta.url));
const FIXTURES = fileURLToPath(new URL("../../test/fixtures/", import.meta.url));

export interface LoadOptions {
  /** A JSON file `{ config, otherSecret?, skip? }`. @default `conform.json` in the folder, else made from the schema */
  readonly accountFile?: string;
  /** @default `fixtures` in the folder, else `test/fixtures/<channel>` */
  readonly fixtures?: string;
}

const accountSchema = z.object({
  config: z.record(z.string(), z.unknown()),
  otherSecret: z.record(z.string(), z.unknown()).optional(),
  skip: z.record(z.string(), z.string()).optional(),
});

/** @throws {Error} in a sentence for people: no such folder, no channel in it, no account to try */
export async function loadSuites(folder: string, options: LoadOptions = {}): Promise<readonly AdapterSuite<unknown>[]> {
  const path = resolve(folder);
  const index = indexOf(path);
  if (index === undefined) throw new Error(`${folder} has no index.ts.`);
  const exports = await exportsOf(index);
  const channels = exports.filter(isChannel);
  if (channels.length === 0) throw new Error(`${folder}/index.ts exports no channel; make one with defineChannel.`);
  const fakes = await fakesOf(path);
  return Promise.all(channels.map((channel) => toSuite({ channel, fakes, path }, options)));
}

/** The folders of the channels that come with Xiaoer. */
export function builtInFolders(): readonly string[] {
  return readdirSync(ADAPTERS)
    .map((name) => join(ADAPTERS, name))
    .filter((path) => indexOf(path) !== undefined);
}

/** In the installed package our own adapters are JavaScript. */
const indexOf = (path: string) => ["index.ts", "index.js"].map((name) => join(path, name)).find(existsSync);

interface Found {
  readonly channel: Channel;
  readonly fakes: readonly CreateFake<unknown>[];
  readonly path: string;
}

async function toSuite({ channel, fakes, path }: Found, options: LoadOptions): Promise<AdapterSuite<unknown>> {
  const { config, otherSecret, skip } = accountOf(channel, path, options);
  const fixtures = options.fixtures ?? [join(path, "fixtures"), join(FIXTURES, channel.channel)].find(existsSync);
  const parsed = channel.config.safeParse(config);
  if (!parsed.success)
    throw new Error(`The account for ${channel.channel} is not valid: ${z.prettifyError(parsed.error)}`);
  const createFake = fakes.find((create) => fakeFits(create, parsed.data, channel.channel));
  const suite = {
    channel,
    config,
    otherSecret,
    fixtures: fixtures === undefined ? [] : readFixtures(fixtures),
    ...(skip && { skip }),
  };
  if (createFake === undefined) return suite;
  return speaksSmtp(createFake(parsed.data, { clock: createFakeClock() }))
    ? overSmtp(suite, createFake)
    : { ...suite, createFake };
}

/** One folder may hold several channels and a fake for each. */
function fakeFits(create: CreateFake<unknown>, config: unknown, channel: string): boolean {
  try {
    return create(config, { clock: createFakeClock() }).channel === channel;
  } catch {
    return false; // made for another channel's configuration
  }
}

async function overSmtp(suite: AdapterSuite<unknown>, create: CreateFake<unknown>): Promise<AdapterSuite<unknown>> {
  const door = await openSmtpDoor();
  const smtpUrl = String(suite.config.smtpUrl).replace(/:\d+$/, `:${door.port}`);
  return {
    ...suite,
    config: { ...suite.config, smtpUrl },
    otherSecret: { ...suite.otherSecret, smtpUrl },
    createFake(config, options) {
      const fake = create(config, options);
      door.serve(fake);
      return fake;
    },
  };
}

function accountOf(channel: Channel, path: string, { accountFile }: LoadOptions): TestAccount {
  const file = accountFile ?? [join(path, "conform.json")].find(existsSync);
  if (file !== undefined) {
    const { config, otherSecret, skip } = accountSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    return {
      config,
      otherSecret: otherSecret ?? { ...config, ...exampleAccount(channel)?.otherSecret },
      ...(skip && { skip }),
    };
  }
  const isBuiltIn = join(ADAPTERS, basename(path)) === path;
  const account = (isBuiltIn ? ACCOUNTS[channel.channel] : undefined) ?? exampleAccount(channel);
  if (account === undefined) {
    throw new Error(
      `No account can be made up for ${channel.channel} from its schema; put { "config": …, "otherSecret": … } into conform.json.`,
    );
  }
  return account;
}

async function fakesOf(path: string): Promise<readonly CreateFake<unknown>[]> {
  const files = readdirSync(path).filter((name) => /(^|-)fake\.[jt]s$/.test(name));
  const modules = await Promise.all(
    files.map((name) => import(pathToFileURL(join(path, name)).href) as Promise<object>),
  );
  return modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) =>
      name.startsWith("createFake") ? [value as CreateFake<unknown>] : [],
    ),
  );
}

async function exportsOf(path: string): Promise<readonly unknown[]> {
  return Object.values((await import(pathToFileURL(path).href)) as object);
}

function isChannel(value: unknown): value is Channel {
  return (
    typeof value === "object" &&
    value !== null &&
    "channel" in value &&
    "capabilities" in value &&
    "config" in value &&
    "create" in value
  );
}
