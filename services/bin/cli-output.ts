import { AppError, toWireError } from "#contracts/errors";

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Who read is gone: `head` has seen enough, or the terminal was closed. */
const READER_GONE = new Set(["EPIPE", "EIO"]);

/** What nobody reads is dropped, and the command goes on to its end; what found no place on a disk makes it one that failed. */
export function outliveReaders(): void {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (READER_GONE.has(error.code ?? "")) return;
    process.stderr.write(`parley: the output could not be written: ${error.message}\n`);
    process.exitCode = EXIT.failed;
  });
}

/** Of the page that this server serves, as a browser takes it: the token may hold characters with a meaning there. */
export function pageAddress(
  { scheme = "http", host, port }: { scheme?: string; host: string; port: number },
  token: string | undefined,
): string {
  const origin = `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return token === undefined ? `${origin}/` : `${origin}/#${new URLSearchParams({ token }).toString()}`;
}

/** One line for a person; what a program reads goes through `printJson`. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Says what failed and what to do, on stderr, or as the one JSON document on stdout. */
export function reportFailure(error: unknown, options: { isJson: boolean }): void {
  const wire = toWireError(error);
  if (options.isJson) return printJson({ error: wire });
  process.stderr.write(`parley: ${wire.message} [${wire.code}]\n${wire.action}\n`);
  const isUnexpected = !(error instanceof AppError);
  if (isUnexpected && error instanceof Error) process.stderr.write(`${error.stack ?? error.message}\n`);
}

/** Ctrl-C, an order to end, and a terminal that was closed; with the exit codes that shells give them. */
const ENDING_SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type EndingSignal = keyof typeof ENDING_SIGNALS;

const endAtOnce = (signal: EndingSignal): void => process.exit(ENDING_SIGNALS[signal]);

/** This process listens to them here alone. There is a listener at all times: a signal that comes while there is none is lost. */
function onSignal(listener: (signal: EndingSignal) => void): void {
  for (const name of Object.keys(ENDING_SIGNALS) as EndingSignal[]) {
    const earlier = process.listeners(name);
    process.on(name, listener);
    for (const each of earlier) process.off(name, each);
  }
}

/** A signal ends the process by way of its exit, at which a Redis of its own is ended too; by itself it would leave that one behind. */
export function exitOnSignals(): void {
  onSignal(endAtOnce);
}

/** Resolves at the first signal to end; a second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) =>
    onSignal(() => {
      exitOnSignals();
      resolve();
    }),
  );
}
