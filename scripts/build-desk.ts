import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { build, type InlineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL("../web/desk", import.meta.url));
const defaultOutDir = fileURLToPath(new URL("../dist/web/desk", import.meta.url));

/**
 * The page runs under `require-trusted-types-for 'script'` and a style nonce. antd's helpers write `<style>` through
 * `innerHTML`, which Trusted Types refuses, and some of them forget the nonce; text content and the page's own nonce say the same.
 */
function strictStyles(): Plugin {
  const helpers =
    /(@rc-component\/util\/es\/Dom\/dynamicCSS|@ant-design\/icons\/es\/cssUtils|@ant-design\/cssinjs\/es\/util\/index)\.js$/;
  return {
    name: "xiaoer:strict-styles",
    transform(code, id) {
      if (!helpers.test(id)) return null;
      const nonce = 'document.querySelector("script[nonce]")?.nonce ?? ""';
      const strict = code
        .replaceAll(/\.innerHTML\b/g, ".textContent")
        .replace("if (csp?.nonce) {", `if (!csp?.nonce) { styleNode.nonce = ${nonce}; } else {`);
      return { code: strict, map: null };
    },
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk" || !/styleNode\.innerHTML|\.innerHTML=css\b/.test(chunk.code)) continue;
        this.error(`${chunk.fileName} still writes styles through innerHTML, which Trusted Types refuses.`);
      }
    },
  };
}

export function deskConfig({ outDir = defaultOutDir }: { readonly outDir?: string } = {}): InlineConfig {
  return {
    root,
    configFile: false,
    base: "/desk/",
    logLevel: "warn",
    plugins: [react(), strictStyles()],
    // The server replaces the placeholder with a fresh nonce in every answer.
    html: { cspNonce: "__CSP_NONCE__" },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      // Inlined files would be data: URLs, which the page's font and script rules refuse.
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1500,
    },
    server: { proxy: { "/v1": { target: "http://127.0.0.1:8787", ws: true } } },
  };
}

/** Builds the desk into `outDir`: `index.html` and hashed files under `assets/`, to be served below `/desk/`. */
export async function buildDesk(options: { readonly outDir?: string } = {}): Promise<void> {
  await build(deskConfig(options));
}

if (import.meta.main) await buildDesk();
