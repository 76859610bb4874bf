import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { deflatedBest } from "../../../lib/trading/significance/deflatedBest.js";
import {
  expectedMaxSharpe,
  probabilisticSharpe,
  sharpeMoments,
} from "../../../lib/trading/significance/sharpeInference.js";

const root = key("deflated best");
const series = (name: string, drift: number) => normals(fold(root, name), 1000).map((e) => e + drift);

test("the best is found and charged for the spread and the number of all", () => {
  const all = [series("a", 0), series("b", 0.2), series("c", -0.1)];
  const { best, sharpe, benchmark, probability } = deflatedBest(all);
  const ratios = all.map((own) => sharpeMoments(own).sharpe);
  const centre = (ratios[0]! + ratios[1]! + ratios[2]!) / 3;
  const spread = ratios.reduce((total, ratio) => total + (ratio - centre) ** 2, 0) / 2;
  expect(best).toBe(1);
  expect(sharpe).toBe(ratios[1]);
  expect(benchmark).toBeCloseTo(expectedMaxSharpe({ variance: spread, count: 3 }), 12);
  expect(probability).toBeCloseTo(probabilisticSharpe(sharpeMoments(all[1]!), benchmark), 12);
});

test("the best of several without skill is no discovery, and one series is not several", () => {
  const idle = Array.from({ length: 20 }, (_, i) => series(`idle ${i}`, 0));
  expect(deflatedBest(idle).probability).toBeLessThan(0.95);
  expect(() => deflatedBest([series("a", 0)])).toThrow("returns: series");
});
