import type { MessagePort } from "node:worker_threads";
import { parseWith } from "#contracts/parse";
import { FliteProgram, loadFlite, type FliteModule } from "./flite-program";
import { FliteThreadRequest, type FliteThreadData, type FliteThreadReply } from "./flite-messages";
import { splitAtSilence } from "./phone-alignment";

/** The voice that speaks fastest (2 to 5 ms for a clause); all voices share one pronouncing dictionary. */
const LEARNING_VOICE = "kal16";

/** Speaks the words one by one, with a pause after each, to see which phones each has. */
function learnWords(program: FliteProgram, words: readonly string[]): [string, string[]][] {
  if (words.length === 0) return [];
  const groups = splitAtSilence(program.run({ voice: LEARNING_VOICE, text: `${words.join(", ")},` }).phones);
  // A word that itself holds a pause, or has no sound, would shift all that follow: trust none of them then.
  return groups.length === words.length ? words.map((word, index) => [word, groups[index] ?? []]) : [];
}

/**
 * Body of a flite worker thread: answers one request at a time. A failure leaves the thread useless; it must be replaced.
 * The first thread compiles and warms up. A later one finds all compiled and takes its 21 MB of memory
 * only with its first request, which costs that request 10 ms.
 */
export async function runFliteThread(port: MessagePort, data: FliteThreadData): Promise<void> {
  const reply = (message: FliteThreadReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const flite = data.shared === undefined ? await loadFlite(data.wasmPath) : (data.shared as FliteModule);
  let program: FliteProgram | undefined;
  if (data.shared === undefined) {
    program = new FliteProgram(flite);
    for (const voice of data.warmUpVoices) program.run({ voice, text: "hello there, how are you today?" });
    program.reset();
  }

  port.on("message", (raw: unknown) => {
    const request = parseWith(FliteThreadRequest, raw);
    if (!request.ok) return;
    const { jobId, voice, text, unknownWords } = request.value;
    try {
      program ??= new FliteProgram(flite);
      const learned = learnWords(program, unknownWords);
      const { pcm, sampleRateHz, phones } = program.run({ voice, text });
      reply({ type: "spoken", jobId, pcm, sampleRateHz, phones, learned }, [pcm.buffer as ArrayBuffer]);
      program.reset();
    } catch (error) {
      reply({ type: "failed", jobId, reason: error instanceof Error ? error.message : String(error) });
    }
  });
  reply({ type: "ready", shared: flite });
}
