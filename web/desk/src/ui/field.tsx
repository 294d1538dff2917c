import { createContext, type ReactNode, use, useId } from "react";
import { Icon } from "./icon.tsx";
import "./field.css";

/** Something wrong with a form, at the place the server would name it: `steps.0.ask`, `thresholds.suggest`. */
export interface Fault {
  readonly path: string;
  readonly words: string;
  /** Worth a look; it can be saved all the same. */
  readonly mild?: boolean;
}

const FaultList = createContext<readonly Fault[]>([]);
export const Faults = FaultList.Provider;

/** `a.b` is that place alone, `a.b.*` whatever lies beneath it. */
function isAt(path: string, place: string): boolean {
  return place.endsWith(".*") ? path.startsWith(place.slice(0, -1)) : path === place;
}

export function useFaults(places: readonly string[]): readonly Fault[] {
  return use(FaultList).filter(({ path }) => places.some((place) => isAt(path, place)));
}

/** What ties a control to its label, its hint and its faults. */
export interface Control {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

interface FieldProps {
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  /** The places whose faults are said here. */
  readonly at?: readonly string[];
  readonly className?: string;
  readonly children: (control: Control) => ReactNode;
}

export function Field({ title, hint, at = [], className, children }: FieldProps) {
  const id = useId();
  const faults = useFaults(at);
  const told = [hint && `${id}-hint`, faults.length > 0 && `${id}-faults`].filter(Boolean).join(" ");
  const control: Control = {
    id,
    ...(told !== "" && { "aria-describedby": told }),
    ...(faults.some(({ mild }) => mild !== true) && { "aria-invalid": true }),
  };
  return (
    <div className={className === undefined ? "field" : `field ${className}`}>
      <label htmlFor={id}>{title}</label>
      {children(control)}
      {hint && (
        <span id={`${id}-hint`} className="hint">
          {hint}
        </span>
      )}
      <FaultWords id={`${id}-faults`} faults={faults} />
    </div>
  );
}

/** Faults of a place that is no single field. */
export function FaultsAt({ at }: { readonly at: readonly string[] }) {
  return <FaultWords id={useId()} faults={useFaults(at)} />;
}

function FaultWords({ id, faults }: { readonly id: string; readonly faults: readonly Fault[] }) {
  if (faults.length === 0) return null;
  return (
    <span id={id} className="fault-list">
      {faults.map(({ path, words, mild }) => (
        <span key={`${path} ${words}`} className={mild === true ? "fault mild" : "fault"}>
          <Icon name="alert" />
          {words}
        </span>
      ))}
    </span>
  );
}

interface Issue {
  readonly path: string;
  readonly message: string;
}

/** What the server refused, as long as that part still is what was refused. */
export function standingFaults(issues: readonly Issue[], refused: unknown, now: unknown): readonly Fault[] {
  return issues
    .filter(({ path }) => JSON.stringify(valueAt(refused, path)) === JSON.stringify(valueAt(now, path)))
    .map(({ path, message }) => ({ path, words: message }));
}

function valueAt(value: unknown, path: string): unknown {
  let at = value;
  for (const key of path.split(".")) {
    if (typeof at !== "object" || at === null) return at;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

/** Takes the focus to the first field that stops a save. */
export function focusFirstFault(within: ParentNode | null): void {
  const fault = within?.querySelector(".fault:not(.mild)");
  fault?.closest("details")?.setAttribute("open", "");
  const field = fault
    ?.closest(".field, fieldset, li")
    ?.querySelector<HTMLElement>(":is(input, select, textarea, button):not(:disabled)");
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}
