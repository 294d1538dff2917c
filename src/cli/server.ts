import { start } from "../node.ts";

/** Starts, says where to go and how to log in, and stops cleanly on SIGTERM or Ctrl-C. */
export async function startServer(): Promise<void> {
  try {
    const running = await start(process.env);
    const { url, admin } = running;
    console.log(`\n  小二 Xiaoer is open\n\n  Shop   ${url}/\n  Desk   ${url}/desk\n  API    ${url}/docs`);
    if (admin !== undefined) {
      const password = admin.password ?? "(the one you set)";
      console.log(`\n  Log in as ${admin.email}\n  Password  ${password}\n\n  This password is shown once.`);
    }
    console.log("");
    const stop = async () => {
      await running.stop();
      process.exit(0);
    };
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.message);
    process.exit(1);
  }
}
