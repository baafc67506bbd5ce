import { expect, it } from "vitest";
import { readHistogram, readValue } from "./prometheus-text";

const text = `# TYPE wait_ms histogram
wait_ms_bucket{le="10"} 1
wait_ms_sum 120.5
wait_ms_count 3
wait_ms_more_sum 7
queue_length 4
queue_length_max 9
`;

it("reads sum and count of the named histogram only", () => {
  expect(readHistogram(text, "wait_ms")).toEqual({ sum: 120.5, count: 3 });
});
it("says when it is not there", () => {
  expect(() => readHistogram(text, "wait")).toThrow("wait_sum");
});
it("reads a value by its whole name", () => {
  expect(readValue(text, "queue_length")).toBe(4);
  expect(() => readValue(text, "queue")).toThrow("queue");
});
