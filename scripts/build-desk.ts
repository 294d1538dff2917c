import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip as gzipCompress } from "node:zlib";
import react from "@vitejs/plugin-react";
import { build, type InlineConfig, type Plugin } from "vite";

const brotli = promisify(brotliCompress);
const gzip = promisify(gzipCompress);
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

/** Most agents land on the sessions: their code is fetched beside the entry's, not after it. */
function preloadFirstPage(): Plugin {
  return {
    name: "xiaoer:preload-first-page",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((item) => item.type === "chunk");
        const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
        const wanted = new Set<string>();
        const add = (fileName: string) => {
          if (wanted.has(fileName)) return;
          wanted.add(fileName);
          for (const name of byName.get(fileName)?.imports ?? []) add(name);
        };
        for (const chunk of chunks) if (chunk.facadeModuleId?.endsWith("/sessions-page.tsx")) add(chunk.fileName);
        return [...wanted]
          .filter((fileName) => !html.includes(fileName))
          .map((fileName) => ({
            tag: "link",
            attrs: { rel: "modulepreload", crossorigin: true, href: `/desk/${fileName}`, nonce: "__CSP_NONCE__" },
            injectTo: "head" as const,
          }));
      },
    },
  };
}

export function deskConfig({ outDir = defaultOutDir }: { readonly outDir?: string } = {}): InlineConfig {
  return {
    root,
    configFile: false,
    base: "/desk/",
    logLevel: "warn",
    plugins: [react(), strictStyles(), preloadFirstPage()],
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
export async function buildDesk({ outDir = defaultOutDir }: { readonly outDir?: string } = {}): Promise<void> {
  await build(deskConfig({ outDir }));
  await compress(join(outDir, "assets"));
}

const SMALLEST_WORTH = 1024;

/** Leaves `.br` and `.gz` beside each asset, so that a server can send them without work of its own. */
async function compress(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const body = await readFile(join(folder, name));
    if (body.length < SMALLEST_WORTH) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
    await writeFile(join(folder, `${name}.br`), await brotli(body, { params }));
    await writeFile(join(folder, `${name}.gz`), await gzip(body, { level: 9 }));
  }
}

if (import.meta.main) await buildDesk();
