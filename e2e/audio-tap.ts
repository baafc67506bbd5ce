import type { Page } from "@playwright/test";

/** What left the page's master gain in 85 ms. */
export interface PlayedWindow {
  rms: number;
  peak: number;
  /** No infinity, no NaN. */
  isFinite: boolean;
}

const WINDOW_SAMPLES = 4096;
export const PLAYED_WINDOW_MS = (WINDOW_SAMPLES / 48_000) * 1000;

/**
 * Listens to whatever the page connects to its loudspeaker, without a hook in the page. Before the page is opened.
 * A script processor although it is deprecated: a worklet's module would need an address that the page's policy allows.
 */
/* eslint-disable @typescript-eslint/no-deprecated */
export async function installAudioTap(page: Page): Promise<void> {
  await page.addInitScript((windowSamples) => {
    const played: PlayedWindow[] = [];
    Object.assign(window, { e2ePlayed: played });
    const connect = AudioNode.prototype.connect as (
      this: AudioNode,
      target: AudioNode,
      ...ports: number[]
    ) => AudioNode;
    const measure = (samples: Float32Array): PlayedWindow => ({
      rms: Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length),
      peak: samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
      isFinite: samples.every(Number.isFinite),
    });
    const tap = (source: AudioNode): void => {
      const node = (source.context as AudioContext).createScriptProcessor(windowSamples, 1, 1);
      node.onaudioprocess = ({ inputBuffer }) => played.push(measure(inputBuffer.getChannelData(0)));
      connect.call(source, node);
      // It runs only while it leads somewhere; what it gives out is silence.
      connect.call(node, source.context.destination);
    };
    Object.assign(AudioNode.prototype, {
      connect(this: AudioNode, target: AudioNode, ...ports: number[]) {
        if (target instanceof AudioDestinationNode) tap(this);
        return connect.call(this, target, ...ports);
      },
    });
  }, WINDOW_SAMPLES);
}

/* eslint-enable @typescript-eslint/no-deprecated */

/** Everything played since the page was opened, oldest first. */
export function readPlayed(page: Page): Promise<PlayedWindow[]> {
  return page.evaluate(() => (window as unknown as { e2ePlayed: PlayedWindow[] }).e2ePlayed);
}

/** A steady tone, as the test voice speaks; a person's voice has peaks far above its level. */
export function isTone(window: PlayedWindow): boolean {
  return isAudible(window) && window.rms / window.peak > 0.6;
}

/** Loud enough to be a voice: −50 dBFS. */
export function isAudible(window: PlayedWindow): boolean {
  return window.rms > 0.003;
}
