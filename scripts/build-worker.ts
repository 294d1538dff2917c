/** What `wrangler` runs before it bundles: the pages, and how their files are served. */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

await import("./build-web.ts");
copyFileSync(join(root, "web/_headers"), join(root, "dist/web/_headers"));
