/** Loaded into the measured server: tells the bench how long its event loop was blocked. */
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 1;
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delays.enable();
process.on("message", () => {
  process.send?.({ longestMs: Math.max(0, delays.max / 1e6 - RESOLUTION_MS) });
  delays.reset();
});
// The bench going away is no reason to stay.
process.channel?.unref();
