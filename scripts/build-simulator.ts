import { join, resolve } from "node:path";
import { build } from "vite";

const root = resolve(import.meta.dirname, "..");

/** Builds `<outDir>/simulator/`: the page served at `/simulator` in demo, and its files below it. */
export async function buildSimulator({ outDir }: { readonly outDir: string }): Promise<void> {
  await build({
    root: join(root, "web/simulator"),
    base: "/simulator/",
    configFile: false,
    mode: "production",
    logLevel: "warn",
    build: {
      outDir: join(outDir, "simulator"),
      emptyOutDir: true,
      target: "es2022",
      reportCompressedSize: false,
      // The page's policy allows no inline script and no inline style.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
  });
}

if (import.meta.main) await buildSimulator({ outDir: join(root, "dist/web") });
