/** The running inboxes: an adapter for each, made from its stored configuration, its secrets opened only here. */
import type { Adapter, AdapterDeps, Channel, HomeName } from "../core/adapter.ts";
import { ConfigError, UnavailableError } from "../core/errors.ts";
import type { Inbox, Inboxes, Logger, Store } from "../core/ports.ts";
import { isSealed, type Seal } from "../core/seal.ts";

/** How long a change made by another process may go unnoticed. */
const FRESH_FOR_MS = 2000;

export const MASK = "••••";

export interface InboxRegistry extends Inboxes {
  readonly channels: readonly Channel[];
  /** Seals the secrets of a configuration that has been checked against its channel's schema. */
  sealConfig(
    inbox: Pick<Inbox, "id" | "shopId" | "channel">,
    config: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, unknown>>;
  /** What may be shown: secrets as `••••`. */
  mask(channel: string, config: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** Why inboxes of a channel cannot run in this home; undefined where they can. */
  whyNotHere(channel: Channel): { readonly zh: string; readonly en: string } | undefined;
  /**
   * @throws {ConfigError} `inbox.invalid_config` with the path of every fault
   * @throws {ConfigError} `inbox.channel_not_here` in a home the channel cannot run in
   */
  check(channel: string, config: unknown): Record<string, unknown>;
  /** The stored configuration with its secrets opened, for an update that keeps them. */
  open(inbox: Inbox): Promise<Record<string, unknown>>;
  /** Forget what is known of an inbox: it has just been changed here. */
  forget(inboxId: string): void;
}

interface Running {
  readonly inbox: Inbox;
  readonly adapter: Adapter;
}

export function createInboxes(deps: {
  readonly store: Pick<Store, "inbox" | "adapterState" | "setAdapterState">;
  readonly channels: readonly Channel[];
  readonly home: HomeName;
  readonly seal: Seal;
  readonly fetch: typeof fetch;
  readonly resolve?: AdapterDeps["resolve"];
  readonly now: () => number;
  readonly demo: boolean;
  readonly log: Logger;
}): InboxRegistry {
  const running = new Map<
    string,
    { readonly checkedAt: number; readonly version: number; readonly made: Promise<Running> }
  >();
  const channelOf = (name: string): Channel => {
    const channel = deps.channels.find((one) => one.channel === name);
    if (channel === undefined)
      throw new ConfigError("inbox.unknown_channel", `There is no channel ${name}.`, {
        issues: [{ path: "channel", message: "unknown" }],
      });
    return channel;
  };
  const context = (inbox: Pick<Inbox, "id" | "shopId">, key: string) =>
    `${inbox.shopId}|inboxes|${inbox.id}|config.${key}`;

  async function openConfig(inbox: Inbox): Promise<Record<string, unknown>> {
    const entries = await Promise.all(
      Object.entries(inbox.config).map(
        async ([key, value]) =>
          [key, isSealed(value) ? await deps.seal.open(value, context(inbox, key)) : value] as const,
      ),
    );
    return Object.fromEntries(entries);
  }

  async function make(inbox: Inbox): Promise<Running> {
    try {
      const channel = channelOf(inbox.channel);
      const config = await openConfig(inbox);
      const adapter = await channel.create(channel.config.parse(config), adapterDeps(inbox));
      return { inbox: { ...inbox, config }, adapter };
    } catch (cause) {
      deps.log.error({ inboxId: inbox.id, channel: inbox.channel }, "an inbox cannot start with its configuration");
      throw new UnavailableError("inbox.not_running", "The inbox cannot start with its configuration.", { cause });
    }
  }

  function adapterDeps(inbox: Inbox): AdapterDeps {
    const key = (name: string) => `${inbox.shopId}:${inbox.id}:${name}`;
    return {
      inboxId: inbox.id,
      fetch: deps.fetch,
      ...(deps.resolve === undefined ? {} : { resolve: deps.resolve }),
      now: deps.now,
      demo: deps.demo,
      state: {
        async get(name) {
          const row = await deps.store.adapterState(key(name));
          if (row === undefined || (row.expiresAt !== undefined && row.expiresAt <= deps.now())) return undefined;
          return deps.seal.open(row.value, `${inbox.shopId}|adapter_state|${key(name)}|value`);
        },
        async set(name, value, options) {
          const sealed = await deps.seal.seal(value, `${inbox.shopId}|adapter_state|${key(name)}|value`);
          await deps.store.setAdapterState(
            key(name),
            sealed,
            options?.ttlMs === undefined ? undefined : deps.now() + options.ttlMs,
          );
        },
      },
    };
  }

  return {
    channels: deps.channels,
    async get(inboxId) {
      const now = deps.now();
      const known = running.get(inboxId);
      if (known !== undefined && Math.abs(now - known.checkedAt) < FRESH_FOR_MS) return known.made;
      const inbox = await deps.store.inbox(inboxId);
      if (inbox === undefined) {
        running.delete(inboxId);
        return undefined;
      }
      const made = known?.version === inbox.version ? known.made : make(inbox);
      running.set(inboxId, { checkedAt: now, version: inbox.version, made });
      // A start that failed for a passing reason (an SDK that did not load) is tried again at the next look.
      made.catch(() => running.delete(inboxId));
      return made;
    },
    async sealConfig(inbox, config) {
      const secrets = secretKeys(channelOf(inbox.channel));
      const entries = await Promise.all(
        Object.entries(config).map(
          async ([key, value]) =>
            [
              key,
              secrets.has(key) && typeof value === "string" && value !== ""
                ? await deps.seal.seal(value, context(inbox, key))
                : value,
            ] as const,
        ),
      );
      return Object.fromEntries(entries);
    },
    mask(channel, config) {
      const known = deps.channels.find((one) => one.channel === channel);
      const secrets = known === undefined ? new Set(Object.keys(config)) : secretKeys(known);
      return Object.fromEntries(
        Object.entries(config).map(([key, value]) => [
          key,
          secrets.has(key) && value !== undefined && value !== "" ? MASK : value,
        ]),
      );
    },
    whyNotHere: (channel) => channel.notOn?.[deps.home],
    check(name, config) {
      const channel = channelOf(name);
      const why = channel.notOn?.[deps.home]?.en;
      if (why !== undefined)
        throw new ConfigError("inbox.channel_not_here", `${channel.title.en} cannot run here: ${why}`, {
          issues: [{ path: "channel", message: why }],
        });
      const result = channel.config.safeParse(config);
      if (result.success) return result.data as Record<string, unknown>;
      const issues = result.error.issues.map((issue) => ({
        path: [
          "config",
          ...issue.path.map(String),
          ...("keys" in issue && Array.isArray(issue.keys) ? issue.keys : []),
        ].join("."),
        message: issue.message,
      }));
      throw new ConfigError(
        "inbox.invalid_config",
        `The configuration is not valid: ${issues[0]?.path} ${issues[0]?.message}`,
        { issues },
      );
    },
    open: openConfig,
    forget(inboxId) {
      running.delete(inboxId);
    },
  };
}

/** Fields marked `.meta({ secret: true })`. */
export function secretKeys(channel: Pick<Channel, "config">): Set<string> {
  const shape = "shape" in channel.config ? (channel.config.shape as Record<string, unknown>) : {};
  return new Set(Object.entries(shape).flatMap(([key, field]) => (isSecret(field) ? [key] : [])));
}

function isSecret(field: unknown): boolean {
  if (typeof field !== "object" || field === null) return false;
  const meta =
    "meta" in field && typeof field.meta === "function"
      ? (field.meta() as { secret?: boolean } | undefined)
      : undefined;
  if (meta?.secret === true) return true;
  // Optional and defaulted fields wrap the one that carries the mark.
  const inner = "unwrap" in field && typeof field.unwrap === "function" ? field.unwrap() : undefined;
  return inner !== undefined && inner !== field && isSecret(inner);
}
