import { type ComponentChildren, Fragment } from "preact";

/** The parts of one message never change places, so their place is their key. */
export function each<T>(list: readonly T[], draw: (part: T) => ComponentChildren): ComponentChildren {
  // biome-ignore lint/suspicious/noArrayIndexKey: said above.
  return list.map((part, index) => <Fragment key={index}>{draw(part)}</Fragment>);
}
