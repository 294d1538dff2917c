import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "vite";

const root = resolve(import.meta.dirname, "..");

/** Most the embed script may weigh on the wire, in bytes. */
const budgetBytes = 25 * 1024;

export interface BuiltWidget {
  readonly bytes: number;
  readonly gzipBytes: number;
}

/** Builds `<outDir>/widget.js`, the one file a shop embeds, and `<outDir>/demo/`, the demo shop's page. */
export async function buildWidget({ outDir }: { readonly outDir: string }): Promise<BuiltWidget> {
  await Promise.all([buildScript(outDir), buildDemo(outDir)]);
  const script = await readFile(join(outDir, "widget.js"));
  return { bytes: script.byteLength, gzipBytes: gzipSync(script, { level: 9 }).byteLength };
}

function buildScript(outDir: string) {
  return build({
    root: join(root, "web/widget"),
    configFile: false,
    mode: "production",
    logLevel: "warn",
    // Element calls instead of the JSX runtime: a little less to send.
    oxc: { jsx: { runtime: "classic", pragma: "h", pragmaFrag: "Fragment", development: false } },
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [packWords()],
    build: {
      outDir,
      // What the stylesheet needs anyway (`color-mix`): nothing is repeated for browsers that are older.
      cssTarget: ["chrome123", "safari17.5", "firefox121"],
      // Other parts of the web build share this folder.
      emptyOutDir: false,
      target: "es2022",
      reportCompressedSize: false,
      rolldownOptions: {
        transform: { inject: { h: ["preact", "h"], Fragment: ["preact", "Fragment"] } },
        treeshake: { propertyReadSideEffects: false, unknownGlobalSideEffects: false },
      },
      lib: {
        entry: join(root, "web/widget/index.tsx"),
        formats: ["iife"],
        name: "XiaoerWidget",
        fileName: () => "widget.js",
      },
    },
  });
}

/** Every language is the same list of names with other words: the names are sent once, and the words as one text each. */
function packWords(): Plugin {
  return {
    name: "pack-words",
    async transform(code, id) {
      if (!id.endsWith("web/widget/strings/index.ts")) return undefined;
      const { strings } = (await import(id)) as { strings: Record<string, Record<string, string>> };
      const names = Object.keys(Object.values(strings)[0] ?? {});
      const packed = Object.entries(strings).map(([locale, words]) => {
        const text = names.map((name) => words[name] ?? "");
        if (text.some((word) => word === "" || word.includes("|"))) throw new Error(`${locale} lacks a word.`);
        return `${JSON.stringify(locale)}: unpack(${JSON.stringify(text.join("|"))})`;
      });
      const rest = code.slice(code.indexOf("export function toLocale"));
      return `const names = ${JSON.stringify(names.join("|"))}.split("|");
const unpack = (text) => Object.fromEntries(text.split("|").map((word, at) => [names[at], word]));
export const strings = { ${packed.join(", ")} };
${rest.startsWith("export function") ? rest : ""}`;
    },
  };
}

function buildDemo(outDir: string) {
  return build({
    root: join(root, "web/demo"),
    // The page itself is served at `/`; its files live under a name of their own.
    base: "/demo/",
    configFile: false,
    mode: "production",
    logLevel: "warn",
    build: {
      outDir: join(outDir, "demo"),
      emptyOutDir: true,
      target: "es2022",
      reportCompressedSize: false,
      // The page's policy allows no inline script, and pictures are sent to the chat by address.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
}

if (import.meta.main) {
  const { bytes, gzipBytes } = await buildWidget({ outDir: join(root, "dist/web") });
  const kb = (size: number) => `${(size / 1024).toFixed(1)} KB`;
  console.log(`widget.js ${kb(bytes)}, ${kb(gzipBytes)} gzip (budget ${kb(budgetBytes)})`);
  if (gzipBytes > budgetBytes) process.exitCode = 1;
}
