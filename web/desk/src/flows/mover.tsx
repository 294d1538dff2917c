import { useRef } from "react";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";

interface MoverProps {
  readonly place: number;
  readonly count: number;
  /** What is moved, as it is called now: "Step 2". */
  readonly name: string;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
  /** At least one has to stay. */
  readonly needed?: boolean;
}

/** The buttons that move one of a list and remove it. */
export function Mover({ place, count, name, onMove, onRemove, needed = false }: MoverProps) {
  const t = useT();
  return (
    <>
      <Button
        small
        look="quiet"
        icon="up"
        data-move={-1}
        aria-label={t("flow.up", { name })}
        disabled={place === 0}
        onClick={() => onMove(-1)}
      />
      <Button
        small
        look="quiet"
        icon="down"
        data-move={1}
        aria-label={t("flow.down", { name })}
        disabled={place === count - 1}
        onClick={() => onMove(1)}
      />
      <Button
        small
        look="quiet"
        icon="trash"
        aria-label={t("flow.remove", { name })}
        disabled={needed && count === 1}
        onClick={onRemove}
      />
    </>
  );
}

export function moved<T>(list: readonly T[], from: number, by: -1 | 1): readonly T[] {
  const item = list[from];
  return item === undefined ? list : list.toSpliced(from, 1).toSpliced(from + by, 0, item);
}

/** The focus goes along with what was moved. */
export function useMovedFocus(items: string) {
  const list = useRef<HTMLDivElement>(null);
  const follow = (place: number, by: -1 | 1) =>
    setTimeout(() => {
      const item = list.current?.querySelectorAll(items)[place];
      const button = (way: number) => item?.querySelector<HTMLButtonElement>(`[data-move="${way}"]:not(:disabled)`);
      (button(by) ?? button(-by))?.focus();
    });
  return { list, follow };
}
