import { pino, type DestinationStream, type Logger as Pino } from "pino";
import type { LogFields, Logger } from "#core/ports/logger";
import { createLogDestination } from "./log-destination";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

function wrap(target: Pino): Logger {
  return {
    debug: (message, fields) => target.debug(fields ?? {}, message),
    info: (message, fields) => target.info(fields ?? {}, message),
    warn: (message, fields) => target.warn(fields ?? {}, message),
    error: (message, fields) => target.error(fields ?? {}, message),
    child: (fields: LogFields) => wrap(target.child(fields)),
  };
}

/** By number: a window program on Windows has no stream for it. */
const STDERR = 2;

function ownStderr(): DestinationStream {
  const destination = createLogDestination(STDERR);
  process.once("exit", () => destination.flush());
  return destination;
}

/** JSON lines on stderr, so that stdout stays free for a command's own output. */
export function createPinoLogger(options: {
  level: LogLevel;
  service: string;
  destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service, pid: process.pid },
    redact: ["*.token", "*.password", "*.apiKey"],
    serializers: { error: pino.stdSerializers.err },
  };
  return wrap(pino(settings, options.destination ?? ownStderr()));
}
