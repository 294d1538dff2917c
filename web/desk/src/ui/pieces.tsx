import type { ReactNode } from "react";
import { ApiError } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { meQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";

export type Tone = "accent" | "amber" | "red" | "deep" | "green" | "blue" | "bot" | "line";

export function Chip(props: {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={["chip", props.tone].filter(Boolean).join(" ")} title={props.title}>
      {props.icon && <Icon name={props.icon} />}
      <span className="clip">{props.children}</span>
    </span>
  );
}

export function Empty(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly hint?: string;
  readonly children?: ReactNode;
  readonly fill?: boolean;
}) {
  return (
    <div className={props.fill ? "empty fill" : "empty"}>
      <Icon name={props.icon} />
      <strong>{props.title}</strong>
      {props.hint && <span>{props.hint}</span>}
      {props.children}
    </div>
  );
}

export function Skeleton(props: { readonly width?: string; readonly height?: number; readonly lines?: number }) {
  const lines = Array.from({ length: props.lines ?? 1 }, (_, index) => index);
  return (
    <div role="presentation" style={{ display: "grid", gap: 8 }}>
      {lines.map((line) => (
        <div
          key={line}
          className="skeleton"
          style={{
            height: props.height ?? 12,
            width: props.width ?? (line === lines.length - 1 && lines.length > 1 ? "62%" : "100%"),
          }}
        />
      ))}
    </div>
  );
}

/** Why a part of the page has nothing to show; says which role is missing where that is the reason. */
export function Failure(props: { readonly error: unknown; readonly onRetry?: () => void; readonly fill?: boolean }) {
  const t = useT();
  const status = props.error instanceof ApiError ? props.error.status : undefined;
  if (status === 403) {
    const role = queryClient.getQueryData(meQuery.queryKey)?.user.role ?? "agent";
    return (
      <Empty
        icon="lock"
        fill={props.fill}
        title={t("error.denied")}
        hint={t("error.deniedHint", { role: codeWords(t, "role", role) })}
      />
    );
  }
  const words = status === 404 ? t("error.notFound") : errorWords(props.error);
  return (
    <Empty icon="alert" fill={props.fill} title={t("error.title")} hint={words}>
      {props.onRetry && (
        <Button small icon="refresh" onClick={props.onRetry}>
          {t("common.retry")}
        </Button>
      )}
    </Empty>
  );
}

/** One colour per person, always the same. */
export function Avatar(props: { readonly name: string; readonly id: string; readonly channel?: string }) {
  let sum = 0;
  for (const character of props.id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 997;
  return (
    <span className={`avatar hue-${sum % 6}`} aria-hidden>
      {[...props.name][0]?.toUpperCase() ?? "?"}
      {props.channel && (
        <span className="glyph">
          <Icon name={channelIcon(props.channel)} />
        </span>
      )}
    </span>
  );
}

const CHANNEL_ICONS: Readonly<Record<string, IconName>> = {
  web: "globe",
  telegram: "send",
  email: "mail",
  call: "phone",
  http: "code",
  slack: "list",
};

export function channelIcon(channel: string): IconName {
  return CHANNEL_ICONS[channel] ?? "chat";
}
