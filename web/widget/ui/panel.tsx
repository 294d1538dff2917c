import { useEffect, useRef } from "preact/hooks";
import { phone } from "../screen.ts";
import { Banner } from "./banner.tsx";
import { Composer } from "./composer.tsx";
import { useView } from "./context.ts";
import { Header } from "./header.tsx";
import { Log } from "./log.tsx";

export function Panel() {
  const { chat, state, t } = useView();
  const { open } = state;
  const ref = useFocusTravel(open);
  const isDrawn = useRef(false);
  isDrawn.current ||= open;

  function onKeyDown(event: KeyboardEvent) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      chat.close();
    }
  }

  return (
    <div
      ref={ref}
      class="panel"
      role="dialog"
      aria-label={state.settings.title ?? t.title}
      aria-modal={open && phone.matches}
      tabIndex={-1}
      inert={!open}
      onKeyDown={onKeyDown}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        chat.attach(event.dataTransfer?.files ?? []);
      }}
    >
      {isDrawn.current && (
        <>
          <Header />
          <Banner />
          <Log />
          <Composer />
        </>
      )}
    </div>
  );
}

/** Into the panel when it opens, back to where it came from when it closes. */
function useFocusTravel(open: boolean): { readonly current: HTMLDivElement | null } {
  const ref = useRef<HTMLDivElement>(null);
  const came = useRef<Element | null>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (open === wasOpen.current) return;
    wasOpen.current = open;
    const panel = ref.current;
    const root = panel?.getRootNode() as ShadowRoot | undefined;
    if (open) {
      came.current = document.activeElement;
      // On a phone the keyboard would cover what the shop says first.
      const target = phone.matches ? panel : panel?.querySelector("textarea");
      target?.focus({ preventScroll: true });
      return;
    }
    const isPageButton =
      came.current instanceof HTMLElement && came.current.isConnected && came.current !== document.body;
    const launcher = root?.querySelector<HTMLElement>(".launcher");
    const home = isPageButton && came.current !== root?.host ? (came.current as HTMLElement) : launcher;
    home?.focus({ preventScroll: true });
  }, [open]);
  return ref;
}
