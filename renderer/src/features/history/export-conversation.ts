import type { ConversationRecord, KeptConversation } from "#contracts/protocol/admin";

export interface ExportedFile {
  name: string;
  mimeType: string;
  text: string;
}

/** For people: who said what; words that were not heard are struck out. */
export function toMarkdown(record: ConversationRecord): ExportedFile {
  const lines = record.messages.map(({ role, text, unheardText }) => {
    const unheard = unheardText?.trim() ?? "";
    const words = [escapeMarkdown(text.trim()), ...(unheard === "" ? [] : [`~~${escapeMarkdown(unheard)}~~`])];
    return `**${role === "user" ? "You" : "Parley"}:** ${words.filter(Boolean).join(" ")}`;
  });
  const text = [`# ${escapeMarkdown(record.title)}`, record.startedAt, ...lines].join("\n\n");
  return { name: `${fileStem(record)}.md`, mimeType: "text/markdown", text: `${text}\n` };
}

/** For programs: the record as it is kept. */
export function toJson(record: ConversationRecord): ExportedFile {
  return {
    name: `${fileStem(record)}.json`,
    mimeType: "application/json",
    text: `${JSON.stringify(record, undefined, 2)}\n`,
  };
}

/** What was said stays what was said, whatever signs are in it. */
function escapeMarkdown(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").replace(/[\\`*_~[\]<>#|]/g, "\\$&");
}

/** Letters and digits only, so that it is a file name everywhere. */
function fileStem({ startedAt, title }: KeptConversation): string {
  const time = startedAt.slice(0, 16).replace(/[^0-9T]/g, "");
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return ["parley", time, words.join("-").slice(0, 40)].filter(Boolean).join("-").replace(/-$/, "");
}
