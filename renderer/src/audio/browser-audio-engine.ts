import { AppError } from "#contracts/errors";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { HeardPosition } from "#core/client/heard-position";
import { DisposableStore } from "#core/lifecycle/disposable";
import type { AudioEngine, AudioEngineEvents, OpenAudioEngine } from "./audio-engine";
import { AudioProblem } from "./audio-problem";
import micWorkletUrl from "./mic.worklet.ts?worker&url";
import { openBrowserMicrophone } from "./browser-microphone";
import playbackWorkletUrl from "./playback.worklet.ts?worker&url";
import { PLAYBACK_PROCESSOR, type PlaybackCommand, type PlaybackReport } from "./worklet-messages";

/** One context at the voice's own rate for microphone and player, so that nothing is resampled here. */
export const openBrowserAudioEngine: OpenAudioEngine = async (events) => {
  const owned = new DisposableStore();
  try {
    const context = new AudioContext({ sampleRate: VOICE_SAMPLE_RATE_HZ, latencyHint: "interactive" });
    owned.add({ dispose: () => void context.close() });
    await loadWorklets(context);
    const player = createPlayer(context, events);
    watchPauses(context, events);
    return createEngine({ context, player, owned });
  } catch (error) {
    owned.dispose();
    throw error instanceof AppError ? error : new AudioProblem("sound-unavailable", { cause: error });
  }
};

/** They come from the orchestrator, like the page; without it there is nothing to talk to either. */
async function loadWorklets(context: AudioContext): Promise<void> {
  try {
    await Promise.all([
      context.audioWorklet.addModule(playbackWorkletUrl),
      context.audioWorklet.addModule(micWorkletUrl),
    ]);
  } catch (error) {
    throw new AppError("connect-failed", { cause: error });
  }
}

/** Longer than the player's fade-out and one block of output, so that closing is not heard as a click. */
const FADE_OUT_GRACE_MS = 60;

function createEngine(parts: { context: AudioContext; player: MessagePort; owned: DisposableStore }): AudioEngine {
  const { context, player, owned } = parts;
  const microphones = new DisposableStore();
  const command = (message: PlaybackCommand, transfer: Transferable[] = []): void =>
    player.postMessage(message, transfer);
  return {
    sampleRateHz: VOICE_SAMPLE_RATE_HZ,
    play: ({ sampleIndex, pcm, isLast }) => command({ type: "frame", sampleIndex, pcm, isLast }, [pcm.buffer]),
    flush: (fromSample) => command({ type: "flush", fromSample }),
    duck: (gainDb) => command({ type: "duck", gainDb }),
    unduck: () => command({ type: "unduck" }),
    openMicrophone: async (events) => microphones.add(await openBrowserMicrophone(context, events)),
    resume: () => context.resume(),
    close: async () => {
      microphones.dispose();
      command({ type: "flush", fromSample: 0 });
      await new Promise((resolve) => window.setTimeout(resolve, FADE_OUT_GRACE_MS));
      owned.dispose();
    },
  };
}

function createPlayer(context: AudioContext, events: AudioEngineEvents): MessagePort {
  const node = new AudioWorkletNode(context, PLAYBACK_PROCESSOR, {
    numberOfInputs: 0,
    numberOfOutputs: 1,
    outputChannelCount: [1],
  });
  const master = new GainNode(context);
  node.connect(master).connect(context.destination);
  const heard = new HeardPosition();
  node.port.onmessage = ({ data }: MessageEvent<PlaybackReport>) => {
    events.onPlayout({ heardSamples: heard.update(data, outputLatencySamples(context)), isPlaying: data.isPlaying });
  };
  return node.port;
}

/** Delay between the player and the loudspeaker, as far as the browser knows it. */
function outputLatencySamples(context: AudioContext): number {
  const { baseLatency, outputLatency }: Partial<Pick<AudioContext, "baseLatency" | "outputLatency">> = context;
  return ((baseLatency ?? 0) + (outputLatency ?? 0)) * context.sampleRate;
}

/** Starting the sound device takes a moment; a context that is still not running after this has been paused. */
const START_GRACE_MS = 1000;

/** Browsers start a context paused when no press of a button preceded it, and phones pause it for a call. */
function watchPauses(context: AudioContext, events: AudioEngineEvents): void {
  const report = (): void => {
    if (context.state !== "closed") events.onPaused(context.state !== "running");
  };
  window.setTimeout(() => {
    context.addEventListener("statechange", report);
    report();
  }, START_GRACE_MS);
  void context.resume();
}
