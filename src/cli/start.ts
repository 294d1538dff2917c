/** `npm start`: builds the pages when they are not built, then opens the shop. The version check comes before any modern syntax loads. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Xiaoer needs Node 22.18 or newer and this is ${process.versions.node}; run it with "npm start", which brings its own.`,
  );
  process.exit(1);
}
const { startServer } = await import("./server.ts");
await startServer();
