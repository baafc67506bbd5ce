import { expect, it } from "vitest";
import type { TalkCommand } from "#contracts/ipc/desktop-bridge";
import { NOT_TALKING, talkItems } from "./talk-items";

const TALKING = { ...NOT_TALKING, isTalking: true, hasMicrophone: true, isMuted: true, status: "Listening" };

it("without a conversation only its start is offered", () => {
  const items = talkItems({ talk: NOT_TALKING, onCommand: () => undefined });
  expect(items.filter(({ enabled }) => enabled !== false).map(({ label }) => label)).toEqual(["Start &talking"]);
});

it("where conversations are held elsewhere nothing is", () => {
  const items = talkItems({ talk: { ...NOT_TALKING, canTalk: false }, onCommand: () => undefined });
  expect(items.filter(({ enabled }) => enabled !== false)).toEqual([]);
});

it("in a conversation everything is, as it stands", () => {
  const items = talkItems({ talk: TALKING, onCommand: () => undefined });
  expect(items.map(({ label, enabled, checked }) => [label, enabled !== false, checked])).toEqual([
    ["Stop &talking", true, undefined],
    ["&Mute", true, true],
    ["&Pause", true, false],
    ["Stop &speaking", true, undefined],
  ]);
});

it("a conversation in writing has nothing to mute", () => {
  const items = talkItems({ talk: { ...TALKING, hasMicrophone: false }, onCommand: () => undefined });
  expect(items.find(({ id }) => id === "toggle-mute")?.enabled).toBe(false);
});

it("each entry sends its own command", () => {
  const sent: TalkCommand[] = [];
  for (const { click } of talkItems({ talk: TALKING, onCommand: (command) => sent.push(command) }))
    (click as () => void)();
  expect(sent).toEqual(["toggle-talk", "toggle-mute", "toggle-pause", "stop-speaking"]);
});
