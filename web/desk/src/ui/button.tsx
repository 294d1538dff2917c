import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: "primary" | "quiet" | "danger" | "note";
  readonly small?: boolean;
  readonly icon?: IconName;
  /** The shortcut, shown and announced. */
  readonly keys?: string;
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly children?: ReactNode;
}

/** Without children `aria-label` is needed, and is shown as the tip too. */
export function Button({ look, small, icon, keys, busy, children, className, disabled, title, ...rest }: ButtonProps) {
  const iconOnly = children === undefined;
  const classes = ["btn", look, small && "small", iconOnly && "icon", className].filter(Boolean).join(" ");
  const tip = title ?? (iconOnly ? rest["aria-label"] : undefined);
  return (
    <button
      type="button"
      className={classes}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      aria-keyshortcuts={keys}
      title={tip && keys ? `${tip} (${keys})` : tip}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
      {!iconOnly && keys && <kbd aria-hidden>{keys}</kbd>}
    </button>
  );
}
