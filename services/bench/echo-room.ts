import { VOICE_FRAME_SAMPLES } from "#contracts/units";
import { floatToPcm } from "#core/audio/pcm";
import { WindowSplitter, type SampleWindow } from "#core/audio/window-splitter";
import { PlayedReference } from "#core/echo/played-reference";
import { ECHO_WINDOW_SAMPLES, type EchoCancellerFactory } from "#core/ports/echo-canceller";
import type { ResamplerFactory } from "#core/ports/resampler";
import { createSeededRandom } from "#core/random/seeded-random";
import { chooseRoom, Room, type RoomName } from "#score/room/room";

/** 20 ms at 16 kHz. */
const MIC_FRAME_SAMPLES = 320;
/** Frames that are at the client before it begins to play: 60 ms. */
const START_FRAMES = 3;

/** One window of 16 kHz, taken apart. */
export interface HeardWindow {
  user: Float32Array;
  /** With the microphone's noise. */
  echo: Float32Array;
  microphone: Float32Array;
  /** After the canceller. */
  rest: Float32Array;
  /** 0 while nothing is played. */
  echoLikelihood: number;
}

/** Plays the agent (48 kHz) into a room in which the user (16 kHz) speaks, and cleans what the microphone hears. */
export function hearRoom(
  deps: { cancellers: EchoCancellerFactory; resamplers: ResamplerFactory },
  sounds: { roomName: RoomName; seed: number; agent: Float32Array; user: Float32Array },
): HeardWindow[] {
  const played = new PlayedReference(deps.resamplers);
  const canceller = deps.cancellers.create(played);
  const [withUser, alone] = [openRoom(deps, sounds), openRoom(deps, sounds)];
  const splitters = { user: splitter(), echo: splitter(), microphone: splitter() };
  const heard: HeardWindow[] = [];
  const users: SampleWindow[] = [];
  const echoes: SampleWindow[] = [];
  const microphones: SampleWindow[] = [];
  const frameCount = Math.floor(sounds.agent.length / VOICE_FRAME_SAMPLES);
  for (let step = 0; step < frameCount + START_FRAMES; step++) {
    const micSample = step * MIC_FRAME_SAMPLES;
    const pcm = floatToPcm(frameOf(sounds.agent, step, VOICE_FRAME_SAMPLES));
    if (step < frameCount)
      played.frameSent({ sampleIndex: step * VOICE_FRAME_SAMPLES, pcm, isLast: step === frameCount - 1 }, micSample);
    // The frame that left the speaker during the step before is what this step hears, 20 ms later.
    const playing = step - START_FRAMES - 1;
    if (playing >= 0) played.reported((playing + 1) * VOICE_FRAME_SAMPLES, micSample);
    const user = frameOf(sounds.user, step, MIC_FRAME_SAMPLES);
    const speaker = frameOf(sounds.agent, playing, VOICE_FRAME_SAMPLES);
    users.push(...splitters.user.push(user));
    echoes.push(...splitters.echo.push(alone.hear(new Float32Array(user.length), speaker)));
    const windows = splitters.microphone.push(withUser.hear(user, speaker));
    microphones.push(...windows);
    // Windows come out in order, but not each at once.
    for (const { samples, echoLikelihood = 0 } of windows.flatMap((window) => canceller.process(window))) {
      const [near, echo, microphone] = [users.shift(), echoes.shift(), microphones.shift()];
      if (near !== undefined && echo !== undefined && microphone !== undefined)
        heard.push({
          user: near.samples,
          echo: echo.samples,
          microphone: microphone.samples,
          rest: samples,
          echoLikelihood,
        });
    }
  }
  for (const owned of [canceller, played, withUser, alone]) owned.dispose();
  return heard;
}

const splitter = (): WindowSplitter => new WindowSplitter({ windowSamples: ECHO_WINDOW_SAMPLES });

/** The same for the same seed, its noise as well. */
function openRoom(
  { resamplers }: { resamplers: ResamplerFactory },
  { roomName, seed }: { roomName: RoomName; seed: number },
): Room {
  const random = createSeededRandom(seed, `echo/${roomName}`);
  return new Room(chooseRoom(roomName, random), { random, resamplers });
}

/** Zeros before the start and behind the end. */
function frameOf(samples: Float32Array, index: number, frameSamples: number): Float32Array {
  const frame = new Float32Array(frameSamples);
  if (index >= 0) frame.set(samples.subarray(index * frameSamples, (index + 1) * frameSamples));
  return frame;
}
