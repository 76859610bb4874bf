import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { features } from "../../lib/features/engine/featureStream.js";
import { dickeyFuller } from "../../lib/features/facts/stationarity.js";
import { crossSection } from "../../lib/features/indicators/crossSection.js";
import { standardFeatures } from "../../lib/features/indicators/standardFeatures.js";
import { windows } from "../../lib/features/windows/windows.js";
import { gaps } from "../../lib/market/bars.js";
import { clean } from "../../lib/market/clean.js";
import { listSymbols, readFolder } from "../../lib/market/files/folder.js";
import { describeMarket, openMarket } from "../../lib/market/open.js";

const data = resolve("../shared/data");
const folders = ["bybit_perp_1h", "bybit_perp_1h_mit_2025-09_2025-10", "bybit_perp_5m"];
const there = existsSync(data);

describe.skipIf(!there)(`real bars${there ? "" : " (skipped: no ../shared/data beside the project)"}`, () => {
  test.each(folders)("%s opens, is clean, and every feature and window can be computed", async (name) => {
    const folder = resolve(data, name);
    const symbols = await listSymbols(folder);
    const market = await openMarket({ folder, symbols });
    expect(describeMarket(market).length).toBe(symbols.length);
    const specs = standardFeatures(market.stepMs, { flow: false });
    for (const bars of await readFolder(folder, symbols)) {
      const { bars: grid, report } = clean(bars);
      const missing = gaps(bars).reduce((total, gap) => total + gap.missing, 0);
      const found = Object.fromEntries(report.map((r) => [r.found, r.bars]));
      expect(found).toMatchObject({
        missing,
        "bad row": 0,
        contradicted: 0,
        "off the grid": 0,
        "out of order": 0,
      });
      const panel = features(grid, specs);
      const last = panel.values.subarray(-panel.names.length);
      expect(last.filter((value) => Number.isFinite(value)).length).toBe(panel.names.length);
      const cut = windows([{ bars: grid, panel }], { length: 12, horizon: 3, stride: 12 });
      expect(cut.y.length).toBeGreaterThan(20);
    }
    const joint = crossSection(market.bars, { window: 48 });
    expect(joint.values.subarray(-joint.names.length).every(Number.isFinite)).toBe(true);
  });

  test("prices have a unit root and returns have none", async () => {
    // VI-65
    const [btc] = await readFolder(resolve(data, "bybit_perp_1h"), ["BTCUSDT"]);
    const log = btc!.close.map(Math.log).filter((_, t) => t % 24 === 0);
    expect(dickeyFuller(log, { lags: 5, trend: "line" }).pValue).toBeGreaterThan(0.05);
    const returns = log.map((x, t) => x - log[t - 1]!).subarray(1);
    expect(dickeyFuller(returns, { lags: 5, trend: "level" }).pValue).toBeLessThan(1e-6);
  });
});
