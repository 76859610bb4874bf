import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { flowBars } from "../../../lib/market/flow/flowBars.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { hearBars } from "../../../lib/testing/faults/heard.js";

const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 12, key: key("heard") });

// VI-14, VI-61, VI-62
test("what is heard of played bars is the bars, with the flow of all trades and books that were heard", async () => {
  const heard = await hearBars(bars, { key: key(1) });
  heard.forEach((own, a) => {
    const { flow, ...candles } = own.bars;
    const { flow: planted, ...truth } = bars[a]!;
    expect(candles).toEqual(truth);
    expect(flow).toEqual(flowBars(bars[a]!, own).flow);
    expect(flow!.bid).toEqual(planted!.bid);
    expect(own.trades).toHaveLength(12 * 7);
  });
});

test("a cut connection leaves values that are the same or NaN, and the next bars are whole again", async () => {
  const [own] = await hearBars(bars.slice(0, 1), { key: key(1), drops: [3, 7] });
  const truth = bars[0]!.flow!;
  for (const name of ["bid", "askSize"] as const) {
    const values = own!.bars.flow![name];
    values.forEach((value, t) => {
      if (!Number.isNaN(value)) expect(value).toBe(truth[name][t]);
    });
    expect(Array.from(values.subarray(8)).every(Number.isFinite)).toBe(true);
  }
});
