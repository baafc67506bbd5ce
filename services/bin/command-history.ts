import { writeFile } from "node:fs/promises";
import { openArchive } from "#adapters/flight-recorder/flight-recorder";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { systemClock } from "#adapters/system/system-clock";
import { AppError } from "#contracts/errors";
import type { ConversationArchive } from "#core/ports/conversation-archive";
import { clockOf, exportConversation, type ExportFormat } from "#core/recording/export-conversation";
import { print, printJson } from "./cli-output";
import { recordingsFolder } from "./open-recordings";
import { loadOrchestratorConfig } from "./own-config";

export interface HistoryCommandOptions {
  config?: string;
  json?: boolean;
}

export interface HistoryExportOptions extends HistoryCommandOptions {
  format: ExportFormat;
  out?: string;
}

export function commandHistoryList(query: string | undefined, options: HistoryCommandOptions): Promise<void> {
  return withArchive(options, async (archive) => {
    const list = await archive.list(query ?? "");
    if (options.json === true) return printJson(list);
    for (const { id, durationMs, title, excerpt, isRunning } of list.conversations) {
      print(`${id}  ${clockOf(durationMs).padStart(6)}  ${title || "Without words"}${isRunning ? "  (going on)" : ""}`);
      if (excerpt !== undefined) print(`    ${excerpt}`);
    }
    if (list.conversations.length === 0) print("No conversation was found.");
    if (list.skippedCount > 0) print(`${list.skippedCount} folders could not be read and were left alone.`);
  });
}

export function commandHistoryShow(id: string, options: HistoryCommandOptions): Promise<void> {
  return withArchive(options, async (archive) => {
    const record = await archive.get(id);
    if (options.json === true) return printJson(record);
    process.stdout.write(exportConversation(record, "markdown").text);
  });
}

/** To `--out`, or to a file of the conversation's name in this folder. */
export function commandHistoryExport(id: string, options: HistoryExportOptions): Promise<void> {
  return withArchive(options, async (archive) => {
    const file = exportConversation(await archive.get(id), options.format);
    const target = options.out ?? file.name;
    try {
      await writeFile(target, file.text, { mode: 0o600 });
    } catch (error) {
      throw new AppError("file-unreadable", { detail: target, cause: error });
    }
    if (options.json === true) return printJson({ id, file: target });
    print(`Written to ${target}`);
  });
}

/** For good: the command line has nothing to take it back with. */
export function commandHistoryDelete(id: string, options: HistoryCommandOptions): Promise<void> {
  return withArchive(options, async (archive) => {
    await archive.delete(id);
    if (options.json === true) return printJson({ id, deleted: true });
    print("Deleted.");
  });
}

/** The recordings of this computer; what was deleted through it is gone when it closes. */
async function withArchive(
  options: HistoryCommandOptions,
  use: (archive: ConversationArchive) => Promise<void>,
): Promise<void> {
  const config = await loadOrchestratorConfig(options.config);
  const log = createPinoLogger({ level: "error", service: "history" });
  const archive = openArchive({ folder: recordingsFolder(config), clock: systemClock, log });
  try {
    await use(archive);
  } finally {
    await archive.close();
  }
}
