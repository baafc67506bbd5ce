import { Metadata, status } from "@grpc/grpc-js";
import { expect, it } from "vitest";
import { fromStatus } from "./status-table";

it.each([
  [
    "No connection established. Last error: Error: connect ECONNREFUSED 127.0.0.1:9. Resolution note: ",
    "nothing listens there",
  ],
  ["No connection established. Last error: null. Resolution note: ", "there is no connection"],
  ["Connection dropped", "Connection dropped"],
])("%j is told as %j", (details, told) => {
  const { code, message } = fromStatus({ code: status.UNAVAILABLE, details, metadata: new Metadata() });
  expect(code).toBe("worker-lost");
  expect(message).toBe(`The voice worker stopped in the middle of a sentence. (${told})`);
});
