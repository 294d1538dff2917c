/** HTTP/1.1 by hand, so that what is measured is the server and not the client that measures it. */
import { connect, createServer, type Socket } from "node:net";

/** Splits a stream of keep-alive messages; answers one for each, with its body. */
export function createReader(onMessage: (head: string, body: string) => void): (chunk: Buffer) => void {
  let rest = "";
  return (chunk) => {
    // One character for each byte, so that lengths are right; bodies are decoded when they are whole.
    rest += chunk.toString("latin1");
    for (;;) {
      const end = rest.indexOf("\r\n\r\n");
      if (end < 0) return;
      const head = rest.slice(0, end);
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
      const chunked = length === undefined && /\r\ntransfer-encoding: *chunked/i.test(head);
      const stop = chunked ? rest.indexOf("0\r\n\r\n", end + 4) + 5 : end + 4 + Number(length ?? 0);
      if ((chunked && stop < end + 9) || rest.length < stop) return;
      const body = rest.slice(end + 4, stop);
      rest = rest.slice(stop);
      onMessage(head, Buffer.from(body, "latin1").toString());
    }
  };
}

/** A server that answers each POST with JSON. */
export function serveJson(
  answer: (path: string, body: string) => string,
): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const read = createReader((head, body) => {
      const text = answer(head.slice(0, head.indexOf("\r\n")).split(" ")[1] ?? "", body);
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
      );
    });
    socket.on("data", read);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : 0,
        close() {
          for (const socket of sockets) socket.destroy();
          server.close();
        },
      });
    });
  });
}

export interface Poster {
  /** Answers the status. One at a time. */
  post(body: string): Promise<number>;
  close(): void;
}

/** One keep-alive connection. */
export function createPoster(url: URL, headers: Readonly<Record<string, string>>): Promise<Poster> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: application/json\r\n${lines.join("")}`;
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
    let done: ((status: number) => void) | undefined;
    socket.on(
      "data",
      createReader((answer) => done?.(Number(answer.slice(9, 12)))),
    );
    socket.once("error", reject);
    socket.once("connect", () =>
      resolve({
        post: (body) =>
          new Promise((answered) => {
            done = answered;
            socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}
