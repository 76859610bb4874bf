import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { laterAgreement } from "../../../lib/models/disentangle/stability.js";

const root = key("later agreement");
const columns = (name: string) => [0, 1, 2].map((k) => normals(fold(root, name, k), 500));

test("dimensions that come back in another order and the other way round agree wholly", () => {
  const [pairing, reading] = [columns("pairing"), columns("reading")];
  const moved = ([a, b, c]: readonly Float64Array[]) => [c!, a!.map((v) => -v), b!];
  const other = { pairing: moved(pairing), reading: moved(reading) };
  expect(laterAgreement({ pairing, reading }, other)).toEqual([1, 1, 1]);
});

test("unrelated dimensions agree by nothing on later rows, whatever their pairing found", () => {
  const one = { pairing: columns("a"), reading: columns("b") };
  const other = { pairing: columns("c"), reading: columns("d") };
  for (const rho of laterAgreement(one, other)) expect(Math.abs(rho)).toBeLessThan(4 / Math.sqrt(500));
});

test("a pair that goes the other way later counts as negative, and an inactive one not at all", () => {
  const [pairing, reading] = [columns("pairing"), columns("reading")];
  const later = [reading[0]!.map((v) => -v), reading[1]!, reading[2]!.map((v) => v / 100)];
  expect(laterAgreement({ pairing, reading }, { pairing, reading: later })).toEqual([-1, 1]);
});
