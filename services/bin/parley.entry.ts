// The command line. Exit codes: 0 ok, 1 failed, 2 wrong usage.
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { CHECK_NAMES } from "#contracts/doctor/report";
import { Mode } from "#contracts/config/mode";
import { givenVariable } from "#core/config/given-variable";
import { ROOM_NAMES } from "#score/room/room";
import { HALVES } from "#score/user/compose-script";
import { EXPORT_FORMATS } from "#core/recording/export-conversation";
import { EXIT, exitOnSignals, print, reportFailure, outliveReaders } from "./cli-output";
import { packageVersion } from "./package-version";
import type { FleetCommandOptions } from "./command-fleet";
import type { HistoryCommandOptions, HistoryExportOptions } from "./command-history";
import type { SettingsCommandOptions } from "./command-settings";
import { CONFIG_SERVICES, type ConfigService, type ConfigShowOptions } from "./command-config";
import type { DoctorCommandOptions } from "./command-doctor";
import type { RedisAclOptions } from "./command-redis";
import type { ReplayCommandOptions } from "./command-replay";
import type { SayCommandOptions } from "./command-say";
import type { OrchestratorCommandOptions, WorkerCommandOptions } from "./command-services";
import type { ScoreCommandOptions } from "./command-score";
import type { StartCommandOptions } from "./command-start";
import type { TalkCommandOptions } from "./command-talk";

function toPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return port;
}

function toMs(text: string): number {
  const durationMs = Number(text);
  if (!Number.isFinite(durationMs) || durationMs < 0)
    throw new InvalidArgumentError("A duration is a number of milliseconds, 0 or more.");
  return durationMs;
}

function toMinutes(text: string): number {
  const minutes = Number(text);
  if (!Number.isFinite(minutes) || minutes <= 0) throw new InvalidArgumentError("A number of minutes above 0.");
  return minutes;
}

function toSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError("A seed is a whole number.");
  return seed;
}

function collect(text: string, earlier: readonly string[]): string[] {
  return [...earlier, text];
}

/** Runs a command and turns a failure into words and exit code 1. */
async function run(command: Promise<void>, options: { json?: boolean } = {}): Promise<void> {
  try {
    await command;
    process.exitCode = EXIT.ok;
  } catch (error) {
    reportFailure(error, { isJson: options.json === true });
    process.exitCode = EXIT.failed;
  }
}

const REDIS_URL_HELP =
  "Redis of the fleet (default: REDIS_URL, the configuration, or the Parley running on this computer)";
const PROFILE_HELP = "what configs/profiles/NAME.yaml says goes before the configuration (default: PARLEY_PROFILE)";
const SET_HELP = "decide a key of the configuration, for instance log.level=debug; repeatable";
const JSON_HELP = "print one JSON document and nothing else";

outliveReaders();
exitOnSignals();

const program = new Command("parley")
  .description("Full-duplex voice chat: talk to it, be answered by voice, cut in at any moment.")
  .option("-V, --version", "print the version")
  .on("option:version", () => {
    print(packageVersion());
    process.exit(EXIT.ok);
  })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.usage))
  .showHelpAfterError();

program
  .command("start")
  .description("the app: everything on this computer")
  .option("--config <file>", "orchestrator configuration (default: configs/orchestrator.yaml)")
  .option("--profile <name>", PROFILE_HELP)
  .option("--browser", "serve the page to a browser, open no window")
  .option("--port <port>", "port of the page in a browser (default: 8080, or a free one)", (text) =>
    String(toPort(text)),
  )
  .addOption(
    new Option(
      "--mode <mode>",
      "full, client (voices of the fleet alone), or worker (a voice for others; no conversations)",
    ).choices(Mode.options),
  )
  .option(
    "--advertise <host:port>",
    "let other computers use this one's voice, at this address; needs PARLEY_TOKEN and a shared Redis",
  )
  .option("--no-sandbox", "open the window without Chromium's sandbox, as root must")
  .action((options: StartCommandOptions) => run(import("./command-start").then((its) => its.commandStart(options))));

program
  .command("orchestrator")
  .description("headless orchestrator; serves the page too")
  .option("--config <file>", "configuration file (default: configs/orchestrator.yaml)")
  .option("--profile <name>", PROFILE_HELP)
  .option("--set <key=value>", SET_HELP, collect, [])
  .option("--port <port>", "port to listen on, 0 for any free one (default: 8080)", toPort)
  .option("--host <address>", "address to listen on (default: 127.0.0.1); others need PARLEY_TOKEN")
  .action((options: OrchestratorCommandOptions) =>
    run(import("./command-services").then((its) => its.commandOrchestrator(options))),
  );

program
  .command("worker")
  .description("headless speech worker: registers, heartbeats, drains on SIGTERM")
  .option("--config <file>", "configuration file (default: configs/worker.yaml)")
  .option("--profile <name>", PROFILE_HELP)
  .option("--set <key=value>", SET_HELP, collect, [])
  .option("--port <port>", "port to listen on, 0 for any free one (default: 7001)", toPort)
  .option("--host <address>", "address to listen on (default: 127.0.0.1); others need PARLEY_TOKEN")
  .option("--name <name>", "name in the fleet (default: made from this computer's name)")
  .option("--redis-url <url>", REDIS_URL_HELP)
  .option("--advertise <host:port>", "address under which orchestrators reach it (default: as bound, or found)")
  .option("--tls-cert <file>", "PEM file with the certificate for the advertised address: calls are carried by TLS")
  .option("--tls-key <file>", "PEM file with its key")
  .action((options: WorkerCommandOptions) =>
    run(import("./command-services").then((its) => its.commandWorker(options))),
  );

program
  .command("talk")
  .description("hold a conversation from a WAV file, in real time")
  .requiredOption("--in <file>", "what the user says: 16-bit mono PCM WAV at 16, 44.1 or 48 kHz")
  .option("--out <file>", "stereo WAV of both sides: left the user, right what the speaker played")
  .option("--events <file>", "JSON lines of what happened, on the same clock")
  .option("--record <folder>", "new folder for both sides, the events and the settings; see `replay`")
  .option("--url <url>", "orchestrator to talk to, ws:// or wss:// (default: one is started for this)")
  .option(
    "--token <token>",
    "token of the orchestrator (default: PARLEY_TOKEN)",
    givenVariable(process.env, "PARLEY_TOKEN"),
  )
  .option("--voice <model>", "the agent's voice")
  .option("--config <file>", "configuration of the orchestrator that is started")
  .option("--tail-ms <ms>", "over when the agent has been silent for this long after the input", toMs, 3_000)
  .option("--max-ms <ms>", "over at the latest after this long (default: input + 120 s)", toMs)
  .option("--json", JSON_HELP)
  .action((options: TalkCommandOptions) =>
    run(
      import("./command-talk").then((its) => its.commandTalk(options)),
      options,
    ),
  );

program
  .command("score")
  .description("play a scripted user against Parley and say how well it takes turns")
  .option("--minutes <n>", "how long to talk", toMinutes, 5)
  .addOption(new Option("--room <room>", "where the user sits").choices(ROOM_NAMES).default("headphones"))
  .addOption(new Option("--half <half>", "which half of the scripted events").choices(HALVES).default("held-out"))
  .option("--virtual", "on a virtual clock: faster than real time, and the same each time")
  .option("--seed <n>", "another seed makes another user", toSeed, 1)
  .option("--out <folder>", "keep each conversation: what the speaker played, events, how each was judged")
  .option("--json", JSON_HELP)
  .action((options: ScoreCommandOptions) =>
    run(
      import("./command-score").then((its) => its.commandScore(options)),
      options,
    ),
  );

program
  .command("replay <folder>")
  .description("run a recorded conversation through turn-taking again, faster than real time, and say what changed")
  .option("--set <key=value>", "change a setting, for instance turn.endpointDelayMs=300; repeatable", collect, [])
  .option("--tail-ms <ms>", "over when the agent has been silent for this long after the input", toMs, 3_000)
  .option("--json", JSON_HELP)
  .action((folder: string, options: ReplayCommandOptions) =>
    run(
      import("./command-replay").then((its) => its.commandReplay(folder, options)),
      options,
    ),
  );

program
  .command("say <text>")
  .description("text to speech through the fleet")
  .requiredOption("--out <file>", "WAV file to write: 48 kHz, 16-bit mono")
  .option("--voice <model>", "voice to speak with (see `models list`)")
  .option("--redis-url <url>", REDIS_URL_HELP)
  .option("--json", JSON_HELP)
  .action((text: string, options: SayCommandOptions) =>
    run(
      import("./command-say").then((its) => its.commandSay(text, options)),
      options,
    ),
  );

const workers = program.command("workers").description("the speech workers of the fleet");
workers
  .command("list", { isDefault: true })
  .description("all workers with state, load and voices")
  .option("--redis-url <url>", REDIS_URL_HELP)
  .option("--json", JSON_HELP)
  .action((options: FleetCommandOptions) =>
    run(
      import("./command-fleet").then((its) => its.commandWorkersList(options)),
      options,
    ),
  );
workers
  .command("drain <name>")
  .description("the worker takes nothing new and finishes what it speaks")
  .option("--redis-url <url>", REDIS_URL_HELP)
  .option("--json", JSON_HELP)
  .action((name: string, options: FleetCommandOptions) =>
    run(
      import("./command-fleet").then((its) => its.commandWorkersDrain(name, options)),
      options,
    ),
  );
workers
  .command("undrain <name>")
  .description("the worker serves again")
  .option("--redis-url <url>", REDIS_URL_HELP)
  .option("--json", JSON_HELP)
  .action((name: string, options: FleetCommandOptions) =>
    run(
      import("./command-fleet").then((its) => its.commandWorkersUndrain(name, options)),
      options,
    ),
  );

const redis = program.command("redis").description("the Redis of the fleet");
redis
  .command("acl")
  .description("the line for users.acl that gives a Redis user just the rights that Parley needs")
  .option("--user <name>", "name of the user", "parley")
  .option("--password-file <file>", "put the hash of this file's password into the line")
  .option("--json", JSON_HELP)
  .action((options: RedisAclOptions) =>
    run(
      import("./command-redis").then((its) => its.commandRedisAcl(options)),
      options,
    ),
  );

program
  .command("doctor")
  .description("what keeps Parley from working on this computer, and the command that mends it")
  .option("--config <file>", "orchestrator configuration (default: configs/orchestrator.yaml)")
  .option("--profile <name>", PROFILE_HELP)
  .addOption(new Option("--only <check>", "one check alone").choices(CHECK_NAMES))
  .option("--json", JSON_HELP)
  .action((options: DoctorCommandOptions) =>
    run(
      import("./command-doctor").then((its) => its.commandDoctor(options)),
      options,
    ),
  );

program
  .command("config")
  .description("what the configuration is, and who decided each key; secrets are not shown")
  .addArgument(new Argument("[service]", "whose").choices(CONFIG_SERVICES).default("orchestrator"))
  .option("--config <file>", "configuration file (default: that of the service in configs/)")
  .option("--profile <name>", PROFILE_HELP)
  .option("--set <key=value>", SET_HELP, collect, [])
  .option("--reference", "print what every key may be and means instead, as in docs/CONFIGURATION.md")
  .option("--json", JSON_HELP)
  .action((service: ConfigService, options: ConfigShowOptions) =>
    run(
      import("./command-config").then((its) => its.commandConfig(service, options)),
      options,
    ),
  );

const models = program.command("models").description("voices and where they are");
models
  .command("list", { isDefault: true })
  .description("all voices that can be spoken with")
  .option("--redis-url <url>", REDIS_URL_HELP)
  .option("--json", JSON_HELP)
  .action((options: FleetCommandOptions) =>
    run(
      import("./command-fleet").then((its) => its.commandModelsList(options)),
      options,
    ),
  );

const SETTINGS_CONFIG_HELP = "orchestrator configuration beneath them (default: configs/orchestrator.yaml)";
const settings = program
  .command("settings")
  .description("what was chosen in Settings; of the Parley that runs, else of the file alone");
settings
  .command("show", { isDefault: true })
  .description("all of them; secrets are not shown")
  .option("--config <file>", SETTINGS_CONFIG_HELP)
  .option("--json", JSON_HELP)
  .action((options: SettingsCommandOptions) =>
    run(
      import("./command-settings").then((its) => its.commandSettingsShow(options)),
      options,
    ),
  );
settings
  .command("get <key>")
  .description("one of them")
  .option("--config <file>", SETTINGS_CONFIG_HELP)
  .option("--json", JSON_HELP)
  .action((key: string, options: SettingsCommandOptions) =>
    run(
      import("./command-settings").then((its) => its.commandSettingsGet(key, options)),
      options,
    ),
  );
settings
  .command("set <key> <value>")
  .description("change one; a - takes the value from standard input, for secrets")
  .option("--config <file>", SETTINGS_CONFIG_HELP)
  .option("--json", JSON_HELP)
  .action((key: string, value: string, options: SettingsCommandOptions) =>
    run(
      import("./command-settings").then((its) => its.commandSettingsSet(key, value, options)),
      options,
    ),
  );
settings
  .command("reset <key>")
  .description("forget what was chosen; the configuration holds again (for brain.… and redis.… the whole group)")
  .option("--config <file>", SETTINGS_CONFIG_HELP)
  .option("--json", JSON_HELP)
  .action((key: string, options: SettingsCommandOptions) =>
    run(
      import("./command-settings").then((its) => its.commandSettingsReset(key, options)),
      options,
    ),
  );

const HISTORY_CONFIG_HELP = "orchestrator configuration that names the folder";
const history = program.command("history").description("the conversations that were kept on this computer");
history
  .command("list [words]", { isDefault: true })
  .description("newest first; those that hold all of the words, heard or not")
  .option("--config <file>", HISTORY_CONFIG_HELP)
  .option("--json", JSON_HELP)
  .action((words: string | undefined, options: HistoryCommandOptions) =>
    run(
      import("./command-history").then((its) => its.commandHistoryList(words, options)),
      options,
    ),
  );
history
  .command("show <id>")
  .description("what was said, as Markdown")
  .option("--config <file>", HISTORY_CONFIG_HELP)
  .option("--json", JSON_HELP)
  .action((id: string, options: HistoryCommandOptions) =>
    run(
      import("./command-history").then((its) => its.commandHistoryShow(id, options)),
      options,
    ),
  );
history
  .command("export <id>")
  .description("write it to a file")
  .addOption(new Option("--format <format>", "kind of file").choices(EXPORT_FORMATS).default("markdown"))
  .option("--out <file>", "file to write (default: named after the conversation, in this folder)")
  .option("--config <file>", HISTORY_CONFIG_HELP)
  .option("--json", JSON_HELP)
  .action((id: string, options: HistoryExportOptions) =>
    run(
      import("./command-history").then((its) => its.commandHistoryExport(id, options)),
      options,
    ),
  );
history
  .command("delete <id>")
  .description("delete it for good")
  .option("--config <file>", HISTORY_CONFIG_HELP)
  .option("--json", JSON_HELP)
  .action((id: string, options: HistoryCommandOptions) =>
    run(
      import("./command-history").then((its) => its.commandHistoryDelete(id, options)),
      options,
    ),
  );

await program.parseAsync();
