// The ears: speech recognition in a process of its own, so that a decode blocks nobody and a crash ends nobody else.
import { createEarsServer, type EarsServer } from "#adapters/ears-process/ears-server";
import { createMoonshineDecoder } from "#adapters/moonshine-asr/moonshine-decoder";
import { resolveMoonshineModels } from "#adapters/moonshine-asr/resolve-moonshine-models";
import { createPinoLogger, type LogLevel } from "#adapters/logging/pino-logger";
import { systemClock } from "#adapters/system/system-clock";
import type { EarsReply } from "#contracts/child/ears";
import { toWireError } from "#contracts/errors";
import { givenVariable } from "#core/config/given-variable";
import { parent } from "./parent";

const log = createPinoLogger({
  level: (givenVariable(process.env, "PARLEY_LOG_LEVEL") ?? "info") as LogLevel,
  service: "ears",
});

/** Calls back once the message has left. */
const reply = (message: EarsReply, onSent?: () => void): void => parent.send(message, onSent);

async function loadServer(): Promise<EarsServer> {
  const decoder = await createMoonshineDecoder(resolveMoonshineModels());
  return createEarsServer({ decoder, reply, clock: systemClock, log });
}

const loading = loadServer();
const whenLoaded = (use: (server: EarsServer) => unknown): void => void loading.then(use, () => undefined);

parent.on("message", (message) => whenLoaded((server) => server.handle(message)));
parent.once("disconnect", () => whenLoaded((server) => server.stop()));
process.on("SIGTERM", () => whenLoaded((server) => server.stop()));
// Ctrl-C reaches the whole process group; the parent decides when its ears may go.
process.on("SIGINT", () => undefined);

try {
  const server = await loading;
  reply({ type: "ready" });
  await server.stopped;
  process.exit(0);
} catch (error) {
  log.error("ears could not start", { error });
  reply({ type: "fatal", error: toWireError(error) }, () => process.exit(1));
}
