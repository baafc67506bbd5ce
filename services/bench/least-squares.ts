/**
 * Weights that bring the weighted sums of `rows` closest to `targets`, by the normal equations and Gaussian elimination.
 * Every row has as many entries as there are weights. Throws when the rows do not determine them.
 */
export function leastSquares(rows: readonly (readonly number[])[], targets: readonly number[]): number[] {
  const size = rows[0]?.length ?? 0;
  const at = (row: readonly number[] | undefined, column: number): number => row?.[column] ?? 0;
  const equations = Array.from({ length: size }, (_, i) => [
    ...Array.from({ length: size }, (_, j) => rows.reduce((sum, row) => sum + at(row, i) * at(row, j), 0)),
    rows.reduce((sum, row, index) => sum + at(row, i) * at(targets, index), 0),
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    const scale = at(equations[pivot], pivot);
    if (Math.abs(scale) < 1e-9) throw new RangeError("the measurements do not determine the weights");
    const normal = (equations[pivot] ?? []).map((value) => value / scale);
    for (let row = 0; row < size; row++) {
      const factor = at(equations[row], pivot);
      equations[row] =
        row === pivot ? normal : (equations[row] ?? []).map((value, i) => value - factor * at(normal, i));
    }
  }
  return equations.map((equation) => at(equation, size));
}
