import { AudioProblem, micProblem } from "./audio-problem";
import type { MicrophoneRequest, OpenMicrophone } from "./microphone-keeper";
import { MIC_PROCESSOR, type MicPcm } from "./worklet-messages";

/** Asks the person for the microphone. The context's mic worklet must be loaded. */
export async function openBrowserMicrophone(
  context: AudioContext,
  request: MicrophoneRequest,
): Promise<OpenMicrophone> {
  const stream = await requestStream(request);
  const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
  const node = new AudioWorkletNode(context, MIC_PROCESSOR, {
    numberOfOutputs: 0,
    channelCount: 1,
    channelCountMode: "explicit",
  });
  node.port.onmessage = ({ data }: MessageEvent<MicPcm>) => request.onPcm(data.pcm, data.isZero);
  source.connect(node);
  const [track] = stream.getAudioTracks();
  track?.addEventListener("ended", () => request.onEnded());
  return {
    label: track?.label ?? "",
    deviceId: track?.getSettings().deviceId ?? "",
    close: () => {
      source.disconnect();
      node.port.onmessage = null;
      for (const each of stream.getTracks()) each.stop();
    },
  };
}

async function requestStream({ deviceId, processing }: MicrophoneRequest): Promise<MediaStream> {
  if (!window.isSecureContext) throw new AudioProblem("mic-insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { ...processing, channelCount: 1, ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }) },
    });
  } catch (error) {
    throw micProblem(error);
  }
}
