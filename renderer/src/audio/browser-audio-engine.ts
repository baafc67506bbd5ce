import { MicHealth } from "#core/audio/mic-health";
import { AppError } from "#contracts/errors";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { HeardPosition } from "#core/client/heard-position";
import { DisposableStore } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { AudioEngine, AudioEngineEvents, OpenAudioEngine } from "./audio-engine";
import { AudioProblem } from "./audio-problem";
import { openBrowserMicrophone } from "./browser-microphone";
import type { DeviceStore } from "./device-store";
import { healthNotice } from "./device-notice";
import micWorkletUrl from "./mic.worklet.ts?worker&url";
import { MicrophoneKeeper } from "./microphone-keeper";
import { PlaybackGate } from "./playback-gate";
import playbackWorkletUrl from "./playback.worklet.ts?worker&url";
import { outputLatencySamples, setSpeaker } from "./speaker-output";
import { SpeakerKeeper } from "./speaker-keeper";
import { PLAYBACK_PROCESSOR, type PlaybackCommand, type PlaybackReport } from "./worklet-messages";

export interface BrowserAudioDeps {
  store: DeviceStore;
  clock: Clock;
}

interface EngineParts {
  context: AudioContext;
  player: MessagePort;
  owned: DisposableStore;
  events: AudioEngineEvents;
}

/** Opens engines that use the store's devices. One context at the voice's own rate, so that nothing is resampled here. */
export function createBrowserAudioOpener(deps: BrowserAudioDeps): OpenAudioEngine {
  return async (events) => {
    const owned = new DisposableStore();
    try {
      const context = new AudioContext({ sampleRate: VOICE_SAMPLE_RATE_HZ, latencyHint: "interactive" });
      owned.add({ dispose: () => void context.close() });
      await loadWorklets(context);
      const player = createPlayer(context, events);
      watchPauses(context, events);
      return await createEngine(deps, { context, player, owned, events });
    } catch (error) {
      owned.dispose();
      throw error instanceof AppError ? error : new AudioProblem("sound-unavailable", { cause: error });
    }
  };
}

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

async function createEngine(deps: BrowserAudioDeps, parts: EngineParts): Promise<AudioEngine> {
  const { context, player, owned, events } = parts;
  const devices = owned.add(new DisposableStore());
  const command = (message: PlaybackCommand, transfer: Transferable[] = []): void =>
    player.postMessage(message, transfer);
  const gate = new PlaybackGate(command);
  const onNotice: AudioEngineEvents["onNotice"] = (notice) => events.onNotice?.(notice);
  const onNoticeOver: AudioEngineEvents["onNoticeOver"] = (code) => events.onNoticeOver?.(code);
  const health = new MicHealth({ onNotice: (code) => onNotice(healthNotice(code)), onNoticeOver });
  devices.add(
    await SpeakerKeeper.start({
      ...deps,
      gate,
      onNotice,
      onNoticeOver,
      sampleRateHz: context.sampleRate,
      latencySamples: () => outputLatencySamples(context),
      setSpeaker: (id) => setSpeaker(context, id),
    }),
  );
  return {
    sampleRateHz: VOICE_SAMPLE_RATE_HZ,
    play: ({ sampleIndex, pcm, isLast }) => command({ type: "frame", sampleIndex, pcm, isLast }, [pcm.buffer]),
    flush: (fromSample) => command({ type: "flush", fromSample }),
    duck: (gainDb) => command({ type: "duck", gainDb }),
    unduck: () => command({ type: "unduck" }),
    openMicrophone: async (micEvents) => {
      const open = openBrowserMicrophone.bind(undefined, context);
      return devices.add(await MicrophoneKeeper.open({ ...deps, open, gate, health, onNotice }, micEvents));
    },
    setUserSpeaking: (isSpeaking) => health.setUserSpeaking(isSpeaking),
    setMuted: (isMuted) => health.setMuted(isMuted),
    // What is on its way to the ear is still heard.
    pause: () => gate.hold(0),
    resume: () => context.resume(),
    close: async () => {
      devices.dispose();
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
