import { once } from "node:events";
import { createServer } from "node:net";

/** One connection of a fake that speaks SMTP and not HTTP: a greeting, then a reply to each piece. */
interface Session {
  greet(): Reply;
  data(chunk: string): Promise<Reply>;
}
interface Reply {
  readonly write?: string;
  readonly close?: boolean;
}

/** A loopback port in front of the fake that was made last. */
export async function openSmtpDoor(): Promise<{ readonly port: number; serve(fake: object): void }> {
  let connect: (() => Session) | undefined;
  const server = createServer((socket) => {
    if (connect === undefined) return void socket.destroy();
    const session = connect();
    const answer = ({ write, close }: Reply) => {
      if (write !== undefined) socket.write(write);
      if (close === true) socket.destroySoon();
    };
    let last = Promise.resolve();
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      last = last.then(async () => answer(await session.data(chunk.toString("latin1"))));
    });
    answer(session.greet());
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    serve(fake) {
      // `speaksSmtp` has looked.
      connect = (fake as { connect(): Session }).connect;
    },
  };
}

export function speaksSmtp(fake: object): boolean {
  return "connect" in fake && typeof fake.connect === "function";
}
