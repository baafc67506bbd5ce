import { expect, test } from "vitest";
import type { ConversationRecord } from "#contracts/protocol/admin";
import { ConversationRecord as ConversationSchema } from "#contracts/protocol/admin";
import { parseJsonWith } from "#contracts/parse";
import { toJson, toMarkdown } from "./export-conversation";

const RECORD: ConversationRecord = {
  id: "a",
  startedAt: "2026-03-02T10:15:00.000Z",
  title: "What is *this*? ../../etc",
  turnCount: 1,
  messages: [
    { role: "user", text: "What is *this*?\nTell me.", at: "2026-03-02T10:15:04.000Z" },
    { role: "agent", text: "A star", unheardText: " and <b>more</b>.", at: "2026-03-02T10:15:05.000Z" },
  ],
};

test("Markdown tells who said what, and strikes out what was not heard", () => {
  expect(toMarkdown(RECORD).text).toBe(
    [
      "# What is \\*this\\*? ../../etc",
      "2026-03-02T10:15:00.000Z",
      "**You:** What is \\*this\\*? Tell me.",
      "**Parley:** A star ~~and \\<b\\>more\\</b\\>.~~",
      "",
    ]
      .join("\n\n")
      .replace(/\n\n$/, "\n"),
  );
});

test("an answer of which nothing was heard is all struck out", () => {
  const record = { ...RECORD, messages: [{ role: "agent" as const, text: "", unheardText: "Never said", at: "" }] };
  expect(toMarkdown(record).text).toContain("**Parley:** ~~Never said~~");
});

test("JSON is the record itself", () => {
  expect(parseJsonWith(ConversationSchema, toJson(RECORD).text)).toEqual({ ok: true, value: RECORD });
});

test("the file's name holds nothing but letters, digits and lines", () => {
  expect(toMarkdown(RECORD).name).toBe("parley-20260302T1015-what-is-this-etc.md");
  expect(toJson({ ...RECORD, title: "…", startedAt: "" }).name).toBe("parley.json");
});
