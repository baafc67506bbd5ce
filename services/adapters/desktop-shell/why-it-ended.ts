export interface ElectronEnd {
  code: number | null;
  signal: string | null;
  /** What it printed to its standard error. */
  stderr: string;
}

/** In a few words why Electron ended before its window opened. Shells report a signal as 128 and its number. */
export function whyItEnded({ code, signal, stderr }: ElectronEnd): string {
  const library = /([\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(stderr)?.[1];
  if (library !== undefined) return `the system library ${library} is missing`;
  if (code === 127) return "a system library is missing";
  if (/without --no-sandbox/i.test(stderr)) return "Electron does not run as root without --no-sandbox";
  if (/no usable sandbox|sandbox helper|setuid sandbox/i.test(stderr))
    return "this system keeps Electron's sandbox from working";
  if (/missing x server|cannot open display|unable to open x display|failed to connect to wayland/i.test(stderr))
    return "the display could not be opened";
  if (signal === "SIGSEGV" || code === 139) return "the display could not be opened";
  return firstWords(stderr) ?? (signal === null ? `Electron ended with ${code}` : `Electron was ended by ${signal}`);
}

/** The first line that says something, without a program's own prefix and without a stack trace. */
export function firstWords(text: string): string | undefined {
  const lines = text
    .split("\n")
    .map((line) => line.replace(/^\[[^\]]*\]\s*/, "").trim())
    .filter((line) => line !== "" && !line.startsWith("{") && !line.startsWith("at "));
  return lines.find((line) => /error|fatal|failed|cannot/i.test(line)) ?? lines[0];
}
