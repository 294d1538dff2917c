import {
  BrokenCircuitError,
  type BulkheadPolicy,
  CircuitState,
  ConsecutiveBreaker,
  ConstantBackoff,
  circuitBreaker,
  handleAll,
  handleWhen,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";

/** Consecutive failures that open the circuit. */
const FAILURES_TO_OPEN = 5;
const HALF_OPEN_AFTER_MS = 15_000;
const RETRY_AFTER_MS = 50;

export type BreakerState = "closed" | "open" | "half_open";

/** Stands between us and one part of a shop system. */
export interface Guard {
  /** Rejects when the system failed, took too long, or is not asked at all because it failed before. */
  run<T>(call: (signal: AbortSignal) => Promise<T>, options: { readonly patient: boolean }): Promise<T>;
  breaker(): BreakerState;
}

/**
 * The whole call, waiting in line and the one retry included, stays within the time limit, so a shopper never waits longer. What
 * ran into the limit is not tried again: the time is gone. Every attempt that fails counts towards the breaker.
 */
export function createGuard(options: {
  readonly timeoutMs: number;
  readonly patientTimeoutMs: number;
  readonly bulkhead: BulkheadPolicy;
}): Guard {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN),
  });
  const isRefusal = (error: unknown) => error instanceof BrokenCircuitError;
  const again = retry(
    handleWhen((error) => !isRefusal(error)),
    { maxAttempts: 1, backoff: new ConstantBackoff(RETRY_AFTER_MS) },
  );
  const within = (ms: number) =>
    // The outer limit ends the wait; the inner one turns that end into a failure the breaker counts, and frees the place in line.
    wrap(aggressive(ms), options.bulkhead, again, breaker, aggressive(ms));
  const waiting = within(options.timeoutMs);
  const patient = within(options.patientTimeoutMs);
  return {
    run: (call, { patient: isPatient }) => (isPatient ? patient : waiting).execute(({ signal }) => call(signal)),
    breaker: () => STATES[breaker.state],
  };
}

const aggressive = (ms: number) => timeout(ms, TimeoutStrategy.Aggressive);

const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half_open",
  [CircuitState.Isolated]: "open",
};
