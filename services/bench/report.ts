import type { BenchmarkResult } from "./benchmark";
import type { Measure } from "./measure";

export interface BenchmarkDocument extends BenchmarkResult {
  name: string;
  /** Of the tree that was measured; "+" behind it: with changes that are not committed. */
  commit: string;
  machine: string;
}

/** Fixes the order of the keys, too. */
export function createDocument(
  subject: { name: string; commit: string; machine: string },
  result: BenchmarkResult,
): BenchmarkDocument {
  const { name, commit, machine } = subject;
  return { name, commit, machine, n: result.n, measures: result.measures };
}

/** The document for a person: a head line and a table. */
export function formatDocument(document: BenchmarkDocument): string {
  const { name, commit, machine, n, measures } = document;
  const rows = Object.entries(measures).map(([measure, figures]) => toRow(measure, figures));
  return [`${name}, n = ${n}, commit ${commit}`, machine, "", ...formatTable([HEAD, ...rows]), ""].join("\n");
}

const HEAD = ["MEASURE", "UNIT", "VALUE", "P50", "P95", "P99", "GOAL", "HOLDS"];

function toRow(name: string, measure: Measure): string[] {
  const figures =
    "value" in measure
      ? [String(measure.value), "", "", ""]
      : ["", String(measure.p50), String(measure.p95), String(measure.p99)];
  const holds = measure.holds === undefined ? "" : measure.holds ? "yes" : "NO";
  return [name, measure.unit, ...figures, measure.goal ?? "", holds];
}

/** Columns padded to their widest cell. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const columnCount = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columnCount }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
