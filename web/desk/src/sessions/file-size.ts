export function fileSize(bytes: number | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  return bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
