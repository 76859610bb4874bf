/** The best position under proportional costs: limits, a closed form, and no policy that beats it. */
import { expect, test } from "vitest";
import { core, market, trading } from "../../../lib/index.js";

/** Two states, up and down, that last with probability `stay`. */
const twoStates = (mean: number, stay: number) => ({
  means: [mean, -mean],
  transitions: [stay, 1 - stay, 1 - stay, stay],
});

test("without costs the band is one point: the mean over the risk, cut to one", () => {
  const chain = { means: [-1, 0, 0.25, 3], transitions: new Array<number>(16).fill(0.25) };
  const band = trading.noTradeBand(chain, { cost: 0, risk: 0.5, positions: 21 });
  expect(Array.from(band.lower)).toEqual([-1, 0, 0.5, 1]);
  expect(Array.from(band.upper)).toEqual([-1, 0, 0.5, 1]);
});

test("a cost above all that a signal can ever earn leaves everything as it is", () => {
  const band = trading.noTradeBand(twoStates(0.1, 0.9), { cost: 2, risk: 0.01, discount: 0.9 });
  expect(Array.from(band.lower)).toEqual([-1, -1]);
  expect(Array.from(band.upper)).toEqual([1, 1]);
});

test("a lasting signal is followed just when its discounted gain exceeds the cost of turning round", () => {
  // Who never turns gains D = 2 mean Σ (discount (2 stay − 1))^k by being long rather than short in state "up"; turning costs 2 cost.
  const [mean, stay, discount] = [0.1, 0.9, 0.9];
  const border = mean / (1 - discount * (2 * stay - 1));
  const turns = (cost: number) =>
    trading.noTradeBand(twoStates(mean, stay), { cost, risk: 1e-9, discount, positions: 3 }).lower[0];
  expect(turns(0.98 * border)).toBe(1);
  expect(turns(1.02 * border)).toBe(-1);
});

test("the band grows with the cost, in every state", () => {
  const chain = twoStates(0.05, 0.95);
  const widths = [0, 0.05, 0.1, 0.2].map((cost) => {
    const { lower, upper } = trading.noTradeBand(chain, { cost, risk: 0.1 });
    return upper[0]! - lower[0]!;
  });
  for (let i = 1; i < widths.length; i++) expect(widths[i]).toBeGreaterThanOrEqual(widths[i - 1]!);
  expect(widths[3]).toBeGreaterThan(widths[0]!);
});

test("no other band of a grid earns more in a long simulation of the chain, less risk and costs", () => {
  const chain = twoStates(0.05, 0.95);
  const [cost, risk] = [0.1, 0.1];
  const states = new Int32Array(200_000);
  const u = core.uniforms(core.key("band"), states.length);
  for (let t = 1; t < states.length; t++) states[t] = u[t]! < 0.95 ? states[t - 1]! : 1 - states[t - 1]!;
  const earned = (band: { lower: Float64Array; upper: Float64Array }) => {
    const held = trading.followBand(band, states);
    return core.mean(
      held.map(
        (p, t) => p * chain.means[states[t]!]! - 0.5 * risk * p * p - cost * Math.abs(p - (held[t - 1] ?? 0)),
      ),
    );
  };
  const best = earned(trading.noTradeBand(chain, { cost, risk, discount: 0.999 }));
  const marks = [-1, -0.5, 0, 0.5, 1];
  for (const low of marks)
    for (const high of marks.filter((mark) => mark >= low)) {
      const other = { lower: Float64Array.of(low, -high), upper: Float64Array.of(high, -low) };
      expect(best).toBeGreaterThanOrEqual(earned(other) - 5e-4);
    }
});

test("a position is moved to the nearer bound, and stays where the state is not known", () => {
  const band = { lower: Float64Array.of(0.2, -1), upper: Float64Array.of(0.6, -0.4) };
  expect(Array.from(trading.followBand(band, [-1, 0, 0, 1, -1, 0]))).toEqual([0, 0.2, 0.2, -0.4, -0.4, 0.2]);
});

test("rows that do not sum to one, an even number of positions and a negative cost are refused", () => {
  const chain = twoStates(0.1, 0.9);
  expect(() => trading.noTradeBand({ means: [1], transitions: [0.9] }, { cost: 0, risk: 1 })).toThrow(
    "expected row 0 to sum to 1",
  );
  expect(() => trading.noTradeBand(chain, { cost: 0, risk: 1, positions: 4 })).toThrow("odd number");
  expect(() => trading.noTradeBand(chain, { cost: -1, risk: 1 })).toThrow("cost: expected zero or more");
});

test("a chain is counted on its first entries alone, and later ones are only given a state", () => {
  const signal = Float64Array.from({ length: 100 }, (_, t) => (t % 2 === 0 ? 1 : -1));
  const forecast = signal.map((x) => 2 * x);
  const chain = trading.fitSignalChain([signal], forecast, { bins: [2], train: 50 });
  expect(Array.from(chain.means)).toEqual([-2, 2]);
  expect(Array.from(chain.transitions)).toEqual([0, 1, 1, 0]);
  const changed = signal.map((x, t) => (t < 50 ? x : 0));
  const again = trading.fitSignalChain([changed], forecast, { bins: [2], train: 50 });
  expect(again.transitions).toEqual(chain.transitions);
  expect(
    trading.fitSignalChain([Float64Array.of(Number.NaN, 1, 2)], [0, 0, 0], { bins: [2], train: 3 }).states[0],
  ).toBe(-1);
});

test("the parts of the best forecast add up to it, and the slow one alone is autocorrelated over hours", async () => {
  const source = await market.open({ folder: "simulated", symbols: ["BTCUSDT", "ETHUSDT"], bars: 3000 });
  const [btc] = market.simulate.forecastParts(source);
  for (const t of [200, 1500, 2998])
    expect(btc!.slow[t]! + btc!.fast[t]!).toBeCloseTo(source.truth!.forecast[2 * (t + 1)]!, 14);
  expect(core.autocorrelation(btc!.slow.slice(168, 2999), 6)).toBeGreaterThan(0.5);
  expect(Math.abs(core.autocorrelation(btc!.fast.slice(168, 2999), 6))).toBeLessThan(0.15);
});

test("a band made for its costs beats, by true means, one made for free trading, and weights are causal", async () => {
  const source = await market.open({ folder: "simulated", symbols: ["BTCUSDT", "WIFUSDT"], bars: 8000 });
  const parts = market.simulate.forecastParts(source);
  const at = (costBps: number) => trading.costAwareWeights(source.bars, parts, { costBps, train: 5000 });
  const cut = (panel: core.Panel) => ({
    ...panel,
    time: panel.time.slice(200, -1),
    values: panel.values.slice(400, -2),
  });
  const rules = { blind: cut(at(0)), aware: cut(at(6)) };
  const [blind, aware] = trading.sharpeByTrueMeans(rules, source, 6);
  expect(aware!.byTrueMeans).toBeGreaterThan(0);
  expect(blind!.byTrueMeans).toBeLessThan(0);
  const free = trading.sharpeByTrueMeans(rules, source);
  expect(free[0]!.byTrueMeans).toBeGreaterThan(free[1]!.byTrueMeans);
  const earlier = trading.costAwareWeights(
    source.bars.map((b) => market.sliceBars(b, 0, 6000)),
    parts.map(({ slow, fast }) => ({ slow: slow.slice(0, 6000), fast: fast.slice(0, 6000) })),
    { costBps: 6, train: 5000 },
  );
  expect(earlier.values).toEqual(at(6).values.subarray(0, 12_000));
});
