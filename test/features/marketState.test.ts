import { expect, test } from "vitest";
import { core, features, market } from "../../lib/index.js";

const symbols = ["AUSDT", "BUSDT", "CUSDT"];
const { bars } = market.simulate.simulate({ symbols, bars: 300, key: core.key("state") });
const options = { window: 20, fitOn: 0.7, components: 2 };

test("changing tomorrow's bars leaves today's state as it was", () => {
  const before = features.marketState(bars, options);
  const changed = bars.map((b) => ({ ...b, close: b.close.map((v, t) => (t > 250 ? 2 * v : v)) }));
  const after = features.marketState(changed, options);
  expect(before.names).toEqual(["marketVolatility", "dispersion", "marketTrend", "component1", "component2"]);
  expect(features.latestRow(after, before.time[250]!)).toEqual(features.latestRow(before, before.time[250]!));
});

test("a fraction of one is refused: components fitted on all bars would know the future", () => {
  expect(() => features.marketState(bars, { ...options, fitOn: 1 })).toThrow("(0, 1)");
});
