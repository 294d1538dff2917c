import { type ReactNode, useId } from "react";
import { createSavedStore, useStore } from "../../store.ts";
import { Icon } from "../../ui/icon.tsx";
import { Failure, Skeleton } from "../../ui/pieces.tsx";

const folded = createSavedStore<Readonly<Record<string, boolean>>>("xiaoer.folded", {});

interface CardProps {
  readonly name: string;
  readonly title: string;
  readonly extra?: ReactNode;
  readonly state?: {
    readonly isPending: boolean;
    readonly error: unknown;
    readonly refetch: () => unknown;
    readonly data: unknown;
  };
  readonly children: ReactNode;
}

/** One card, one source: it waits and fails by itself, and stays folded if it was. */
export function Card({ name, title, extra, state, children }: CardProps) {
  const closed = useStore(folded)[name] ?? false;
  const bodyId = useId();
  const failed = state !== undefined && state.data === undefined && state.error !== null;
  return (
    <section className="card">
      <header>
        <h3>
          <button
            id={`context-${name}`}
            type="button"
            aria-expanded={!closed}
            aria-controls={bodyId}
            onClick={() => folded.set((all) => ({ ...all, [name]: !closed }))}
          >
            <Icon name={closed ? "right" : "down"} />
            {title}
          </button>
        </h3>
        {extra}
      </header>
      <div id={bodyId} hidden={closed}>
        {failed ? (
          <Failure error={state.error} onRetry={() => void state.refetch()} />
        ) : state?.isPending ? (
          <Skeleton lines={3} />
        ) : (
          children
        )}
      </div>
    </section>
  );
}
