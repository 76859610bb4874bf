/** Chapter 8 shows the numbers of data/real-results.json and has none of its own. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readRealResults } from "../../lib/market/readRealResults.js";
import { number } from "../../lib/plot/notebook/say.js";

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly { readonly data?: Readonly<Record<string, unknown>> }[];
}

const { cells } = JSON.parse(readFileSync(resolve("notebooks/08-real-bars.ipynb"), "utf8")) as {
  cells: Cell[];
};
const real = readRealResults(resolve("data/real-results.json"));
const sourceOf = ({ source }: Cell) => [source].flat().join("");

/** What a cell shows as text, without tags and with plain spaces. */
function shown(needle: string): string {
  const cell = cells.find((one) => one.cell_type === "code" && sourceOf(one).includes(needle));
  const texts = (cell?.outputs ?? []).flatMap(({ data = {} }) =>
    ["text/markdown", "text/html", "text/plain"].map((mime) => [data[mime] ?? ""].flat().join("")),
  );
  return texts.join("\n").replace(/<[^>]*>/g, " ");
}

/** [lowest, highest] of the numbers that a figure draws as bars. */
function drawn(title: string): number[] {
  const figures = cells.flatMap(({ outputs = [] }) =>
    outputs.flatMap(({ data = {} }) => {
      const figure = data["application/vnd.plotly.v1+json"];
      return figure ? [figure as { data: { x?: number[] }[]; layout: { title?: { text?: string } } }] : [];
    }),
  );
  const found = figures.find(({ layout }) => layout.title?.text?.replace(/<br>/g, " ").includes(title));
  return found?.data[0]?.x ?? [];
}

test("the sentence of the answer has the best variant and its numbers from the file", () => {
  const { best, sharpe, independent } = real.costs.survival;
  const text = shown("const survives");
  for (const part of [best, number(sharpe, 2), number(independent.probability, 2)])
    expect(text).toContain(part);
  expect(text).toContain(independent.probability >= 0.95 ? "something survives" : "nothing survives");
});

test("the sentences on β have the file's p, and each fold's elbow", () => {
  expect(shown("const { best: bestBeta")).toContain(`${number(100 * real.beta.p, 2)} %`);
  const elbows = real.beta.folds.map(({ elbow }) => elbow).join(", ");
  expect(shown("const perFold")).toContain(`The elbow β of folds 1 to ${real.beta.folds.length}: ${elbows}.`);
});

test("the figures draw the file's numbers", () => {
  expect(drawn("Information coefficient of each β")).toEqual(real.beta.coefficients.map(({ ic }) => ic));
  expect(drawn("Sizes compared on real bars")).toEqual(real.size.gaps.map(({ difference }) => difference));
  expect(drawn("Four weekly rules after costs")).toEqual(
    real.portfolios.gaps.map(({ difference }) => difference),
  );
});

test("no cell of code states a result: none has a number with two decimals that is no constant of the method", () => {
  const method = new Set(["1.96", "0.05", "0.95", "0.01", "0.25", "54.75"]);
  const code = cells.filter((cell) => cell.cell_type === "code").map(sourceOf);
  for (const source of code)
    for (const [found] of source.matchAll(/\b\d+\.\d{2,}\b/g)) expect(method, source).toContain(found);
});
