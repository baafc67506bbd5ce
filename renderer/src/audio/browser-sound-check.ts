import { pcmToFloat, rms } from "#core/audio/pcm";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { AudioProblem } from "./audio-problem";
import { openBrowserMicrophone } from "./browser-microphone";
import { SYSTEM_DEFAULT_ID } from "./device-ranking";
import type { DeviceStore } from "./device-store";
import micWorkletUrl from "./mic.worklet.ts?worker&url";
import type { OpenMicrophone } from "./microphone-keeper";
import { RecordingTape } from "./recording-tape";
import type { SoundCheck } from "./sound-check";
import { setSpeaker } from "./speaker-output";

/** Each with a context of its own, so that a conversation that runs meanwhile is left alone. */
export function createBrowserSoundCheck(store: DeviceStore): SoundCheck {
  return {
    openMicrophone: async ({ onLevel, onEnded }) => {
      const context = new AudioContext({ sampleRate: VOICE_SAMPLE_RATE_HZ });
      const tape = new RecordingTape(VOICE_SAMPLE_RATE_HZ);
      let microphone: OpenMicrophone;
      try {
        await context.audioWorklet.addModule(micWorkletUrl);
        await context.resume();
        microphone = await openBrowserMicrophone(context, {
          deviceId: store.candidates("microphone")[0]?.id,
          processing: store.getView().processing,
          onEnded,
          onPcm: (pcm, isZero) => {
            onLevel(rms(pcmToFloat(pcm)));
            tape.append(pcm, isZero);
          },
        });
      } catch (error) {
        void context.close();
        throw error instanceof AudioProblem ? error : new AudioProblem("sound-unavailable", { cause: error });
      }
      if (!store.getView().hasNames) void store.refresh();
      return {
        record: (durationMs) => tape.record(durationMs),
        dispose: () => {
          tape.end();
          microphone.close();
          void context.close();
        },
      };
    },
    playChime: () => onSpeaker(store, (context) => startChime(context)),
    play: ({ pcm, sampleRateHz }, stop) =>
      onSpeaker(store, (context) => {
        const buffer = new AudioBuffer({ length: Math.max(1, pcm.length), sampleRate: sampleRateHz });
        buffer.copyToChannel(Float32Array.from(pcmToFloat(pcm)), 0);
        const source = new AudioBufferSourceNode(context, { buffer });
        source.connect(context.destination);
        source.start();
        stop.addEventListener("abort", () => source.stop(), { once: true });
        return source;
      }),
  };
}

async function onSpeaker(
  store: DeviceStore,
  start: (context: AudioContext) => AudioScheduledSourceNode,
): Promise<void> {
  const context = new AudioContext({ sampleRate: VOICE_SAMPLE_RATE_HZ });
  try {
    const speaker = store.candidates("speaker")[0];
    await setSpeaker(context, speaker?.id === SYSTEM_DEFAULT_ID ? undefined : speaker?.id);
    await context.resume();
    const last = start(context);
    await new Promise((resolve) => last.addEventListener("ended", resolve, { once: true }));
  } catch (error) {
    throw new AudioProblem("sound-unavailable", { cause: error });
  } finally {
    await context.close();
  }
}

/** A third and a fifth upwards, C5 E5 G5: heard on small speakers too. */
const CHIME_HZ = [523.25, 659.25, 783.99];
const NOTE_SECONDS = 0.28;
/** −14 dBFS: as loud as the agent at its loudest, and no fright in headphones. */
const CHIME_LEVEL = 0.2;

function startChime(context: AudioContext): AudioScheduledSourceNode {
  const notes = CHIME_HZ.map((frequency, i) => {
    const startsAt = context.currentTime + 0.05 + i * NOTE_SECONDS;
    const endsAt = startsAt + NOTE_SECONDS * 2;
    const note = new OscillatorNode(context, { frequency, type: "sine" });
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(0, startsAt);
    envelope.gain.linearRampToValueAtTime(CHIME_LEVEL, startsAt + 0.02);
    envelope.gain.exponentialRampToValueAtTime(0.0005, endsAt);
    note.connect(envelope).connect(context.destination);
    note.start(startsAt);
    note.stop(endsAt);
    return note;
  });
  const last = notes.at(-1);
  if (last === undefined) throw new AudioProblem("sound-unavailable");
  return last;
}
