import { expect, it } from "vitest";
import { single, spread } from "#score/figures/measure";
import { createDocument, formatDocument } from "./report";

const subject = { name: "asr", commit: "abc1234", machine: "some CPU, 2 cores, 8 GB, Node 20.20.0" };
const measures = {
  "word error rate": single("ratio", 0.02, { atMost: 0.06 }),
  "final transcript": spread("ms", [40, 90], { of: "p95", limits: { atMost: 80 } }),
};

it("the document has exactly the agreed keys", () => {
  const document = createDocument(subject, { n: 10, measures });
  expect(JSON.stringify(document)).toBe(
    JSON.stringify({
      ...subject,
      n: 10,
      measures: {
        "word error rate": { unit: "ratio", value: 0.02, goal: "<= 0.06", holds: true },
        "final transcript": { unit: "ms", p50: 40, p95: 90, p99: 90, goal: "p95 <= 80", holds: false },
      },
    }),
  );
});

it("the table shows every measure in columns and marks what does not hold", () => {
  const lines = formatDocument(createDocument(subject, { n: 10, measures })).split("\n");
  expect(lines).toEqual([
    "asr, n = 10, commit abc1234",
    "some CPU, 2 cores, 8 GB, Node 20.20.0",
    "",
    "MEASURE           UNIT   VALUE  P50  P95  P99  GOAL       HOLDS",
    "word error rate   ratio  0.02                  <= 0.06    yes",
    "final transcript  ms            40   90   90   p95 <= 80  NO",
    "",
  ]);
});
