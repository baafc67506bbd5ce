import type { Disposable } from "#core/lifecycle/disposable";
import type { MicrophoneEvents } from "./audio-engine";
import { AudioProblem, micProblem } from "./audio-problem";
import { MIC_PROCESSOR, type MicPcm } from "./worklet-messages";

const CONSTRAINTS = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
} satisfies MediaStreamConstraints;

/** Asks the person for the microphone. The context's mic worklet must be loaded. */
export async function openBrowserMicrophone(context: AudioContext, events: MicrophoneEvents): Promise<Disposable> {
  const stream = await requestStream();
  const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
  const node = new AudioWorkletNode(context, MIC_PROCESSOR, {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: "explicit",
  });
  node.port.onmessage = ({ data }: MessageEvent<MicPcm>) => events.onPcm(data);
  source.connect(node);
  for (const track of stream.getAudioTracks()) track.addEventListener("ended", () => events.onLost());
  return {
    dispose: () => {
      source.disconnect();
      node.port.onmessage = null;
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

async function requestStream(): Promise<MediaStream> {
  if (!window.isSecureContext) throw new AudioProblem("mic-insecure");
  try {
    return await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
  } catch (error) {
    throw micProblem(error);
  }
}
