import { expect, it } from "vitest";
import { ConversationHistory } from "./history";

it("[TT23] only heard words of the agent are kept, marked when cut", () => {
  const history = new ConversationHistory();
  history.addUser("Tell me a story.");
  history.addAgent({ heardText: "Once upon a", isCutOff: true });
  history.addAgent({ heardText: "", isCutOff: true });
  expect(history.messages).toEqual([
    { role: "user", text: "Tell me a story." },
    { role: "agent", text: "Once upon a", isCutOff: true },
  ]);
});

it("[TT14] a withdrawn question leaves no trace", () => {
  const history = new ConversationHistory();
  history.addUser("Tell me");
  history.withdrawUser();
  expect(history.messages).toEqual([]);
});

it("drops the oldest messages beyond its bound", () => {
  const history = new ConversationHistory({ maxMessages: 2 });
  for (const text of ["one", "two", "three"]) history.addUser(text);
  expect(history.messages.map((message) => message.text)).toEqual(["two", "three"]);
});
