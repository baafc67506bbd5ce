import { expect, it } from "vitest";
import { parseCpuMs, parseParentPid, parseRssMb } from "./process-figures";

const stat = "4242 (node (a) b) S 17 4242 4242 0 -1 4194304 9000 0 3 0 250 75 0 0 20 0 11 0 1000 1 2 3";

it("resident memory is in megabytes of a million bytes", () => {
  expect(parseRssMb("Name:\tnode\nVmHWM:\t  99999 kB\nVmRSS:\t  100000 kB\n")).toBeCloseTo(102.4, 6);
});
it("a process that has ended has none", () => {
  expect(() => parseRssMb("Name:\tnode\nState:\tZ (zombie)\n")).toThrow("ended");
});
it("CPU time is user and system time together, behind a name with brackets and spaces", () => {
  expect(parseCpuMs(stat)).toBe(3250);
});
it("the parent is found behind such a name too", () => {
  expect(parseParentPid(stat)).toBe(17);
});
