interface DiffPart {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** Chinese by character, other scripts by word: what a reader would call a change. */
function tokens(text: string): readonly string[] {
  return text.match(/\p{Script=Han}|[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
}

const MOST_CELLS = 1_000_000;

/** The shortest way from one text to another, by longest common subsequence. */
export function diffWords(before: string, after: string): readonly DiffPart[] {
  const a = tokens(before);
  const b = tokens(after);
  if (a.length * b.length > MOST_CELLS)
    return [
      { kind: "removed", text: before },
      { kind: "added", text: after },
    ];
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => table[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const parts: DiffPart[] = [];
  const push = (kind: DiffPart["kind"], text: string) => {
    const last = parts.at(-1);
    if (last?.kind === kind) parts[parts.length - 1] = { kind, text: last.text + text };
    else parts.push({ kind, text });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const [left, right] = [a[i], b[j]];
    if (left !== undefined && left === right) {
      push("same", left);
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      push("removed", left);
      i += 1;
    } else if (right !== undefined) {
      push("added", right);
      j += 1;
    }
  }
  return parts;
}
