import { createServer, type Server } from "node:net";
import type { SmtpReply, SmtpSession } from "../../adapters/email/fake.ts";

/** A TCP port in front of a fake's SMTP: what nodemailer really talks to. */
export async function startSmtpServer(
  connect: () => SmtpSession,
): Promise<{ readonly port: number; readonly server: Server }> {
  const server = createServer((socket) => {
    const session = connect();
    const answer = ({ write, close }: SmtpReply) => {
      if (write !== undefined) socket.write(write);
      if (close === true) socket.destroySoon();
    };
    socket.on("error", () => undefined);
    let last = Promise.resolve();
    socket.on("data", (chunk) => {
      last = last.then(async () => answer(await session.data(chunk.toString("latin1"))));
    });
    answer(session.greet());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  server.unref();
  return { port: address.port, server };
}
