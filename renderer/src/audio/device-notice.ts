import type { DeviceKind } from "./media-devices-port";

/** Something about the devices to tell during a conversation, which goes on. */
export interface DeviceNotice {
  code: DeviceNoticeCode;
  words: string;
  action: string;
}

export type DeviceNoticeCode =
  "mic-switched" | "speaker-switched" | "speaker-lost" | "mic-silent" | "mic-clipped" | "mic-quiet";

export type HealthCode = Extract<DeviceNoticeCode, "mic-silent" | "mic-clipped" | "mic-quiet">;

const HEALTH: Readonly<Record<HealthCode, Omit<DeviceNotice, "code">>> = {
  "mic-silent": {
    words: "The microphone gives only silence.",
    action: "Look for a mute switch on it, unmute it in the system's settings, or choose another one under Devices.",
  },
  "mic-clipped": {
    words: "Your microphone is too loud: the sound is cut off.",
    action: "Move away a little, or lower its level in the system's settings.",
  },
  "mic-quiet": {
    words: "Parley hardly hears you.",
    action: "Come closer, or raise the microphone's level in the system's settings.",
  },
};

export function healthNotice(code: HealthCode): DeviceNotice {
  return { code, ...HEALTH[code] };
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
