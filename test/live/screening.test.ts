/** What a screen saves and what it costs. */
import { expect, test } from "vitest";
import { screening } from "../../lib/live/screening.js";
import type { Direction } from "../../lib/trading/index.js";

const signal = (direction: Direction) => ({
  ...{ direction, probability: 0.5, confidence: 0.5, aleatoric: 1, latent: 0, epistemic: 0, size: 1 },
});
const decision = (time: number, sides: (Direction | undefined)[], drawn: boolean[]) => ({
  ...{ time, targets: new Float64Array(2), drawn, readings: {} },
  signals: sides.map((side) => side && signal(side)),
});

test("a trade that changes its side is lost and added, one that is held is neither, and HOLD is no trade", () => {
  const full = [decision(1, ["LONG", "SHORT"], [true, true]), decision(2, ["HOLD", undefined], [true, true])];
  const screened = [
    decision(1, ["LONG", "LONG"], [true, true]),
    decision(2, ["HOLD", "HOLD"], [false, false]),
  ];
  expect(screening(full, screened)).toEqual({
    ...{ drawn: 4, "still drawn": 2, trades: 2, "trades lost": 1, "trades added": 1 },
  });
});

test("the same decisions lose and add nothing", () => {
  const full = [decision(1, ["LONG", "SHORT"], [true, true])];
  expect(screening(full, full)).toMatchObject({ "trades lost": 0, "trades added": 0, trades: 2 });
});
