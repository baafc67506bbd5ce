import { expect, it } from "vitest";
import { leastSquares } from "./least-squares";

it("finds the weights that made the targets", () => {
  const rows = [
    [1, 2, 0],
    [1, 5, 3],
    [1, 1, 7],
    [1, 4, 4],
  ];
  const weights = leastSquares(
    rows,
    rows.map(([a = 0, b = 0, c = 0]) => 10 * a + 2 * b + 0.5 * c),
  );
  [10, 2, 0.5].forEach((weight, index) => expect(weights[index]).toBeCloseTo(weight, 6));
});
it("refuses rows that say nothing of a weight", () => {
  expect(() =>
    leastSquares(
      [
        [1, 1],
        [1, 1],
      ],
      [1, 1],
    ),
  ).toThrow(RangeError);
});
