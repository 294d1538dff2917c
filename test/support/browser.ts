import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { inflate } from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/**
 * A real Chromium from the npm registry, for tests: no system package, no download.
 *
 * The package carries the browser, a font and the shared libraries a bare Debian lacks (NSS, expat). Its own
 * `executablePath()` writes to fixed names in the temporary folder, which two test files started at once would both
 * write; here everything is unpacked beside and moved into place in one step.
 */
export async function launchBrowser(): Promise<Browser> {
  const home = await unpackedBrowser();
  const { LD_LIBRARY_PATH: libraries, ...env } = definedEnv();
  return chromium.launch({
    executablePath: join(home, "chromium"),
    headless: true,
    args: [
      "--no-sandbox",
      "--no-zygote",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--no-default-browser-check",
      "--no-pings",
      "--font-render-hinting=none",
    ],
    env: {
      ...env,
      // The machine's own libraries first where it has them: ours are only what it may lack.
      LD_LIBRARY_PATH: [libraries, join(home, "al2023", "lib")].filter(Boolean).join(":"),
      FONTCONFIG_FILE: join(home, "fonts.conf"),
    },
  });
}

const packageFolder = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..");
const archives = ["chromium.br", "fonts.tar.br", "al2023.tar.br"];

async function unpackedBrowser(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const cache = join(packageFolder, "..", "..", ".cache");
  const home = join(cache, `xiaoer-chromium-${version}-${process.arch}`);
  if (existsSync(home)) return home;
  await mkdir(cache, { recursive: true });
  const draft = await mkdtemp(join(cache, "chromium-"));
  await unpackInto(draft);
  await writeFile(join(draft, "fonts.conf"), fontsConf(home));
  try {
    await rename(draft, home);
  } catch (error) {
    // Another test process was first: its copy is as good as ours.
    await rm(draft, { recursive: true, force: true });
    if (!existsSync(home)) throw error;
  }
  return home;
}

/** `inflate` names its output by `os.tmpdir()`, which it asks for before its first `await`. */
async function unpackInto(folder: string): Promise<void> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  const work = archives.map((name) => inflate(join(packageFolder, "bin", name)));
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await Promise.all(work);
}

const fontsConf = (home: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(home, "fonts")}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${join(home, "fonts-cache")}</cachedir>
</fontconfig>
`;

function definedEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
