import { useQueryClient } from "@tanstack/react-query";
import { Outlet, useNavigate } from "@tanstack/react-router";
import { Suspense, useEffect, useState } from "react";
import { applyFrame } from "../api/apply-frame.ts";
import { followLive, liveState } from "../api/live.ts";
import { useT } from "../i18n/index.ts";
import { CallPops } from "../identity/calls.tsx";
import { Skeleton } from "../ui/pieces.tsx";
import { listenForKeys, useCommands } from "./commands.ts";
import { KeySheet } from "./key-sheet.tsx";
import { canFollow, useMe } from "./me.ts";
import { Palette } from "./palette.tsx";
import { Rail } from "./rail.tsx";
import { OfflineBar, StatusBar } from "./status-bar.tsx";
import "./shell.css";

export function Shell() {
  const t = useT();
  const [open, setOpen] = useState<"palette" | "keys">();
  useLive(canFollow(useMe().user.role));
  useEffect(listenForKeys, []);
  useGlobalCommands(setOpen);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {t("nav.skip")}
      </a>
      <Rail />
      <main id="main" className="main" tabIndex={-1}>
        <OfflineBar />
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </main>
      <StatusBar />
      <CallPops />
      {open === "palette" && <Palette onClose={() => setOpen(undefined)} />}
      {open === "keys" && <KeySheet onClose={() => setOpen(undefined)} />}
    </div>
  );
}

export function PageSkeleton() {
  return (
    <div style={{ padding: 24, display: "grid", gap: 16 }}>
      <Skeleton width="220px" height={20} />
      <Skeleton lines={6} height={16} />
    </div>
  );
}

/** A gap longer than the server may remember is closed by asking again. */
const LONG_GAP_MS = 60_000;

function useLive(follows: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!follows) return;
    let lostAt: number | undefined;
    const stopWatching = liveState.subscribe(() => {
      const { phase, since } = liveState.get();
      if (phase === "offline") lostAt ??= since;
      if (phase !== "live" || lostAt === undefined) return;
      if (Date.now() - lostAt > LONG_GAP_MS) void client.invalidateQueries();
      lostAt = undefined;
    });
    const stop = followLive((frame) => applyFrame(client, frame));
    return () => {
      stopWatching();
      stop();
    };
  }, [client, follows]);
}

function useGlobalCommands(open: (what: "palette" | "keys") => void): void {
  const navigate = useNavigate();
  useCommands([
    {
      id: "palette",
      group: "general",
      title: "keys.palette",
      keys: "Mod+KeyK",
      inFields: true,
      keyOnly: true,
      run: () => open("palette"),
    },
    { id: "keys", group: "general", title: "keys.sheet", keys: "?", run: () => open("keys") },
    {
      id: "go-sessions",
      group: "go",
      title: "nav.sessions",
      keys: "KeyG KeyI",
      run: () => void navigate({ to: "/sessions" }),
    },
    {
      id: "go-tickets",
      group: "go",
      title: "nav.tickets",
      keys: "KeyG KeyT",
      run: () => void navigate({ to: "/tickets" }),
    },
    {
      id: "go-articles",
      group: "go",
      title: "nav.articles",
      keys: "KeyG KeyF",
      run: () => void navigate({ to: "/articles" }),
    },
    {
      id: "go-inboxes",
      group: "go",
      title: "nav.inboxes",
      keys: "KeyG KeyC",
      run: () => void navigate({ to: "/inboxes" }),
    },
    {
      id: "go-deliveries",
      group: "go",
      title: "nav.deliveries",
      keys: "KeyG KeyD",
      run: () => void navigate({ to: "/deliveries" }),
    },
    {
      id: "go-settings",
      group: "go",
      title: "nav.settings",
      keys: "KeyG KeyS",
      run: () => void navigate({ to: "/settings" }),
    },
    {
      id: "search",
      group: "general",
      title: "keys.search",
      keys: "Slash",
      keyOnly: true,
      run: () => document.querySelector<HTMLInputElement>("main [data-search]")?.focus(),
    },
    {
      id: "escape",
      group: "general",
      title: "keys.escape",
      keys: "Escape",
      inFields: true,
      keyOnly: true,
      run: leaveField,
    },
  ]);
}

function leaveField(): void {
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
