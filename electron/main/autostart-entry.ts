/** A desktop entry that starts this program at login, as the XDG autostart specification wants it. */
export function autostartEntry(program: string): string {
  return [
    "[Desktop Entry]",
    "Type=Application",
    "Name=Parley",
    "Comment=Full-duplex voice chat",
    `Exec=${quoteExec(program)}`,
    "Terminal=false",
    "X-GNOME-Autostart-enabled=true",
    "",
  ].join("\n");
}

/** Exec lines have their own quoting; and a percent sign begins a field code. */
function quoteExec(text: string): string {
  // Escaped once for the quotes and once more for the file, in which a backslash is special too.
  const quoted = text.replace(/["`$\\]/g, (special) => (special === "\\" ? "\\\\\\\\" : `\\\\${special}`));
  return `"${quoted.replaceAll("%", "%%")}"`;
}
