/** Numbers in the prose of a notebook, and whether an output, a line of code or a stated source holds them. */
import { beforeAll, expect, test } from "vitest";

interface Cell {
  readonly cell_type: "markdown" | "code";
  readonly source: string;
  readonly metadata?: object;
  readonly outputs?: readonly object[];
}

let numbersOf: (markdown: string) => string[];
let unsourcedNumbers: (cells: readonly Cell[]) => { number: string; cell: number }[];

beforeAll(async () => {
  const module = "../../scripts/notebooks/numbers.mjs";
  ({ numbersOf, unsourcedNumbers } = await import(module));
});

const prose = (source: string, metadata = {}): Cell => ({ cell_type: "markdown", source, metadata });
const printing = (text: string): Cell => ({
  cell_type: "code",
  source: "show();",
  outputs: [{ data: { "text/plain": text } }],
});

test("numbers are read as written: decimals, thousands, minus signs, not those of names, formulas, code and years", () => {
  expect(numbersOf("Between −0.42 and 1,200 of 3.5 % in 2024")).toEqual(["-0.42", "1200", "3.5"]);
  expect(numbersOf("Figure 2.1, chapter 3 and equation (4): $x_5 = 0.7$, `beta = 8`, float32")).toEqual([]);
});

test("a number that an output shows, rounded as the prose rounds it or as a percentage, has its source", () => {
  const cells = [prose("The gap is 0.43 nats, 43.1 % of 0.9999."), printing("gap: 0.4312 in [0, 1]")];
  expect(unsourcedNumbers(cells)).toEqual([{ number: "0.9999", cell: 0 }]);
});

test("a cell that states its source is taken at its word, and small whole numbers are words", () => {
  expect(unsourcedNumbers([prose("a rate of 0.77", { source: "Smith 2020" })])).toEqual([]);
  expect(unsourcedNumbers([prose("three of 12 coins, all 100")])).toEqual([]);
  expect(unsourcedNumbers([prose("13 of them")])).toEqual([{ number: "13", cell: 0 }]);
});
