/** `npm start`. */
import "../node/lean-modules.ts";

const { startServer } = await import("./server.ts");
await startServer();
