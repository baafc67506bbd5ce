/** A desktop entry that starts this program at login, as the XDG autostart specification wants it. `command`: with arguments. */
export function autostartEntry(command: readonly string[]): string {
  return [
    "[Desktop Entry]",
    "Type=Application",
    "Name=Parley",
    "Comment=Full-duplex voice chat",
    execLine(command),
    "Terminal=false",
    "X-GNOME-Autostart-enabled=true",
    "",
  ].join("\n");
}

/** The entry starts just this, and nobody has switched it off in the desktop's own settings. */
export function isAutostarted(entry: string, command: readonly string[]): boolean {
  const lines = entry.split("\n").map((line) => line.trim());
  const isOff = lines.includes("Hidden=true") || lines.includes("X-GNOME-Autostart-enabled=false");
  return !isOff && lines.includes(execLine(command));
}

function execLine(command: readonly string[]): string {
  return `Exec=${command.map(quoteExec).join(" ")}`;
}

/** Exec lines have their own quoting; and a percent sign begins a field code. */
function quoteExec(text: string): string {
  // Escaped once for the quotes and once more for the file, in which a backslash is special too.
  const quoted = text.replace(/["`$\\]/g, (special) => (special === "\\" ? "\\\\\\\\" : `\\\\${special}`));
  return `"${quoted.replaceAll("%", "%%")}"`;
}
