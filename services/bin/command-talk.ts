import { createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { systemClock } from "#adapters/system/system-clock";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import type { TalkEvent } from "#contracts/events/talk-event";
import { AppError } from "#contracts/errors";
import { floatToPcm, pcmToFloat, concatFloat } from "#core/audio/pcm";
import { readMonoWav, type MonoWav } from "#core/audio/wav";
import { print, printJson } from "./cli-output";
import { loadOrchestratorConfig } from "./own-config";
import { startHost } from "./start-host";
import { createRecord, writeRecord } from "./talk-record";
import { holdConversation } from "#core/talk/talk-conversation";
import { createRecordedMicrophone } from "#core/talk/talk-microphone";

export interface TalkCommandOptions {
  in: string;
  out?: string;
  events?: string;
  record?: string;
  url?: string;
  token?: string;
  voice?: string;
  config?: string;
  tailMs: number;
  maxMs?: number;
  json?: boolean;
}

/** After the input, a conversation that does not end by itself is cut here. */
const DEFAULT_EXTRA_MS = 120_000;

/** Holds a conversation from a file, against `--url` or an embedded orchestrator and worker. */
export async function commandTalk(options: TalkCommandOptions): Promise<void> {
  const input = readMonoWav(await readInput(options.in));
  const target =
    options.url === undefined
      ? await startEmbedded(options)
      : { url: options.url, token: options.token, stop: () => Promise.resolve() };
  try {
    await talk(options, { input, ...target });
  } finally {
    await target.stop();
  }
}

async function readInput(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new AppError("file-unreadable", { detail: path, cause: error });
  }
}

async function startEmbedded(
  options: TalkCommandOptions,
): Promise<{ url: string; token: string | undefined; stop(): Promise<void> }> {
  const config = await loadOrchestratorConfig(options.config);
  const log = createPinoLogger({ level: "error", service: "talk" });
  const configArgs = options.config === undefined ? [] : ["--config", options.config];
  const started = await startHost({
    config,
    token: options.token,
    log,
    workerArgs: ["--port", "0", "--quiet"],
    orchestratorArgs: [...configArgs, "--port", "0", "--host", "127.0.0.1", "--quiet"],
  });
  return { url: `ws://127.0.0.1:${started.port}/`, token: options.token, stop: () => started.host.stop() };
}

async function talk(
  options: TalkCommandOptions,
  target: { input: MonoWav; url: string; token: string | undefined },
): Promise<void> {
  const { input } = target;
  const inputMs = (input.pcm.length * 1000) / input.sampleRateHz;
  const events = options.events === undefined ? undefined : await openEvents(options.events);
  if (options.record !== undefined) await createRecord(options.record);
  const seen: TalkEvent[] = [];
  let startedAt = systemClock.wallTime();
  const { recording, error } = await holdConversation({
    connect: createWsConnector(target.url),
    clock: systemClock,
    microphone: createRecordedMicrophone(input),
    token: target.token,
    voice: options.voice,
    tailMs: options.tailMs,
    maxMs: options.maxMs ?? inputMs + DEFAULT_EXTRA_MS,
    onEvent: (event) => {
      if (event.type === "session-started") startedAt = systemClock.wallTime();
      seen.push(event);
      events?.write(`${JSON.stringify(event)}\n`);
      if (options.json !== true) printTurn(event);
    },
  });
  if (events !== undefined) {
    events.end();
    await once(events, "close");
  }
  if (options.out !== undefined) await writeOutput(options.out, recording.toWav(await toSpeakerRate(input)));
  if (options.record !== undefined) {
    const config = await loadOrchestratorConfig(options.config);
    await writeRecord(options.record, { input, agentPcm: recording.agentPcm, events: seen, startedAt, config });
  }
  if (error !== undefined) throw error;
  if (options.json === true) printJson(summarise(seen));
}

async function openEvents(path: string): Promise<ReturnType<typeof createWriteStream>> {
  const stream = createWriteStream(path);
  try {
    await once(stream, "open");
  } catch (error) {
    throw new AppError("file-unreadable", { detail: path, cause: error });
  }
  return stream;
}

async function writeOutput(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes);
  } catch (error) {
    throw new AppError("file-unreadable", { detail: path, cause: error });
  }
}

async function toSpeakerRate(input: MonoWav): Promise<Int16Array> {
  const resampler = (await createSpeexResamplerFactory()).create({ fromHz: input.sampleRateHz, toHz: 48_000 });
  const whole = concatFloat([resampler.process(pcmToFloat(input.pcm)), resampler.flush()]);
  resampler.dispose();
  return floatToPcm(whole);
}

function printTurn(event: TalkEvent): void {
  const at = `${(event.atMs / 1000).toFixed(2).padStart(7)} s`;
  if (event.type === "session-started") print(`${at}  ${event.brain}; voice ${event.voice}`);
  if (event.type === "user-transcript-end") print(`${at}  you:    ${event.text}`);
  if (event.type === "agent-turn-end") {
    print(
      `${at}  agent:  ${event.heardText}${event.unheardText === "" ? "" : ` [not heard: ${event.unheardText.trim()}]`}`,
    );
  }
  if (event.type === "error") print(`${at}  error:  ${event.message} [${event.code}]`);
}

interface TalkSummary {
  turns: { userText: string; heardText: string; unheardText: string; reason: string }[];
  errors: { code: string; message: string }[];
  durationMs: number;
}

function summarise(events: readonly TalkEvent[]): TalkSummary {
  const summary: TalkSummary = { turns: [], errors: [], durationMs: events.at(-1)?.atMs ?? 0 };
  let userText = "";
  for (const event of events) {
    if (event.type === "user-transcript-end") userText = event.text;
    if (event.type === "agent-turn-end") {
      summary.turns.push({
        userText,
        heardText: event.heardText,
        unheardText: event.unheardText,
        reason: event.reason,
      });
    }
    if (event.type === "error") summary.errors.push({ code: event.code, message: event.message });
  }
  return summary;
}
