import type { Page } from "@playwright/test";

/** What a page of `fakeDevices` has besides. */
interface FakedWindow {
  /** Pulls the plug of everything whose label contains one of these words. */
  e2eUnplug(...words: string[]): void;
  e2ePlugBack(): void;
  /** Zeros from every open microphone, as from one with a mute switch. */
  e2eSwitchOff(isOff: boolean): void;
  /** Every sample of the agent's voice that the page sent to its loudspeaker, 48 kHz. */
  e2eSamples: Int16Array[];
}

/**
 * Chromium's fake devices under the names of a laptop with a headset, with a plug to pull: tracks end, the list gets
 * shorter, `devicechange` comes. Also keeps all that the page plays. Before the page is opened; pages that are opened
 * after the disposal have the plain devices again.
 */
export function fakeDevices(page: Page): ReturnType<Page["addInitScript"]> {
  return page.addInitScript(() => {
    const media = navigator.mediaDevices;
    const names: Record<string, string> = { "Fake Audio Input 1": "Headset", "Fake Audio Output 1": "Headset" };
    Object.assign(names, { "Fake Audio Input 2": "Laptop microphone", "Fake Audio Output 2": "Laptop speakers" });
    const tracks = new Set<MediaStreamTrack>();
    let gone: string[] = [];
    const enumerate = media.enumerateDevices.bind(media);
    const getUserMedia = media.getUserMedia.bind(media);
    const nameOf = (label: string): string => names[label] ?? label;
    const isGone = (label: string): boolean => gone.some((word) => nameOf(label).includes(word));
    media.enumerateDevices = async () =>
      (await enumerate())
        .filter(({ label, deviceId }) => deviceId !== "default" && !isGone(label))
        .map(
          ({ kind, deviceId, groupId, label }) =>
            ({ kind, deviceId, groupId, label: nameOf(label) }) as MediaDeviceInfo,
        );
    media.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints);
      for (const track of stream.getAudioTracks()) tracks.add(track);
      return stream;
    };
    const samples: Int16Array[] = [];
    const connect = AudioNode.prototype.connect as (this: AudioNode, target: AudioNode) => AudioNode;
    // The page's own recorder: unlike a script processor it loses nothing while the page is busy, and the page's policy
    // allows no other module.
    const tap = (source: AudioNode): void => {
      const options = { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" as const };
      let node: AudioWorkletNode;
      try {
        node = new AudioWorkletNode(source.context, "parley-mic", options);
      } catch {
        return; // A chime: its context has no recorder.
      }
      node.port.onmessage = ({ data }: MessageEvent<{ pcm: Int16Array }>) => void samples.push(data.pcm);
      connect.call(source, node);
    };
    Object.assign(AudioNode.prototype, {
      connect(this: AudioNode, target: AudioNode) {
        if (target instanceof AudioDestinationNode && this instanceof GainNode) tap(this);
        return connect.call(this, target);
      },
    });
    const change = (): void => void media.dispatchEvent(new Event("devicechange"));
    Object.assign(window, {
      e2eSamples: samples,
      e2eUnplug: (...words: string[]) => {
        gone = words;
        for (const track of tracks) {
          if (track.readyState !== "live" || !isGone(track.label)) continue;
          track.stop();
          track.dispatchEvent(new Event("ended"));
        }
        change();
      },
      e2eSwitchOff: (isOff: boolean) => {
        for (const track of tracks) track.enabled = !isOff;
      },
      e2ePlugBack: () => {
        gone = [];
        change();
      },
    });
  });
}

export function unplug(page: Page, ...words: string[]): Promise<void> {
  return page.evaluate((gone) => (window as unknown as FakedWindow).e2eUnplug(...gone), words);
}

export function plugBack(page: Page): Promise<void> {
  return page.evaluate(() => (window as unknown as FakedWindow).e2ePlugBack());
}

export function switchMicrophoneOff(page: Page, isOff: boolean): Promise<void> {
  return page.evaluate((off) => (window as unknown as FakedWindow).e2eSwitchOff(off), isOff);
}

/** The agent's voice since the page was opened, and the silence around it: 48 kHz, in [-1, 1). */
export async function playedSamples(page: Page): Promise<number[]> {
  return page.evaluate(() =>
    (window as unknown as FakedWindow).e2eSamples.flatMap((block) => Array.from(block, (sample) => sample / 32_768)),
  );
}
