import type { ReactNode } from "react";
import "./page.css";

/** A page of the back office: a head with a title and what can be done, and one scrolling body. */
export function Page(props: {
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly narrow?: boolean;
}) {
  return (
    <div className="page office">
      <header className="office-head">
        <div className="grow">
          <h1>{props.title}</h1>
          {props.hint && <p className="muted">{props.hint}</p>}
        </div>
        {props.actions}
      </header>
      <section
        className="office-body scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
        tabIndex={0}
        aria-label={typeof props.title === "string" ? props.title : undefined}
      >
        <div className={props.narrow ? "office-narrow" : "office-wide"}>{props.children}</div>
      </section>
    </div>
  );
}
