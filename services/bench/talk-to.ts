import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import { holdConversation, type TalkOptions, type TalkResult } from "#core/talk/talk-conversation";

/** Holds a conversation in real time with the orchestrator at this ws:// address: no token, and the voice that it has set. */
export function talkTo(
  url: string,
  options: Omit<TalkOptions, "connect" | "clock" | "token" | "voice">,
): Promise<TalkResult> {
  return holdConversation({
    ...options,
    connect: createWsConnector(url),
    clock: systemClock,
    token: undefined,
    voice: undefined,
  });
}
