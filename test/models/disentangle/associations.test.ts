import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import { associations } from "../../../lib/models/disentangle/associations.js";
import { rankCorrelation } from "../../../lib/prob/scores/ranking.js";
import { chain } from "../support/regimes.js";

/** The association of one column with classes. */
function ratio(x: ArrayLike<number>, values: ArrayLike<number>): number {
  const options = { latents: 1, key: key("ratio"), replicates: 2 };
  return associations(Float64Array.from(x), [{ name: "class", values, kind: "class" }], options)[0]!.value;
}

test("the association with classes is the statistic of Kruskal and Wallis over N − 1, as SciPy has it", () => {
  const outcome = Uint8Array.from(uniforms(key("outcome"), 80), (u) => (u < 0.3 ? 1 : 0));
  const x = normals(key("a"), 80).map((z, i) => Math.round(4 * (z + 1.2 * outcome[i]!)) / 4);
  const label = Uint8Array.from(uniforms(key("class"), 80), (u) => Math.floor(3 * u));
  expect(ratio(x, label) * 79).toBeCloseTo(0.5695931409363296, 10);
  expect(ratio([1, 1, 5, 5, 9], [0, 0, 2, 2, 1])).toBeCloseTo(1, 12);
});

/** A series that remembers: about 50 rows. */
function slow(name: string, rows: number): Float64Array {
  let level = 0;
  return normals(key(name), rows).map((z) => {
    level = 0.98 * level + 0.2 * z;
    return level;
  });
}

const rows = 3000;
const regime = chain(key("regime"), rows, { states: 3, stay: 0.98 });
const volatility = slow("volatility", rows);
const noise = normals(key("noise"), 3 * rows);
/** Latent 0 is volatility seen in a mirror, 1 tells the regime, 2 is slow and knows nothing. */
const idle = slow("idle", rows);
const codes = noise.map((z, i) => {
  const t = Math.floor(i / 3);
  return [-volatility[t]! + 0.3 * z, [0, 2, 1][regime[t]!]! + 0.7 * z, idle[t]!][i % 3]!;
});
const quantities = [
  { name: "volatility", values: volatility, kind: "number" },
  { name: "regime", values: regime, kind: "class" },
  { name: "unrelated", values: slow("unrelated", rows), kind: "number" },
] as const;
const options = { latents: 3, key: key("shift"), replicates: 199 };

// VI-25
test("the planted associations are found, with their sign, and no other", () => {
  const table = associations(codes, quantities, options);
  expect(table.map(({ latent, quantity }) => `${latent} ${quantity}`)).toEqual(
    [0, 1, 2].flatMap((k) => quantities.map(({ name }) => `${k} ${name}`)),
  );
  const found = table.filter(({ adjustedP }) => adjustedP <= 0.05);
  expect(found.map(({ latent, quantity }) => `${latent} ${quantity}`)).toEqual(["0 volatility", "1 regime"]);
  expect(found[0]).toMatchObject({ measure: "spearman", p: 0.005, adjustedP: 0.005 });
  expect(found[0]!.value).toBeLessThan(-0.8);
  expect(found[1]!.measure).toBe("eta²");
  expect(found[1]!.value).toBeGreaterThan(0.4);
});

test("values are those of the plain statistics, and adjusting never lowers much", () => {
  const table = associations(codes, quantities, options);
  const column = (k: number) => Float64Array.from({ length: rows }, (_, n) => codes[3 * n + k]!);
  expect(table[2]!.value).toBeCloseTo(rankCorrelation(column(0), quantities[2].values), 12);
  expect(table[4]!.value).toBeCloseTo(ratio(column(1), regime), 12);
  expect(associations(codes, quantities, options)).toEqual(table);
  for (const row of table) {
    expect(row.null95).toBeGreaterThan(0);
    expect(row.adjustedP).toBeGreaterThanOrEqual(0.005);
  }
});

test("tables of slow series that know nothing of each other show anything at all once in twenty", () => {
  const trials = 120;
  const least = Array.from({ length: trials }, (_, m) => {
    const series = (side: string, i: number) => slow(`${side} ${i} of ${m}`, 600);
    const own = [0, 1, 2].map((k) => series("code", k));
    const flat = Float64Array.from({ length: 1800 }, (_, i) => own[i % 3]![Math.floor(i / 3)]!);
    const others = [0, 1, 2].map((q) => ({
      name: `${q}`,
      values: series("quantity", q),
      kind: "number" as const,
    }));
    const table = associations(flat, others, { latents: 3, replicates: 39, key: fold(key("null"), m) });
    return Math.min(...table.map(({ adjustedP }) => adjustedP));
  });
  const share = least.filter((p) => p <= 0.05).length / trials;
  expect(share).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / trials));
});

test("what has no association is refused by name", () => {
  const of = (values: ArrayLike<number>, kind: "number" | "class") => () =>
    associations(codes, [{ name: "q", values, kind }], options);
  expect(of(volatility.subarray(1), "number")).toThrow('values of "q": expected 3000 values, got 2999');
  expect(of(new Uint8Array(rows), "class")).toThrow('values of "q": expected at least two classes, got one');
  expect(of(new Float64Array(rows), "number")).toThrow('values of "q": expected values that differ, got 0');
  expect(of(volatility, "class")).toThrow('values of "q"[0]: expected an integer of at least 0');
  const flat = codes.map((value, i) => (i % 3 === 1 ? 7 : value));
  expect(() => associations(flat, quantities, options)).toThrow(
    "latent 1: expected values that differ, got 7",
  );
});
