import { expect, test } from "vitest";
import { fold, integers, key, normals } from "../../../lib/core/random.js";
import type { LabelledLatents } from "../../../lib/models/disentangle/labelledLatents.js";
import { mutualInformationGap } from "../../../lib/models/disentangle/mig.js";
import { separatedPredictability } from "../../../lib/models/disentangle/sap.js";
import { permutationNull, withInterval } from "../../../lib/models/disentangle/uncertainty.js";

const root = key("uncertainty of scores");
const mig = (data: LabelledLatents) => mutualInformationGap(data).mig;
/** Mean of the first code: a score whose error is known. */
const average = ({ codes }: LabelledLatents) => codes[0]!.reduce((a, b) => a + b, 0) / codes[0]!.length;

/** Codes that follow the two factors with the given noise. */
function sample(name: string, rows: number, sd: number): LabelledLatents {
  const factors = [0, 1].map((f) => integers(fold(root, name, "factor", f), rows, 4));
  const codes = [0, 1, 2].map((k) => {
    const e = normals(fold(root, name, "e", k), rows);
    return Float64Array.from(e, (noise, i) => (factors[k]?.[i] ?? 0) + sd * noise);
  });
  return { codes, factors };
}

const options = { key: root, replicates: 200, block: 1, level: 0.9 };

test("the error of a mean is σ / √n, and the interval lies about the value", () => {
  const data = sample("mean", 400, 1);
  const { value, lower, upper, standardError } = withInterval(average, data, options);
  const column = data.codes[0]!;
  const sd = Math.sqrt(column.reduce((s, v) => s + (v - value) ** 2, 0) / (column.length - 1));
  expect(Math.abs(standardError / (sd / 20) - 1)).toBeLessThan(0.15);
  expect(value).toBeCloseTo(average(data), 12);
  expect((upper - lower) / (2 * 1.645 * (sd / 20))).toBeGreaterThan(0.8);
  expect((upper - lower) / (2 * 1.645 * (sd / 20))).toBeLessThan(1.2);
});

test("a 90 % interval holds the truth in about 90 % of samples", () => {
  let held = 0;
  for (let i = 0; i < 150; i++) {
    const data = { codes: [normals(fold(root, "coverage", i), 60)], factors: [new Float64Array(60)] };
    const { lower, upper } = withInterval(average, data, { ...options, replicates: 150, key: fold(root, i) });
    if (lower <= 0 && 0 <= upper) held++;
  }
  expect(held / 150).toBeGreaterThan(0.82);
  expect(held / 150).toBeLessThan(0.97);
});

test("the interval of a gap holds the gap of very many rows, where plain percentiles miss it", () => {
  const truth = mig(sample("very many", 100_000, 0.7));
  let [held, percentiles] = [0, 0];
  for (let i = 0; i < 25; i++) {
    const settings = { ...options, replicates: 50, key: fold(root, "gap", i) };
    const { value, lower, upper } = withInterval(mig, sample(`gap ${i}`, 400, 0.7), settings);
    if (lower <= truth && truth <= upper) held++;
    if (2 * value - upper <= truth && truth <= 2 * value - lower) percentiles++;
  }
  expect(held).toBeGreaterThanOrEqual(18); // 22.5 of 25 at 90 %
  expect(percentiles).toBeLessThan(held - 5);
});

test("blocks widen the interval of a series with a memory", () => {
  const e = normals(fold(root, "ar"), 2000);
  const column = e.slice();
  for (let i = 1; i < column.length; i++) column[i] = 0.9 * column[i - 1]! + e[i]!;
  const data = { codes: [column], factors: [new Float64Array(2000)] };
  const single = withInterval(average, data, options).standardError;
  const blocks = withInterval(average, data, { ...options, block: 80 }).standardError;
  expect(blocks / single).toBeLessThan(6);
  expect(blocks / single).toBeGreaterThan(2.5); // √((1 + 0.9) / (1 − 0.9)) = 4.4 in the limit
});

test("repeated rows flatter the gap of noise: the bias is reported and taken out", () => {
  const noise = sample("noise", 300, 100);
  const gap = (data: LabelledLatents) => mutualInformationGap(data).information[0]![0]!;
  const { value, bias, lower, upper } = withInterval(gap, noise, options);
  expect(bias).toBeGreaterThan(0.02);
  expect(upper + lower).toBeLessThan(2 * value);
});

test("the same key gives the same interval, another key another", () => {
  const data = sample("keys", 200, 0.5);
  expect(withInterval(mig, data, options)).toEqual(withInterval(mig, data, options));
  expect(withInterval(mig, data, { ...options, key: fold(root, 1) })).not.toEqual(
    withInterval(mig, data, options),
  );
});

test("a code that follows the factors is beyond its null; noise is not", () => {
  const shuffled = { key: root, replicates: 99, blocks: 400 };
  const good = permutationNull(mig, sample("good", 400, 0.3), shuffled);
  expect(good.p).toBeCloseTo(0.01, 12);
  expect(good.value).toBeGreaterThan(good.null99 + 0.2);
  const sap = (data: LabelledLatents) => separatedPredictability(data).sap;
  const p = Array.from(
    { length: 20 },
    (_, i) => permutationNull(sap, sample(`null ${i}`, 100, 100), { ...shuffled, blocks: 100 }).p,
  );
  expect(p.filter((value) => value < 0.05).length).toBeLessThanOrEqual(4);
  expect(p.reduce((a, b) => a + b) / 20).toBeGreaterThan(0.3);
});

test("persistent factors beside persistent codes: shuffled rows find something, shifted ones do not", () => {
  const rows = 600;
  const slow = (name: string) => {
    const e = normals(fold(root, name), rows);
    for (let i = 1; i < rows; i++) e[i] = 0.98 * e[i - 1]! + 0.2 * e[i]!;
    return e;
  };
  const sap = (data: LabelledLatents) => separatedPredictability(data).sap;
  let [shuffled, shifted] = [0, 0];
  for (let i = 0; i < 12; i++) {
    const factor = slow(`factor ${i}`).map((v) => (v > 0 ? 1 : 0));
    const data = { codes: [slow(`a ${i}`), slow(`b ${i}`)], factors: [factor] };
    const with_ = (blocks: number) => permutationNull(sap, data, { key: root, replicates: 99, blocks }).p;
    if (with_(rows) < 0.05) shuffled++;
    if (with_(1) < 0.05) shifted++;
  }
  expect(shuffled).toBeGreaterThanOrEqual(8);
  expect(shifted).toBeLessThanOrEqual(4);
});

test("what cannot be is refused with what came", () => {
  const data = sample("bad", 50, 1);
  expect(() => withInterval(mig, data, { ...options, block: 51 })).toThrow(
    "block: expected at most the 50 rows, got 51",
  );
  expect(() => withInterval(mig, data, { ...options, level: 1 })).toThrow(
    "level: expected a number in (0, 1), got 1",
  );
  expect(() => withInterval(() => Number.NaN, data, options)).toThrow(
    "score[0]: expected a finite number, got NaN",
  );
});
