/** `npm start`. */
import { startServer } from "./server.ts";

await startServer();
