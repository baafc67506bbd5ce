import { createEarsProcess } from "#adapters/ears-process/ears-process";
import { createEarsServer } from "#adapters/ears-process/ears-server";
import type { EarsReply } from "#contracts/child/ears";
import type { AsrEngine } from "#core/ports/asr-engine";
import type { ChildHandle, ChildStarter } from "#core/ports/child-process";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { SpeechDecoder } from "#core/ports/speech-decoder";

/** The product's ears, both sides of them, without a process between the two: messages arrive at once. */
export function createInProcessEars(deps: { decoder: SpeechDecoder; clock: Clock; log: Logger }): AsrEngine {
  return createEarsProcess({ ...deps, starter: createServerStarter(deps) });
}

function createServerStarter(deps: { decoder: SpeechDecoder; clock: Clock; log: Logger }): ChildStarter {
  return {
    start(): ChildHandle {
      let listener: (message: unknown) => void = () => undefined;
      const reply = (message: EarsReply): void => listener(message);
      const server = createEarsServer({ ...deps, reply });
      deps.clock.setTimer(0, () => reply({ type: "ready" }));
      return {
        pid: undefined,
        send: (message) => server.handle(message),
        onMessage: (given) => void (listener = given),
        onExit: (onExit) => void server.stopped.then(() => onExit({ code: 0, signal: null })),
        kill: () => void server.stop(),
      };
    },
  };
}
