import { write, writeSync } from "node:fs";

/** Some thousand lines, for as long as nobody reads. */
const MAX_WAITING_CHARACTERS = 1_000_000;
/** A pipe whose reader does not keep up. */
const BUSY_CODES = new Set(["EAGAIN", "EBUSY"]);
const BUSY_RETRY_MS = 100;

export interface LogDestination {
  write(line: string): void;
  /** Writes what waits, as far as that goes; for the end of the process. */
  flush(): void;
}

/**
 * Lines to an open file, in order; who logs waits for nothing. What cannot be written, to a full disk or to a pipe that nobody reads, is
 * lost, and so is what comes while too much waits: a log that has no place ends no conversation.
 */
export function createLogDestination(fd: number): LogDestination {
  let waiting = "";
  let isWriting = false;
  /** What a busy pipe has still to take. */
  let held = Buffer.alloc(0);

  const writeNext = (): void => {
    if (isWriting || waiting === "") return;
    isWriting = true;
    const text = Buffer.from(waiting);
    waiting = "";
    writeRest(text);
  };
  const writeHeld = (): void => {
    const rest = held;
    held = Buffer.alloc(0);
    writeRest(rest);
  };
  const writeRest = (rest: Buffer): void =>
    write(fd, rest, (error, writtenBytes) => {
      if (error !== null && BUSY_CODES.has(error.code ?? "")) {
        held = Buffer.from(rest);
        setTimeout(writeHeld, BUSY_RETRY_MS).unref();
        return;
      }
      if (error === null && writtenBytes < rest.length) return writeRest(rest.subarray(writtenBytes));
      isWriting = false;
      writeNext();
    });

  return {
    write(line) {
      if (waiting.length + line.length > MAX_WAITING_CHARACTERS) return;
      waiting += line;
      writeNext();
    },
    flush() {
      let rest = Buffer.concat([held, Buffer.from(waiting)]);
      held = Buffer.alloc(0);
      waiting = "";
      try {
        while (rest.length > 0) rest = rest.subarray(writeSync(fd, rest));
      } catch {
        // It has no place.
      }
    },
  };
}
