/** A typed array that grows; `data` is replaced when it does. */
export interface Column<T extends Uint8Array | Uint16Array | Uint32Array | Float32Array> {
  data: T;
  length: number;
}

type Columns = Uint8Array | Uint16Array | Uint32Array | Float32Array;

export const bytes = (n: number): Column<Uint8Array> => ({ data: new Uint8Array(n), length: 0 });
export const shorts = (n: number): Column<Uint16Array> => ({ data: new Uint16Array(n), length: 0 });
export const words = (n: number): Column<Uint32Array> => ({ data: new Uint32Array(n), length: 0 });
export const floats = (n: number): Column<Float32Array> => ({ data: new Float32Array(n), length: 0 });

export function push<T extends Columns>(column: Column<T>, value: number): void {
  if (column.length === column.data.length) column.data = resized(column.data, Math.max(16, column.length * 1.5));
  column.data[column.length++] = value;
}

/** Gives back the room that is not used, but for a little that later additions will need. */
export function trim<T extends Columns>(column: Column<T>): void {
  const wanted = Math.ceil(column.length * 1.04) + 64;
  if (column.data.length !== wanted) column.data = resized(column.data, wanted);
}

function resized<T extends Columns>(data: T, length: number): T {
  // The constructor of a typed array makes its own kind.
  const larger = new (data.constructor as new (n: number) => T)(Math.ceil(length));
  larger.set(data.length > larger.length ? data.subarray(0, larger.length) : data);
  return larger;
}
