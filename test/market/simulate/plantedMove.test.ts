/** A planted move: nothing changes before it, and prices go where its shape says. */
import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import { checkBars } from "../../../lib/market/bars.js";
import {
  MOVE_SHAPES,
  type MoveShape,
  moveTable,
  plantMove,
} from "../../../lib/market/simulate/plantedMove.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";

const [bars] = simulate({ symbols: ["BTCUSDT"], bars: 200, key: key("planted move") }).bars;
const AT = 100;
/** Prices that stand still: what moves is the plant. */
const still = {
  ...bars!,
  ...{ open: bars!.open.map(() => 50), high: bars!.high.map(() => 50) },
  ...{ low: bars!.low.map(() => 50), close: bars!.close.map(() => 50) },
};
const logMoves = (shape: MoveShape, ...at: number[]) =>
  at.map((t) => Math.log(plantMove(still, AT, shape).close[t]! / 50));

test.each(Object.keys(MOVE_SHAPES))("the bars before a %s are as they were, to the bit", (name) => {
  const planted = plantMove(bars!, AT, MOVE_SHAPES[name as keyof typeof MOVE_SHAPES]);
  for (const column of ["open", "high", "low", "close", "volume"] as const)
    expect(planted[column].subarray(0, AT)).toEqual(bars![column].subarray(0, AT));
});

test.each(Object.keys(MOVE_SHAPES))("candles with a %s in them are sound", (name) => {
  const planted = plantMove(bars!, AT, MOVE_SHAPES[name as keyof typeof MOVE_SHAPES]);
  expect(() => checkBars(planted)).not.toThrow();
  expect(planted.open.subarray(AT + 1)).toEqual(planted.close.subarray(AT, -1));
});

test("prices that stand still drift as the legs say, and then stand", () => {
  expect(logMoves(MOVE_SHAPES["slow fall"], AT - 1, AT + 11, AT + 23, AT + 60)).toEqual([
    0,
    expect.closeTo(-0.125, 12),
    expect.closeTo(-0.25, 12),
    expect.closeTo(-0.25, 12),
  ]);
  expect(logMoves(MOVE_SHAPES["fast fall"], AT + 3)[0]).toBeCloseTo(-0.25, 12);
  expect(logMoves(MOVE_SHAPES["melt-up"], AT + 23)[0]).toBeCloseTo(0.25, 12);
});

test("a V is back where it began, and was a quarter down between", () => {
  const [bottom, end] = logMoves(MOVE_SHAPES.V, AT + 3, AT + 7);
  expect(bottom).toBeCloseTo(-0.25, 12);
  expect(end).toBeCloseTo(0, 12);
});

test("each fall over a day has a rally as its mirror", () => {
  const [fall, rally] = [MOVE_SHAPES["fall at usual volatility"], MOVE_SHAPES["rally at usual volatility"]];
  expect(logMoves(rally, AT + 23)[0]).toBeCloseTo(-logMoves(fall, AT + 23)[0]!, 12);
  expect({ ...rally, legs: fall.legs, label: fall.label }).toEqual(fall);
});

test("the table of shapes has both legs of a V, and one of the others", () => {
  const rows = moveTable(MOVE_SHAPES);
  expect(rows.map(({ shape }) => shape)).toEqual(Object.keys(MOVE_SHAPES));
  expect(rows[2]).toEqual({
    ...{ shape: "V", "first leg": "4 bars", move: -0.25 },
    ...{ "second leg": "4 bars, log return 0.25", volatility: 4 },
  });
  expect(rows[0]).toMatchObject({ "first leg": "24 bars", "second leg": "none" });
});

test("at usual volatility the returns are the old ones plus the drift", () => {
  const planted = plantMove(bars!, AT, MOVE_SHAPES["fall at usual volatility"]);
  for (let t = AT; t < 200; t++) {
    const before = Math.log(bars!.close[t]! / bars!.open[t]!);
    const drift = t < AT + 24 ? -0.25 / 24 : 0;
    expect(Math.log(planted.close[t]! / planted.close[t - 1]!)).toBeCloseTo(before + drift, 12);
    expect(planted.volume[t]).toBe(bars!.volume[t]);
  }
});

test("within the legs a return is four times as large", () => {
  const planted = plantMove(bars!, AT, { ...MOVE_SHAPES["slow fall"], legs: [{ bars: 24, logMove: 0 }] });
  const t = AT + 10;
  const before = Math.log(bars!.close[t]! / bars!.open[t]!);
  expect(Math.log(planted.close[t]! / planted.open[t]!)).toBeCloseTo(4 * before, 12);
});

test("a place outside the bars, or no leg, is refused", () => {
  expect(() => plantMove(bars!, 0, MOVE_SHAPES.V)).toThrow(RangeError);
  expect(() => plantMove(bars!, 200, MOVE_SHAPES.V)).toThrow(/expected a bar before 200/);
  expect(() => plantMove(bars!, AT, { ...MOVE_SHAPES.V, legs: [] })).toThrow(/legs/);
});
