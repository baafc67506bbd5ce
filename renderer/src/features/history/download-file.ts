import type { ExportedFile } from "#core/recording/export-conversation";

/** Long enough for the browser to have begun; then the copy in memory may go. */
const KEEP_MS = 10_000;

/** Hands the text to the browser as a file, which stays on this computer. */
export function downloadFile({ name, mimeType, text }: ExportedFile): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${mimeType};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
