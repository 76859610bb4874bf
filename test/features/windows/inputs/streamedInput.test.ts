/** The input of a model along candles that come one by one. */
import { expect, test } from "vitest";
import { key } from "../../../../lib/core/random.js";
import { marketInput } from "../../../../lib/features/windows/inputs/marketInput.js";
import { previewedInput, streamedInput } from "../../../../lib/features/windows/inputs/streamedInput.js";
import { candlesOnly } from "../../../../lib/market/candlesOnly.js";
import { simulate } from "../../../../lib/market/simulate/simulate.js";

const [bars] = candlesOnly(simulate({ symbols: ["BTCUSDT"], bars: 120, key: key("streamed") }).bars) as [
  never,
];
const { openTime, open, high, low, close, volume, stepMs } = bars as ReturnType<typeof candlesOnly>[number];
const candles = Array.from(openTime, (time, t) => ({
  ...{ time, open: open[t]!, high: high[t]!, low: low[t]!, close: close[t]!, volume: volume[t]! },
}));

test("one by one they are the table's, in every bit", () => {
  const { values } = marketInput(bars);
  expect(streamedInput(candles, stepMs).flatMap((row) => [...row])).toEqual([...values]);
});

test("a revision that equals the bar has its features, and looking at it early leaves later ones as they were", () => {
  const { names, early, closed } = previewedInput(
    candles.map((one, t) => ({ closed: one, early: t % 2 === 0 ? one : { ...one, volume: one.volume / 2 } })),
    stepMs,
  );
  expect(closed).toEqual(streamedInput(candles, stepMs));
  expect(early[100]).toEqual(closed[100]);
  expect(early[101]).not.toEqual(closed[101]);
  expect(early[101]![names.indexOf("return")]).toBe(closed[101]![names.indexOf("return")]);
});
