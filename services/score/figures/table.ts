import type { Measure } from "./measure";

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

/** Measures for a person, one a line. The column of counts is there when any measure has one. */
export function formatMeasures(measures: Readonly<Record<string, Measure>>): string[] {
  const hasCounts = Object.values(measures).some((measure) => measure.n !== undefined);
  const pick = ([name = "", count = "", ...rest]: string[]): string[] =>
    hasCounts ? [name, count, ...rest] : [name, ...rest];
  return formatTable([HEAD, ...Object.entries(measures).map(([name, measure]) => toRow(name, measure))].map(pick));
}

const HEAD = ["MEASURE", "N", "UNIT", "VALUE", "P50", "P95", "P99", "GOAL", "HOLDS"];

function toRow(name: string, measure: Measure): string[] {
  const figures =
    "value" in measure
      ? [String(measure.value), "", "", ""]
      : ["", String(measure.p50), String(measure.p95), String(measure.p99)];
  const holds = measure.holds === undefined ? "" : measure.holds ? "yes" : "NO";
  return [name, String(measure.n ?? ""), measure.unit, ...figures, measure.goal ?? "", holds];
}
