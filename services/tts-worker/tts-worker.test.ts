import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { createToneEngine, toneFrequencyHz } from "#adapters/tone-tts/tone-engine";
import { AppError } from "#contracts/errors";
import type { WorkerInfo } from "#contracts/registry/worker-record";
import { pcmToFloat } from "#core/audio/pcm";
import type { ResamplerFactory } from "#core/ports/resampler";
import { silentLogger } from "#core/ports/logger";
import type { VoiceFrame } from "#core/ports/voice-link";
import type { SynthesisRequest } from "#core/ports/voice-worker";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { testWorker } from "#testing/orchestrator-world";
import { FakeClock } from "#testing/fake-clock";
import { createManualTextSource, textSource } from "#testing/manual-text-source";
import { createSequentialIds } from "#testing/sequential-ids";
import { createTtsWorker, type TtsWorker, type TtsWorkerConfig } from "./tts-worker";

const resamplersOnce: Promise<ResamplerFactory> = createSpeexResamplerFactory();
const CONFIG: TtsWorkerConfig = {
  name: "worker-a",
  address: "127.0.0.1:7001",
  host: "here",
  capacity: 2,
  defaultVoice: "tone",
};

/** Lets everything happen that needs no time. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe("TtsWorker", () => {
  let clock: FakeClock;
  let registry: WorkerRegistry;
  let worker: TtsWorker;
  let synthesised: number;
  const ids = createSequentialIds();

  const open = async (
    options: Partial<TtsWorkerConfig> & {
      synthesisMs?: number;
      registry?: WorkerRegistry;
      nextTurn?: () => Promise<void>;
    } = {},
  ): Promise<TtsWorker> => {
    const { synthesisMs, registry: given, nextTurn, ...config } = options;
    const tone = createToneEngine({ clock, synthesisMs });
    const counting = {
      ...tone,
      synthesize: (clause: Parameters<typeof tone.synthesize>[0]) => (synthesised++, tone.synthesize(clause)),
    };
    return createTtsWorker({
      engines: [counting],
      normalizer: createSpeakableText(),
      resamplers: await resamplersOnce,
      registry: given ?? registry,
      clock,
      ids,
      random: () => 0.5,
      log: silentLogger,
      nextTurn,
      config: { ...CONFIG, ...config },
    });
  };

  const request = (clauses: SynthesisRequest["clauses"], rest: Partial<SynthesisRequest> = {}): SynthesisRequest => ({
    sessionId: "s1",
    voice: "",
    fencingToken: 1,
    clauses,
    signal: new AbortController().signal,
    ...rest,
  });

  /** Collects frames in the background, noting when each came. */
  const collect = (frames: AsyncIterable<VoiceFrame>) => {
    const got: { atMs: number; frame: VoiceFrame }[] = [];
    const done = (async () => {
      for await (const frame of frames) got.push({ atMs: clock.nowMs(), frame });
    })();
    done.catch(() => undefined);
    return { got, done };
  };

  const speakAll = async (frames: AsyncIterable<VoiceFrame>): Promise<VoiceFrame[]> => {
    const { got, done } = collect(frames);
    let isOver = false;
    const over = done.finally(() => (isOver = true));
    over.catch(() => undefined);
    await settle();
    for (let step = 0; step < 5_000 && !isOver; step++) {
      clock.advanceMs(20);
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await over;
    return got.map((item) => item.frame);
  };

  beforeEach(async () => {
    clock = new FakeClock();
    registry = createMemoryRegistry({ clock });
    synthesised = 0;
    worker = await open();
  });

  describe("frames", () => {
    it("are 960 samples each, and exactly the last one is final", async () => {
      const frames = await speakAll(worker.openSynthesis(request(textSource("One two three."))));
      expect(frames.every((frame) => frame.pcm.length === 960)).toBe(true);
      expect(frames.map((frame) => frame.isFinal)).toEqual([...frames.slice(1).map(() => false), true]);
    });

    it("say what the text says: a tone for each word, where the timings put it", async () => {
      const frames = await speakAll(worker.openSynthesis(request(textSource("One two three."))));
      const pcm = pcmToFloat(Int16Array.from(frames.flatMap((frame) => [...frame.pcm])));
      const words = frames.flatMap((frame) => frame.words);
      expect(words.map((word) => word.text)).toEqual(["One", "two", "three"]);
      words.forEach((word, index) => {
        const tone = pcm.slice(word.startSamples, word.endSamples);
        const crossings = tone.filter((sample, at) => sample >= 0 && (tone[at - 1] ?? 0) < 0).length;
        expect(crossings / 0.2).toBeCloseTo(toneFrequencyHz(index), -1);
        expect(word.endSamples - word.startSamples).toBeCloseTo(9_600, -1);
      });
    });

    it("carry word timings over several clauses: rising, with spans in the whole text", async () => {
      const text = ["Hello there. ", "It is 10:15 now."];
      const frames = await speakAll(worker.openSynthesis(request(textSource(...text))));
      const words = frames.flatMap((frame) => frame.words);
      expect(words.map((word) => text.join("").slice(word.textStart, word.textEnd))).toEqual([
        "Hello",
        "there",
        "It",
        "is",
        "10:15",
        "now",
      ]);
      for (const [index, word] of words.entries())
        expect(word.startSamples).toBeGreaterThanOrEqual(words[index - 1]?.endSamples ?? 0);
      expect(words.at(-1)?.endSamples).toBeLessThanOrEqual(frames.length * 960);
      // Sentences are apart by a pause that a listener can hear.
      expect((words[2]?.startSamples ?? 0) - (words[1]?.endSamples ?? 0)).toBeGreaterThan(200 * 48);
    });

    it.each([
      ["only emoji", "😀 🎉"],
      ["only white space", " \n "],
      ["nothing", ""],
    ])("of a text with %s are one silent last frame", async (_, text) => {
      const frames = await speakAll(worker.openSynthesis(request(textSource(text))));
      expect(frames).toHaveLength(1);
      expect(frames[0]?.isFinal).toBe(true);
      expect(frames[0]?.pcm.every((sample) => sample === 0)).toBe(true);
    });

    it("of a very long text and of a word without end come in pieces", async () => {
      const long = await speakAll(worker.openSynthesis(request(textSource("word ".repeat(100) + "x".repeat(3_000)))));
      expect(synthesised).toBeGreaterThan(5);
      expect(long.at(-1)?.isFinal).toBe(true);
      const words = long.flatMap((frame) => frame.words);
      expect(words.at(-1)?.textEnd).toBe(3_500);
    });
  });

  describe("pacing", () => {
    it("lets frames leave at once up to the lead, then in real time", async () => {
      const { got, done } = collect(worker.openSynthesis(request(textSource("One two three four five six."))));
      await settle();
      expect(got).toHaveLength(20);
      clock.advanceMs(200);
      for (let step = 0; step < 50; step++) {
        clock.advanceMs(20);
        await settle();
      }
      await done;
      const startMs = got[0]?.atMs ?? 0;
      got.forEach(({ atMs }, index) => expect(index * 20 - (atMs - startMs)).toBeLessThanOrEqual(400 - 20));
    });

    it("takes turns with other streams while their leads are built", async () => {
      const turns: (() => void)[] = [];
      const left = new AbortController();
      const sharing = await open({ nextTurn: () => new Promise((resolve) => turns.push(resolve)) });
      const order: string[] = [];
      const listen = async (sessionId: string): Promise<void> => {
        const frames = sharing.openSynthesis(request(textSource("One two three."), { sessionId, signal: left.signal }));
        for await (const _ of frames) order.push(sessionId);
      };
      const listening = ["a", "b"].map((sessionId) => listen(sessionId));
      for (let turn = 0; turn < 10; turn++) {
        await settle();
        turns.shift()?.();
      }
      await settle();
      expect(order).toEqual(["a", "b", "a", "b", "a", "b", "a", "b", "a", "b"]);
      left.abort();
      for (const take of turns) take();
      await Promise.allSettled(listening);
    });

    it("speaks the first clause while the second has not come", async () => {
      const source = createManualTextSource("One two.");
      const { got, done } = collect(worker.openSynthesis(request(source.clauses)));
      await settle();
      expect(got.length).toBeGreaterThan(15);
      clock.advanceMs(500);
      await settle();
      clock.advanceMs(5_000);
      await settle();
      const before = got.length;
      source.say(" Three.");
      await settle();
      expect(got.length).toBeGreaterThan(before);
      // The listener has had his pause: no other is put before the late clause.
      const late = got.slice(before).find(({ frame }) => frame.words.length > 0)?.frame;
      expect(late?.words[0]?.startSamples).toBeLessThan(before * 960 + 2_000);
      source.end();
      await settle();
      clock.advanceMs(1_000);
      await settle();
      await done;
    });

    it("renders at most two pieces beyond the one that plays", async () => {
      const { done } = collect(
        worker.openSynthesis(request(textSource(...Array.from({ length: 30 }, () => "one two three. ")))),
      );
      await settle();
      expect(synthesised).toBeLessThanOrEqual(4);
      void done;
    });
  });

  describe("cancel", () => {
    it("ends the stream as cancelled, and no further clause is computed", async () => {
      const abort = new AbortController();
      const { got, done } = collect(
        worker.openSynthesis(
          request(textSource(...Array.from({ length: 30 }, () => "one two three. ")), { signal: abort.signal }),
        ),
      );
      await settle();
      const before = synthesised;
      abort.abort();
      await expect(done).rejects.toMatchObject({ code: "cancelled" });
      const count = got.length;
      clock.advanceMs(10_000);
      await settle();
      expect(synthesised).toBe(before);
      expect(got).toHaveLength(count);
      expect(clock.pendingCount).toBe(0);
    });

    it("works while the stream waits for text, and while a clause is computed", async () => {
      worker = await open({ synthesisMs: 500 });
      for (const clauses of [createManualTextSource().clauses, textSource("one two.")]) {
        const abort = new AbortController();
        const { done } = collect(worker.openSynthesis(request(clauses, { signal: abort.signal })));
        await settle();
        abort.abort();
        await expect(done).rejects.toMatchObject({ code: "cancelled" });
      }
      expect(worker.stats().inUse).toBe(0);
    });

    it("frees the slot at once", async () => {
      const aborts = [new AbortController(), new AbortController()];
      for (const abort of aborts)
        collect(worker.openSynthesis(request(createManualTextSource().clauses, { signal: abort.signal })));
      await settle();
      aborts[0]?.abort();
      const { got } = collect(worker.openSynthesis(request(textSource("one."))));
      await settle();
      expect(got.length).toBeGreaterThan(0);
    });

    it("by leaving the stream early ends the work too", async () => {
      for await (const frame of worker.openSynthesis(request(createManualTextSource("one two three.").clauses))) {
        expect(frame.isFinal).toBe(false);
        break;
      }
      expect(worker.stats().inUse).toBe(0);
    });
  });

  describe("admission", () => {
    it("refuses a token lower than the highest of that session, and of no other", async () => {
      const speak = (sessionId: string, fencingToken: number) =>
        speakAll(worker.openSynthesis(request(textSource("one."), { sessionId, fencingToken })));
      await speak("s1", 5);
      await speak("s1", 5);
      await expect(speak("s1", 4)).rejects.toMatchObject({ code: "stale-token" });
      await speak("s2", 4);
      await speak("s1", 6);
    });

    it("refuses what exceeds its capacity", async () => {
      for (let index = 0; index < CONFIG.capacity; index++)
        collect(worker.openSynthesis(request(createManualTextSource().clauses)));
      await settle();
      expect(worker.stats().inUse).toBe(2);
      await expect(speakAll(worker.openSynthesis(request(textSource("one."))))).rejects.toMatchObject({
        code: "worker-at-capacity",
        retryable: true,
      });
    });

    it("refuses an unknown voice", async () => {
      await expect(
        speakAll(worker.openSynthesis(request(textSource("one."), { voice: "nobody" }))),
      ).rejects.toMatchObject({ code: "unknown-voice" });
    });

    it("cannot be made with a default voice that no engine has", async () => {
      await expect(open({ defaultVoice: "nobody" })).rejects.toMatchObject({ code: "bad-config" });
    });

    it("passes the text source's own failure on", async () => {
      async function* broken() {
        yield { text: "one.", offset: 0 };
        throw new Error("the brain died");
      }
      await expect(speakAll(worker.openSynthesis(request(broken())))).rejects.toThrow("the brain died");
      expect(worker.stats().inUse).toBe(0);
    });
  });

  describe("registration", () => {
    const liveWorkers = async () => (await registry.list()).filter((entry) => entry.isLive).map((entry) => entry.name);

    it("is kept alive by heartbeats and gone after stop", async () => {
      await worker.start();
      expect(worker.state).toBe("ready");
      for (let beat = 0; beat < 20; beat++) {
        clock.advanceMs(1_000);
        await settle();
        expect(await liveWorkers()).toEqual(["worker-a"]);
      }
      await worker.stop();
      expect(await liveWorkers()).toEqual([]);
      expect(clock.pendingCount).toBe(0);
    });

    it("of a name that a live worker has is refused with that worker's host", async () => {
      await worker.start();
      const second = await open();
      await expect(second.start()).rejects.toMatchObject({
        code: "worker-name-taken",
        message: expect.stringContaining("here"),
      });
    });

    it("is renewed when the registry has lost it, and survives the registry's failures", async () => {
      const calls: string[] = [];
      const answers: (() => Promise<unknown>)[] = [];
      const fallback = () => Promise.resolve({ type: "ok", desiredState: "ready" });
      const scripted = {
        ...registry,
        origin: registry.origin,
        register: () => (
          calls.push("register"),
          Promise.resolve({ type: "registered", registration: { name: "worker-a", generation: 1 } })
        ),
        beat: () => (calls.push("beat"), (answers.shift() ?? fallback)()),
        unregister: () => Promise.resolve(),
      } as unknown as WorkerRegistry;
      worker = await open({ registry: scripted });
      await worker.start();
      const beat = async (answer: () => Promise<unknown>): Promise<void> => {
        answers.push(answer);
        clock.advanceMs(2_200);
        await settle();
      };
      await beat(() => Promise.resolve({ type: "unknown" }));
      expect(calls).toEqual(["register", "beat", "register"]);
      await beat(() => Promise.reject(new Error("no connection")));
      expect(await speakAll(worker.openSynthesis(request(textSource("one."))))).not.toEqual([]);
      await beat(() => Promise.resolve({ type: "ok", desiredState: "draining" }));
      expect(worker.state).toBe("draining");
      let lost = "";
      worker.onNameLost((error) => (lost = error.code));
      await beat(() => Promise.resolve({ type: "stale" }));
      expect(lost).toBe("worker-name-taken");
      await expect(speakAll(worker.openSynthesis(request(textSource("one."))))).rejects.toMatchObject({
        code: "shutting-down",
      });
      const count = calls.length;
      clock.advanceMs(60_000);
      await settle();
      expect(calls).toHaveLength(count);
    });

    it("waits for a registry that is not there yet, serving meanwhile", async () => {
      let isUp = false;
      const flaky = {
        register: (given: Parameters<WorkerRegistry["register"]>[0]) =>
          isUp ? registry.register(given) : Promise.reject(new Error("down")),
        beat: registry.beat.bind(registry),
        unregister: registry.unregister.bind(registry),
      } as unknown as WorkerRegistry;
      worker = await open({ registry: flaky });
      await worker.start();
      expect(await speakAll(worker.openSynthesis(request(textSource("one."))))).not.toEqual([]);
      expect(await liveWorkers()).toEqual([]);
      isUp = true;
      clock.advanceMs(2_200);
      await settle();
      expect(await liveWorkers()).toEqual(["worker-a"]);
      await worker.stop();
    });
  });

  describe("stop", () => {
    it("lets a running stream finish, and refuses new ones", async () => {
      const { got, done } = collect(worker.openSynthesis(request(textSource("one two three four five."))));
      await settle();
      const stopped = worker.stop();
      await settle();
      await expect(speakAll(worker.openSynthesis(request(textSource("one."))))).rejects.toMatchObject({
        code: "shutting-down",
      });
      for (let step = 0; step < 100; step++) {
        clock.advanceMs(20);
        await settle();
      }
      await done;
      await stopped;
      expect(got.at(-1)?.frame.isFinal).toBe(true);
    });

    it("breaks streams that outlast the drain timeout", async () => {
      const { done } = collect(worker.openSynthesis(request(createManualTextSource("one.").clauses)));
      await settle();
      const stopped = worker.stop();
      await settle();
      clock.advanceMs(10_000);
      await expect(done).rejects.toMatchObject({ code: "shutting-down" });
      await stopped;
    });
  });

  describe("[RG50] a stream hands over", () => {
    const TWO = "one two three four five six. seven eight nine.";
    const another = { name: "worker-b", address: "127.0.0.1:7002", host: "den" };
    const voices = { voices: ["tone"], residentVoices: ["tone"] };

    const register = (info: Partial<WorkerInfo> = {}, capacity = 1) =>
      registry.register({
        info: { ...testWorker, ...another, ...voices, ...info },
        nonce: "n2",
        capacity,
        ttlMs: 60_000,
      });
    /** One piece and a bit, then the reason to leave; resolves to what came, and how it ended. */
    const speakUntilEnd = async (
      leave: () => unknown,
      rest: Partial<SynthesisRequest> = {},
    ): Promise<{ frames: VoiceFrame[]; error: unknown }> => {
      worker = await open({ heartbeatMs: 200 });
      await worker.start();
      const { got, done } = collect(worker.openSynthesis(request(textSource(...TWO.split(/(?<=\.) /)), rest)));
      let error: unknown;
      let isOver = false;
      const over = done.catch((failure: unknown) => (error = failure)).finally(() => (isOver = true));
      await settle();
      await leave();
      for (let step = 0; step < 500 && !isOver; step++) {
        clock.advanceMs(20);
        await settle();
      }
      await over;
      return { frames: got.map(({ frame }) => frame), error };
    };
    const wordsOf = (frames: readonly VoiceFrame[]): string[] =>
      frames.flatMap(({ words }) => words.map(({ text }) => text));

    it("with its clause and the pause after it, when it drains and another worker can go on", async () => {
      await register();
      const { frames, error } = await speakUntilEnd(() => registry.setDesiredState("worker-a", "draining"));
      expect(error).toMatchObject({ code: "shutting-down" });
      expect(wordsOf(frames)).toEqual(["one", "two", "three", "four", "five", "six"]);
      expect(frames.some(({ isFinal }) => isFinal)).toBe(false);
      const lastWordEnd = Math.max(...frames.flatMap(({ words }) => words.map(({ endSamples }) => endSamples)));
      expect(frames.length * 960 - lastWordEnd).toBeGreaterThanOrEqual(240 * 48);
    });

    it("when the worker ends, after it has left the registry [RG51]", async () => {
      await register();
      const { frames, error } = await speakUntilEnd(() => void worker.stop());
      expect(error).toMatchObject({ code: "shutting-down" });
      expect(wordsOf(frames)).toHaveLength(6);
      expect((await registry.list()).map(({ name }) => name)).toEqual(["worker-b"]);
    });

    it.each([
      ["there is no other worker", () => undefined, {}],
      ["the other one has another voice", () => register({ voices: ["other"] }), {}],
      ["the other one has no free slot", () => register({}, 0), {}],
      ["the client has no lease", () => register(), { fencingToken: undefined }],
      [
        "the registry cannot be asked",
        () => void (registry.list = () => Promise.reject(new AppError("registry-unavailable"))),
        {},
      ],
    ])("not when %s", async (_why, prepare, rest) => {
      await prepare();
      const { frames, error } = await speakUntilEnd(() => void worker.stop(), rest);
      expect(error).toBeUndefined();
      expect(wordsOf(frames)).toHaveLength(9);
      expect(frames.at(-1)?.isFinal).toBe(true);
    });

    it("no more once it serves again", async () => {
      await register();
      const { frames } = await speakUntilEnd(async () => {
        for (const state of ["draining", "ready"] as const) {
          await registry.setDesiredState("worker-a", state);
          clock.advanceMs(200);
          await settle();
          expect(worker.state).toBe(state);
        }
      });
      expect(wordsOf(frames)).toHaveLength(9);
    });
  });

  it("measures itself", async () => {
    worker = await open({ synthesisMs: 100 });
    const { done } = collect(worker.openSynthesis(request(textSource("one two three."))));
    await settle();
    clock.advanceMs(100);
    await settle();
    expect(worker.stats()).toMatchObject({ inUse: 1, ttfaMs: 100, ttfaP90Ms: 100 });
    expect(worker.stats().realTimeFactor).toBeCloseTo(100 / 720, 2);
    clock.advanceMs(2_000);
    await settle();
    await done;
    expect(worker.stats().inUse).toBe(0);
  });
});
