import type { BenchmarkResult } from "./benchmark";
import { formatMeasures } from "#score/figures/table";

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
  return [`${name}, n = ${n}, commit ${commit}`, machine, "", ...formatMeasures(measures), ""].join("\n");
}
