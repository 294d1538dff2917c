#!/usr/bin/env node
/** The `xiaoer` command. Exit 0: done; 1: failed; 2: wrong usage. */
import "./require-node.js";

await import("../node/lean-modules.ts");
const { run } = await import("./run.ts");
process.exitCode = await run(process.argv.slice(2));
