// Plays one part of the benchmark `turn` on a virtual clock: `turn-part NAME HALF FOLDER`, started by the benchmark, which gets the tally.
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { openSimulationEngines } from "#sim/simulation-engines";
import { HALVES } from "#score/user/compose-script";
import { loadBuiltinConfig } from "../bin/own-host";
import { createUserVoices } from "../bin/user-voices";
import { createVirtualRunner } from "../bin/virtual-runner";
import { addSystemVoices } from "./system-voices";
import { playPart, TURN_PARTS, type TurnPartName } from "./turn-parts";

const [, , asked, askedHalf, folder = ""] = process.argv;
const name = Object.keys(TURN_PARTS).find((part) => part === asked) as TurnPartName | undefined;
const half = HALVES.find((known) => known === askedHalf);
if (name === undefined || half === undefined || folder === "") throw new Error("usage: turn-part NAME HALF FOLDER");

// Nobody is left to be told.
process.once("disconnect", () => process.exit(1));

const engines = await openSimulationEngines({ log: createPinoLogger({ level: "error", service: "bench" }) });
try {
  const speech = await addSystemVoices(
    createUserVoices({ engine: engines.voice, normalizer: engines.normalizer }),
    folder,
  );
  const runner = createVirtualRunner(engines, await loadBuiltinConfig());
  const progress = (line: string): void => void process.stderr.write(`turn: ${line}\n`);
  const tally = await playPart({ runner, speech, resamplers: engines.resamplers, progress }, { name, half });
  await new Promise((resolve) => process.send?.({ tally }, resolve));
} finally {
  await engines.close();
  // Its listener would keep this process alive.
  process.removeAllListeners("disconnect");
  process.disconnect();
}
