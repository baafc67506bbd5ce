import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import type { PlayDeps } from "#score/play-script";
import type { SpeechSource } from "#score/user/sound-maker";
import { withOwnHost, type OwnHost, type OwnHostContext, type OwnHostOptions } from "./own-host";
import { createRealTimeRunner } from "./real-time-runner";
import { openUserVoices } from "./user-voices";

export interface OwnParleyOptions extends OwnHostOptions {
  /** More voices for the user than those of the app. */
  addVoices?(speech: SpeechSource): Promise<SpeechSource>;
  /** As of a runner in real time. */
  stopAnswersAfterMs?: number;
}

/** A whole Parley of its own, and what a scripted user needs to talk with it in real time, for as long as `use` runs. */
export async function withOwnParley<T>(
  context: OwnHostContext,
  use: (deps: PlayDeps, host: OwnHost) => Promise<T>,
  { addVoices = (speech) => Promise.resolve(speech), stopAnswersAfterMs, ...options }: OwnParleyOptions = {},
): Promise<T> {
  const voices = await openUserVoices(context.log);
  try {
    const [speech, resamplers] = [await addVoices(voices), await createSpeexResamplerFactory()];
    const talkWith = ({ url }: OwnHost): PlayDeps => ({
      speech,
      resamplers,
      runner: createRealTimeRunner({ url, token: undefined, stopAnswersAfterMs }),
    });
    return await withOwnHost(context, (host) => use(talkWith(host), host), options);
  } finally {
    await voices.close();
  }
}
