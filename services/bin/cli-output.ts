import { AppError, toWireError } from "#contracts/errors";

export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Whoever reads may have seen enough, as `head` has: what nobody reads is dropped, and the command goes on to its end. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
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

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      process.once("SIGINT", () => process.exit(130));
      resolve();
    };
    process.once("SIGINT", onSignal);
    process.once("SIGTERM", onSignal);
  });
}
