import { describe, expect, test } from "vitest";
import type { Bars } from "../../../lib/core/types.js";
import { candleSliderFigure } from "../../../lib/plot/charts/prices/candleSlider.js";
import { bundleOf } from "../../../lib/plot/notebook/show.js";

const day = (to: number): Bars => ({
  ...{ symbol: "decoded", stepMs: 1, openTime: Float64Array.of(0, 1), volume: Float64Array.of(1, 1) },
  ...{ open: Float64Array.of(100, to), close: Float64Array.of(to, 100) },
  ...{ high: Float64Array.of(104, 104), low: Float64Array.of(96, 96) },
});
const columns = ["−3σ", "−1σ", "0σ", "1σ", "3σ"];
const rows = [
  { name: "unit 0", bars: [98, 99, 100.5, 101, 102].map(day) },
  {
    name: "unit 1",
    bars: [day(99), { ...day(99), high: Float64Array.of(120, 104) }, day(99), day(99), day(101)],
  },
  { name: "unit 2", bars: [99, 99, 99, 99, 99].map(day) },
];
const still = [0, 2, 4];
const figure = candleSliderFigure({ title: "Three units", columns, rows, still });

interface Step {
  readonly label: string;
  readonly method: string;
  readonly args: readonly [{ readonly visible: readonly boolean[] }, Readonly<Record<string, boolean>>];
}
const [slider] = figure.layout.sliders as { active: number; steps: readonly Step[] }[];
const steps = slider!.steps;
/** Axes on which a step shows candles. */
const axesAt = (step: Step) =>
  new Set(figure.data.filter((_, i) => step.args[0].visible[i]).map((trace) => String(trace.yaxis)));
const layoutOf = (axis: string) => figure.layout[axis.replace("y", "yaxis")] as Record<string, unknown>;

describe("BV-51: the slider", () => {
  test("has a step for what stands side by side and one for each column, and starts side by side", () => {
    expect(steps.map(({ label }) => label)).toEqual(["side by side", ...columns]);
    expect(steps.every(({ method }) => method === "update")).toBe(true);
    expect(slider!.active).toBe(0);
    const shown = figure.data.map((trace) => trace.visible !== false);
    expect(shown).toEqual(steps[0]!.args[0].visible);
  });

  test("says of every trace at every step whether it is shown, and shows each at one step alone", () => {
    for (const step of steps) expect(step.args[0].visible.length).toBe(figure.data.length);
    figure.data.forEach((_, i) => {
      expect(steps.filter((step) => step.args[0].visible[i]).length).toBe(1);
    });
  });

  test("shows one panel a row and still column at first, then one panel a row", () => {
    expect(steps.map((step) => axesAt(step).size)).toEqual([9, 3, 3, 3, 3, 3]);
  });

  test("keeps the axes of the steps, and the prices of a row over all columns, so that nothing jumps", () => {
    for (const step of steps.slice(2)) expect(axesAt(step)).toEqual(axesAt(steps[1]!));
    for (const step of steps)
      expect(
        Object.keys(step.args[1]).filter(
          (name) => !/^([xy]axis\d*|annotations\[\d+\])\.visible$|^xaxis\d*\.domain$/.test(name),
        ),
      ).toEqual([]);
    const ranges = [...axesAt(steps[1]!)].map((axis) => layoutOf(axis).range);
    expect(ranges).toEqual([
      [96, 104],
      [96, 120], // of a column that does not stand side by side
      [96, 104],
    ]);
    const still = [...axesAt(steps[0]!)].map((axis) => layoutOf(axis).range);
    expect(still).toEqual(ranges.flatMap((range) => [range, range, range]));
  });

  test("draws the candles of its column", () => {
    const third = figure.data.filter((_, i) => steps[3]!.args[0].visible[i]);
    expect(third[0]).toMatchObject({ name: "rose", open: [100], close: [100.5] });
  });

  test("shows the axes and titles of what it shows, and no others", () => {
    for (const [i, step] of steps.entries()) {
      const flags = Object.entries(step.args[1]);
      const seen = flags
        .filter(([name, on]) => on && name.startsWith("yaxis"))
        .map(([name]) => name.replace(".visible", ""));
      expect(new Set(seen)).toEqual(new Set([...axesAt(step)].map((axis) => axis.replace("y", "yaxis"))));
      const titles = flags.filter(([name, on]) => on && name.startsWith("annotations")).length;
      expect(titles).toBe(i === 0 ? 9 : 3);
    }
    const first = Object.entries(steps[0]!.args[1]).filter(([name]) => /^xaxis.*visible$/.test(name));
    for (const [name, on] of first)
      expect((figure.layout[name.replace(".visible", "")] as { visible?: boolean }).visible ?? true).toBe(on);
  });

  test("has no panel that lies over another one", () => {
    const home = (axis: string) => figure.layout[axis] as { domain: readonly [number, number] };
    for (const step of steps) {
      const boxes = Object.keys(figure.layout)
        .filter((name) => /^xaxis\d*$/.test(name))
        .map((name) => ({
          x: step.args[1][`${name}.domain`] as unknown as readonly [number, number],
          y: home(name.replace("x", "y")).domain,
        }))
        .filter(({ x }) => x[1] - x[0] > 0.01);
      const apart = (a: readonly [number, number], b: readonly [number, number]) =>
        a[1] <= b[0] || b[1] <= a[0];
      for (const [i, a] of boxes.entries())
        for (const b of boxes.slice(i + 1)) expect(apart(a.x, b.x) || apart(a.y, b.y)).toBe(true);
    }
  });

  test("has rose and fell in the legend once at every step that has both", () => {
    for (const step of steps) {
      const shown = figure.data.filter((trace, i) => step.args[0].visible[i] && trace.showlegend !== false);
      expect(shown.map(({ name }) => name).sort()).toEqual(["fell", "rose"]);
    }
  });
});

test("no panel has the slider that candles come with", () => {
  for (const [name, axis] of Object.entries(figure.layout))
    if (name.startsWith("xaxis")) expect(axis).toMatchObject({ rangeslider: { visible: false } });
});

test("its picture can be drawn, and has a place in the notebook's limit", async () => {
  const bundle = await bundleOf(figure);
  expect(String(bundle["image/png"]).length).toBeGreaterThan(10_000);
});

test("a column that is not there is refused", () => {
  expect(() => candleSliderFigure({ title: "x", columns, rows, still: [0, 5] })).toThrow(/5 columns, got 5/);
  const short = [{ name: "unit 2", bars: [day(99)] }];
  expect(() => candleSliderFigure({ title: "x", columns, rows: short, still })).toThrow(/unit 2/);
});
