import { expect, it } from "vitest";
import { ConversationHistory } from "./history";

it("[TT23] of the agent's words the heard ones are kept, and the unheard rest of a cut answer beside them", () => {
  const history = new ConversationHistory();
  history.addUser("Tell me a story.");
  history.addAgent({ heardText: "Once upon a", unheardText: "time.", isCutOff: true });
  history.addAgent({ heardText: "", unheardText: "", isCutOff: true });
  history.addAgent({ heardText: "", unheardText: "", isCutOff: false });
  expect(history.messages).toEqual([
    { role: "user", text: "Tell me a story." },
    { role: "agent", text: "Once upon a", isCutOff: true, unheardText: "time." },
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
