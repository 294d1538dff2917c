export interface ServerEvent {
  readonly data: string;
  readonly id: string | undefined;
}

/** Server-sent events from a `fetch` body. https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + decoder.decode(value, { stream: true })).replaceAll("\r\n", "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    yield* blocks.map(toEvent);
  }
}

function toEvent(block: string): ServerEvent {
  const data = [...block.matchAll(/^data: ?(.*)/gm)].map(([, line]) => line);
  return { data: data.join("\n"), id: /^id: ?(.*)/m.exec(block)?.[1] };
}
