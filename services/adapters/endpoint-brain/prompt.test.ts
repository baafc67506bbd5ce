import { expect, it } from "vitest";
import type { BrainMessage } from "#core/ports/brain";
import { toPrompt } from "./prompt";

it("tells the model in the user's next message where it was cut off", () => {
  const { messages } = toPrompt("S", [
    { role: "user", text: "Tell me a story." },
    { role: "agent", text: "Once upon a time there lived a fox", isCutOff: true, unheardText: "who was sly. " },
    { role: "user", text: "Stop." },
  ]);
  expect(messages).toEqual([
    { role: "user", content: "Tell me a story." },
    { role: "assistant", content: "Once upon a time there lived a fox —" },
    {
      role: "user",
      content:
        '(I cut you off; the last that I heard was: "a time there lived a fox" I did not hear: "who was sly.")\nStop.',
    },
  ]);
});
it("takes turns strictly: merges messages of one side, and leaves out empty ones", () => {
  const { messages } = toPrompt("S", [
    { role: "user", text: "One." },
    { role: "agent", text: "", isCutOff: true },
    { role: "user", text: "Two." },
    { role: "agent", text: "Three." },
    { role: "agent", text: "Four." },
    { role: "user", text: "Five." },
  ]);
  expect(messages).toEqual([
    { role: "user", content: "One.\n(I cut in before you had said anything.)\nTwo." },
    { role: "assistant", content: "Three.\nFour." },
    { role: "user", content: "Five." },
  ]);
});
it("begins with the user: what the agent said first goes to the system prompt", () => {
  const prompt = toPrompt("S", [
    { role: "agent", text: "Hello, I am Parley." },
    { role: "user", text: "Hi." },
  ]);
  expect(prompt.messages).toEqual([{ role: "user", content: "Hi." }]);
  expect(prompt.system).toBe("S\nYou have opened the conversation with: Hello, I am Parley.");
});
it("keeps the newest messages of a long conversation", () => {
  const history = Array.from({ length: 200 }, (_, index): BrainMessage => ({
    role: index % 2 === 0 ? "agent" : "user",
    text: `m${index}`,
  }));
  const { messages } = toPrompt("S", history);
  expect(messages.length).toBeLessThanOrEqual(60);
  expect(messages.at(-1)).toEqual({ role: "user", content: "m199" });
});
