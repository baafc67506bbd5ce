import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import type { TransportConnector } from "#core/client/client-transport";
import type { Clock } from "#core/ports/clock";
import { holdConversation } from "#core/talk/talk-conversation";
import { createRecordedMicrophone } from "#core/talk/talk-microphone";
import { runParley, type ParleyRun } from "./parley-process";
import { loadSpeechClip } from "./speech-fixtures";

/** What the user of these tests says: 16 kHz, eight words. */
export const userClip = loadSpeechClip("0880");

/** A folder for files of one test file. */
export const testFolder = mkdtempSync(path.join(os.tmpdir(), "parley-app-"));

/** A configuration where no language model of this computer can answer instead of the built-in responder. */
export const builtinBrainConfig = path.join(testFolder, "orchestrator.yaml");
writeFileSync(builtinBrainConfig, "brain:\n  kind: builtin\n");

/** The built command line; what still runs at the end of the test is stopped. */
export function runInTest(args: readonly string[], env: Record<string, string | undefined> = {}): ParleyRun {
  const started = runParley(args, { env });
  onTestFinished(() => started.stop());
  return started;
}

export interface StartedApp {
  run: ParleyRun;
  url: string;
  token: string;
}

export async function startApp(
  env: Record<string, string | undefined> = {},
  config = builtinBrainConfig,
): Promise<StartedApp> {
  const started = runInTest(["start", "--port", "0", "--config", config], env);
  const [, host, token] = await started.printed(/http:\/\/(\S+?)\/#token=(\S+)/);
  return { run: started, url: `ws://${host}/`, token: token ?? "" };
}

type Converse = (
  app: Pick<StartedApp, "url" | "token">,
  options?: { onEvent?: (event: TalkEvent) => void },
) => Promise<{ events: TalkEvent[]; error: unknown }>;

/** The user's clip in real time, and the answer to its end. */
export function createConverse(deps: { connectTo: (url: string) => TransportConnector; clock: Clock }): Converse {
  return async (app, options = {}) => {
    const events: TalkEvent[] = [];
    const { error } = await holdConversation({
      connect: deps.connectTo(app.url),
      clock: deps.clock,
      microphone: createRecordedMicrophone({ sampleRateHz: 16_000, pcm: userClip.pcm }),
      token: app.token,
      voice: undefined,
      tailMs: 300,
      maxMs: 30_000,
      onEvent: (event) => {
        events.push(event);
        options.onEvent?.(event);
      },
    });
    return { events, error };
  };
}

export function userTexts(events: readonly TalkEvent[]): string {
  return events.flatMap((event) => (event.type === "user-transcript-end" ? [event.text] : [])).join(" ");
}

export function agentTurnEnds(events: readonly TalkEvent[]): (TalkEvent & { type: "agent-turn-end" })[] {
  return events.filter((event): event is TalkEvent & { type: "agent-turn-end" } => event.type === "agent-turn-end");
}

export function errorCodes(events: readonly TalkEvent[]): string[] {
  return events.flatMap((event) => (event.type === "error" ? [event.code] : []));
}
