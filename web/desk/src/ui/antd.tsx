import { theme as antdTheme, ConfigProvider, type ThemeConfig } from "antd";
import enGB from "antd/es/locale/en_GB";
import zhCN from "antd/es/locale/zh_CN";
import type { ReactNode } from "react";
import { resolvedTheme, usePreferences } from "../preferences.ts";

const shared = {
  borderRadius: 7,
  fontSize: 13,
  controlHeight: 32,
  fontFamily: "var(--font)",
  wireframe: false,
};

/** The same ink, paper and celadon as `tokens.css`, for antd's own arithmetic. */
const THEMES: Readonly<Record<"light" | "dark", ThemeConfig>> = {
  light: {
    algorithm: antdTheme.defaultAlgorithm,
    token: {
      ...shared,
      colorPrimary: "#0d6b60",
      colorInfo: "#2b5797",
      colorLink: "#0d6b60",
      colorError: "#b3261e",
      colorWarning: "#8a4b00",
      colorSuccess: "#1c6b3c",
      colorText: "#1b2325",
      colorTextSecondary: "#525d60",
      colorTextTertiary: "#5f6a6d",
      colorTextDescription: "#5f6a6d",
      colorTextPlaceholder: "#5f6a6d",
      colorBgLayout: "#f3f2ee",
      colorBorder: "#d0ccc3",
      colorBorderSecondary: "#e4e1da",
    },
  },
  dark: {
    algorithm: antdTheme.darkAlgorithm,
    token: {
      ...shared,
      colorPrimary: "#56b8a8",
      colorInfo: "#94baf0",
      colorLink: "#56b8a8",
      colorError: "#f29189",
      colorWarning: "#f0b45c",
      colorSuccess: "#7ecb9a",
      colorTextBase: "#e5eaea",
      colorText: "#e5eaea",
      colorTextSecondary: "#b0bbbc",
      colorTextTertiary: "#94a0a2",
      colorTextDescription: "#94a0a2",
      colorTextPlaceholder: "#94a0a2",
      colorTextLightSolid: "#08201c",
      colorBgBase: "#111718",
      colorBgContainer: "#182021",
      colorBgElevated: "#1c2526",
      colorBorder: "#3a4748",
      colorBorderSecondary: "#283233",
    },
  },
};

const components = {
  Table: {
    headerBg: "var(--sunken)",
    headerColor: "var(--text-2)",
    rowHoverBg: "var(--hover)",
    rowSelectedBg: "var(--selected)",
    rowSelectedHoverBg: "var(--selected)",
    cellPaddingBlock: 9,
    cellPaddingInline: 12,
    borderColor: "var(--line)",
  },
} satisfies ThemeConfig["components"];

/** For the pages that use antd; the others never load it. The nonce is the page's own. */
export function Antd({ children }: { readonly children: ReactNode }) {
  const { language, theme } = usePreferences();
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  return (
    <ConfigProvider
      locale={language === "zh" ? zhCN : enGB}
      theme={{ ...THEMES[resolvedTheme(theme)], components, cssVar: { key: "desk" }, hashed: false }}
      csp={nonce ? { nonce } : undefined}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      {children}
    </ConfigProvider>
  );
}
