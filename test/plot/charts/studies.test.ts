import { expect, test } from "vitest";
import { core, plot } from "../../../lib/index.js";

interface Line {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}
const lines = (figure: plot.Figure) => figure.data as unknown as Line[];

test("a posterior slider has a figure a step, on square axes", () => {
  const step = (rho: number) => ({
    label: `${rho}`,
    title: `correlation ${rho}`,
    posteriors: {
      exact: {
        mean: [0, 0],
        covariance: core.fromRows([
          [1, rho],
          [rho, 1],
        ]),
      },
    },
  });
  const options = { name: "ρ", xTitle: "a", yTitle: "b", range: 3, start: 1 };
  const { layout, data } = plot.posteriorSlider({ ...options, steps: [step(0), step(0.5)] });
  expect(data.length).toBe(2);
  expect(data.map(({ visible }) => visible)).toEqual([false, true]);
  expect((layout.xaxis as { range: number[] }).range).toEqual([-3, 3]);
  expect((layout.title as { text: string }).text).toBe("correlation 0.5");
});

test("a slider's labels have a minus before numbers, and words keep their hyphens", () => {
  const figure = (title: string) =>
    plot.line({ title, xTitle: "x", yTitle: "y", series: [{ name: "one", x: [0, 1], y: [0, 1] }] });
  const steps = ["-0.5", "−1σ", "-", "24-hour", "0"].map((label) => ({ label, figure: figure(label) }));
  const [slider] = plot.slider({ name: "step", steps }).layout.sliders as { steps: { label: string }[] }[];
  expect(slider!.steps.map(({ label }) => label)).toEqual(["−0.5", "−1σ", "-", "24-hour", "0"]);
});

test("running means end at the mean of all draws, inside a band that narrows like one over the root", () => {
  const values = core.normals(core.key(1), 1000);
  const figure = plot.runningMeans({ title: "T", yTitle: "m", truth: 0, draws: { draws: values } });
  const [band, line] = lines(figure);
  expect(line!.x[0]).toBe(10);
  expect(line!.x.at(-1)).toBe(1000);
  expect(line!.y.at(-1)).toBeCloseTo(core.mean(values), 12);
  const sd = core.standardDeviation(values);
  expect(Math.max(...band!.y)).toBeCloseTo((2 * sd) / Math.sqrt(10), 12);
  expect(band!.y[40]).toBeCloseTo((2 * sd) / Math.sqrt(1000), 12);
  const few = { title: "T", yTitle: "m", truth: 0, draws: { few: new Float64Array(19) } };
  expect(() => plot.runningMeans(few)).toThrow("few");
});

test("a climb is framed about the evidence, with a step a value", () => {
  const figure = plot.climb({ title: "T", values: [-50, -40, -30], evidence: -30 });
  expect((figure.layout.yaxis as { range: number[] }).range).toEqual([-42, -28]);
  expect(lines(figure)[0]!.x).toEqual([0, 1, 2]);
});

test("a stretch shows its bars alone, in the unit asked for", () => {
  const time = [0, 1, 2, 3, 4].map((hour) => 3_600_000 * hour);
  const options = { title: "T", yTitle: "bp", time, series: { edge: [1, 2, 3, 4, 5] } };
  const [line] = lines(plot.stretch({ ...options, from: 1, to: 3, unit: 10 }));
  expect(line!.y).toEqual([20, 30]);
  expect(line!.x).toEqual(time.slice(1, 3));
  expect(() => plot.stretch({ ...options, from: 3, to: 6 })).toThrow("stretch");
});

test("the equity of the benchmark is dashed, the others are not, and an unknown benchmark is refused", () => {
  const ledger = { time: [0, 1, 2], equity: [1, 1.1, 1.2] };
  const rules = [
    { rule: "mine", ledger },
    { rule: "hold", ledger },
  ];
  const { data } = plot.ruleEquity({ title: "T", rules, benchmark: "hold", drawdown: false });
  const dashes = data.map(({ name, line }) => [name, (line as { dash: string }).dash]);
  expect(new Map(dashes as [string, string][]).get("mine")).toBe("solid");
  expect(new Map(dashes as [string, string][]).get("hold")).not.toBe("solid");
  expect(() => plot.ruleEquity({ title: "T", rules, benchmark: "other" })).toThrow("other");
});

test("the drawing of a VAE has five columns, with a box for the decoder and one a head", () => {
  const options = { title: "T", hours: 60, features: 7, encoder: [64, 32], latents: 8 };
  const { layout } = plot.vaeDiagram({
    ...options,
    heads: { return: "mean, variance", regime: "3 probabilities" },
  });
  const texts = JSON.stringify(layout.annotations);
  for (const text of [
    "60 hours of",
    "7 features",
    "64 and 32 units",
    "8 of each",
    "decoder",
    "3 probabilities",
  ])
    expect(texts).toContain(text);
});

test("the KL figure has a line a dimension over epochs counted from one, of the first network", () => {
  const kl = [
    [0, 1, 5, 5],
    [0.5, 2, 5, 5],
  ];
  const drawn = lines(plot.latentKl({ title: "T", kl, latents: 2 }));
  expect(drawn.map(({ name }) => name)).toEqual(["z1", "z2"]);
  expect(drawn[1]!.x).toEqual([1, 2]);
  expect(drawn[1]!.y).toEqual([1, 2]);
  expect(() => plot.latentKl({ title: "T", kl: [[1, 2, 3]], latents: 2 })).toThrow("kl[0]");
});

test("groups of windows keep their values, the first behind in grey", () => {
  const series = plot.windowGroups({ real: { values: [[1], [2]] }, drawn: { values: [[3]] } });
  expect(series.map(({ name, values }) => [name, Array.from(values)])).toEqual([
    ...[
      ["real", [1]],
      ["real", [2]],
      ["drawn", [3]],
    ],
  ]);
  expect(series[0]!.colour).toBe("#999999");
  expect(series[2]!.colour).not.toBe("#999999");
});

test("histograms leave out what lies outside the range, a panel a quantity", () => {
  const options = { title: "T", xTitle: "x", xRange: [-1, 1] as const, bins: 10 };
  const draws = { inside: [-0.5, 0, 0.5], some: [-0.5, 0.5, 40] };
  const { data, layout } = plot.histograms({ ...options, draws, reference: { at: 0, label: "truth" } });
  expect(data.length).toBe(2);
  expect(Math.max(...(data[1] as unknown as Line).x)).toBeLessThan(0.6);
  expect(layout.shapes).toHaveLength(2);
});

test("powers start at one and grow as they are called", () => {
  const options = { title: "T", xTitle: "rows", yTitle: "operations", sizes: [100, 1000] };
  const [constant, cubic] = lines(plot.powers({ ...options, powers: { a: 0, b: 3 } }));
  expect(constant!.y).toEqual([1, 1]);
  expect(cubic!.y[1]).toBeCloseTo(1000, 9);
  expect(cubic!.name).toBe("b: N to the power 3");
});
