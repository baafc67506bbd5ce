import type { ConversationRecord, KeptConversation, KeptMessage } from "#contracts/recording/kept-conversation";

export const EXPORT_FORMATS = ["markdown", "json"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedFile {
  name: string;
  mimeType: string;
  text: string;
}

export function exportConversation(record: ConversationRecord, format: ExportFormat): ExportedFile {
  return format === "markdown" ? toMarkdown(record) : toJson(record);
}

/** For people: who said what and when; words that were not heard are struck out. */
function toMarkdown(record: ConversationRecord): ExportedFile {
  const about = `${record.startedAt} · ${escapeMarkdown(record.brainLabel)} · voice ${escapeMarkdown(record.voice)}`;
  const text = [`# ${escapeMarkdown(record.title) || "Without words"}`, about, ...record.messages.map(toLine)];
  return { name: `${fileStem(record)}.md`, mimeType: "text/markdown", text: `${text.join("\n\n")}\n` };
}

function toLine({ role, text, unheardText, isInterrupted, atMs }: KeptMessage): string {
  const unheard = escapeMarkdown(unheardText ?? "");
  const words = [
    escapeMarkdown(text),
    ...(isInterrupted === true ? ["_(interrupted)_"] : []),
    ...(unheard === "" ? [] : [`~~${unheard}~~`]),
  ].filter(Boolean);
  return `**${role === "user" ? "You" : "Parley"}** (${clockOf(atMs)}): ${words.join(" ")}`;
}

/** For programs: the record as it is shown. */
function toJson(record: ConversationRecord): ExportedFile {
  return {
    name: `${fileStem(record)}.json`,
    mimeType: "application/json",
    text: `${JSON.stringify(record, undefined, 2)}\n`,
  };
}

/** What was said stays what was said, whatever signs are in it. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .trim()
    .replace(/[\\`*_~[\]<>#|]/g, "\\$&");
}

/** Minutes and seconds. */
export function clockOf(atMs: number): string {
  const seconds = Math.max(0, Math.floor(atMs / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Letters and digits only, so that it is a file name everywhere. */
function fileStem({ startedAt, title }: KeptConversation): string {
  const time = startedAt.slice(0, 16).replace(/[^0-9T]/g, "");
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return ["parley", time, words.join("-").slice(0, 40)].filter(Boolean).join("-").replace(/-$/, "");
}
