/** The server's own rules, told before the upload instead of after it. */
export const maxUploadBytes = 10 * 1024 * 1024;

const extensions = "png jpg jpeg webp gif pdf txt csv mp3 m4a wav ogg mp4 webm mov".split(" ");

export const acceptedFiles = extensions.map((extension) => `.${extension}`).join();

export function refusalOf(file: File): "fileTooLarge" | "fileType" | undefined {
  if (file.size > maxUploadBytes) return "fileTooLarge";
  const extension = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  return extensions.includes(extension) && file.size > 0 ? undefined : "fileType";
}
