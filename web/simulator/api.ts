import type {
  PlayedEvent,
  SimulatedFailure,
  SimulatedPhone,
  SimulatorState,
} from "../../src/http/simulator-contract.ts";

/** What the server said when it would not. */
export class ApiError extends Error {}

async function call(path: string, body?: unknown): Promise<Response> {
  const init: RequestInit =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(`/simulator/api/${path}`, init);
  if (response.ok) return response;
  const problem = (await response.json().catch(() => ({}))) as { detail?: string };
  throw new ApiError(problem.detail ?? `${response.status}`);
}

// The server's own answers, of the shapes both sides are compiled with.
const json = async <T>(response: Promise<Response>): Promise<T> => (await response).json() as Promise<T>;

export const readState = () => json<SimulatorState>(call("state"));
export const readPhone = (channel: string, person: number) =>
  json<SimulatedPhone>(call(`phones/${channel}?person=${person}`));
export const play = (channel: string, person: number, event: PlayedEvent) =>
  json<SimulatedPhone>(call(`phones/${channel}/events`, { person, event }));
export const failNext = (channel: string, failure: SimulatedFailure) => call(`phones/${channel}/failures`, { failure });
export const advance = (advanceMs: number) => json<SimulatorState>(call("clock", { advanceMs }));
