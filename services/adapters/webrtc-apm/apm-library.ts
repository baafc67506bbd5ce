import type * as Bindings from "@livekit/rtc-ffi-bindings";
import { AppError } from "#contracts/errors";
import type { Disposable } from "#core/lifecycle/disposable";

/** 10 ms at 16 kHz: all that the library takes. */
export const APM_FRAME_SAMPLES = 160;
const FRAME = { size: APM_FRAME_SAMPLES * Int16Array.BYTES_PER_ELEMENT, sampleRate: 16_000, numChannels: 1 };

/** WebRTC's audio processing with its echo canceller (AEC3) alone: no noise suppression, no gain control, no filter. */
export interface ApmStream extends Disposable {
  /** What was played; to be filled before `run`. */
  readonly far: Int16Array;
  /** The microphone, and what is left of it after `run`. */
  readonly near: Int16Array;
  /** One frame. */
  run(): void;
}

export interface ApmLibrary {
  /** `delayMs`: from `far` to its echo in `near`, as far as it is known; the library looks for it itself. */
  open(options: { delayMs: number }): ApmStream;
}

/**
 * Loads the native library; rejects with `echo-canceller-missing`. The audio processing needs none of the library's
 * threads, so that it is never initialised: that would keep the process alive.
 */
export async function loadApmLibrary(
  load: () => Promise<typeof Bindings> = () => import("@livekit/rtc-ffi-bindings"),
): Promise<ApmLibrary> {
  try {
    const bindings = await load();
    return { open: ({ delayMs }) => openStream(bindings, delayMs) };
  } catch (error) {
    throw new AppError("echo-canceller-missing", { cause: error });
  }
}

type Message = Bindings.FfiRequest["message"];

function openStream(bindings: typeof Bindings, delayMs: number): ApmStream {
  const handle = new bindings.FfiHandle(createApm(bindings));
  const far = new Int16Array(APM_FRAME_SAMPLES);
  const near = new Int16Array(APM_FRAME_SAMPLES);
  const encode = (message: Message): Uint8Array => new bindings.FfiRequest({ message }).toBinary();
  const frameAt = (samples: Int16Array) => ({
    ...FRAME,
    apmHandle: handle.handle,
    dataPtr: bindings.livekitRetrievePtr(new Uint8Array(samples.buffer)),
  });
  // The memory of an array of this size never moves, so that its address is asked for once.
  const requests = [
    encode({ case: "apmProcessReverseStream", value: new bindings.ApmProcessReverseStreamRequest(frameAt(far)) }),
    encode({
      case: "apmSetStreamDelay",
      value: new bindings.ApmSetStreamDelayRequest({ apmHandle: handle.handle, delayMs }),
    }),
    encode({ case: "apmProcessStream", value: new bindings.ApmProcessStreamRequest(frameAt(near)) }),
  ];
  let isDisposed = false;
  return {
    far,
    near,
    run() {
      // The library would write through a handle that is gone.
      if (isDisposed) throw new AppError("internal", { detail: "the echo canceller's stream is over" });
      for (const request of requests) {
        const { value } = bindings.FfiResponse.fromBinary(bindings.livekitFfiRequest(request)).message;
        if (value !== undefined && "error" in value && value.error !== undefined)
          throw new AppError("internal", { detail: `audio processing: ${JSON.stringify(value.error)}` });
      }
    },
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      handle.dispose();
    },
  };
}

function createApm(bindings: typeof Bindings): bigint {
  const value = new bindings.NewApmRequest({
    echoCancellerEnabled: true,
    gainControllerEnabled: false,
    highPassFilterEnabled: false,
    noiseSuppressionEnabled: false,
  });
  const request = new bindings.FfiRequest({ message: { case: "newApm", value } });
  const { message } = bindings.FfiResponse.fromBinary(bindings.livekitFfiRequest(request.toBinary()));
  const id = message.case === "newApm" ? message.value.apm?.handle?.id : undefined;
  if (id === undefined) throw new AppError("internal", { detail: "no audio processing could be opened" });
  return id;
}
