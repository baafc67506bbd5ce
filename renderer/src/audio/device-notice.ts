import { MIC_HEALTH_WORDS, type MicHealthCode } from "#contracts/protocol/mic-notice";
import type { DeviceKind } from "./media-devices-port";

/** Something about the devices to tell during a conversation, which goes on. */
export interface DeviceNotice {
  code: DeviceNoticeCode;
  words: string;
  action: string;
}

export type DeviceNoticeCode = "mic-switched" | "speaker-switched" | "speaker-lost" | MicHealthCode;

export function healthNotice(code: MicHealthCode): DeviceNotice {
  return { code, ...MIC_HEALTH_WORDS[code] };
}

/** `reason`: why the earlier one is not used any more. */
export function switchedNotice(
  kind: DeviceKind,
  change: { from: string; to: string; reason: "gone" | "busy" },
): DeviceNotice {
  const code = kind === "microphone" ? "mic-switched" : "speaker-switched";
  const why = change.reason === "gone" ? `${change.from} gone.` : `${change.from} is in use by another program.`;
  return { code, words: why, action: `Using ${change.to}.` };
}

export function speakerLostNotice(from: string): DeviceNotice {
  return {
    code: "speaker-lost",
    words: `${from} gone, and there is no other speaker.`,
    action: "Connect one. The answer waits for it.",
  };
}
