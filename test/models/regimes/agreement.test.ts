/** Labellings against known regimes, as rows. */
import { expect, test } from "vitest";
import { core, models } from "../../../lib/index.js";

const truth = Array.from({ length: 200 }, (_, n) => Math.floor(n / 20) % 3);

test("the truth under other names agrees wholly; shifts agree less", () => {
  const renamed = truth.map((label) => (label + 1) % 3);
  const [row] = models.regimes.agreementRows({ renamed }, truth, { key: core.key("shifts"), replicates: 99 });
  expect(row).toMatchObject({ labels: "renamed", "Rand index": 1 });
  expect(row!["95 % of shifts below"]).toBeLessThan(1);
});

test("accuracy stands beside the most frequent class", () => {
  const [row] = models.regimes.accuracyRows([0, 0, 1, 2], { truth: [0, 1, 1, 1] });
  expect(row).toEqual({ "judged by": "truth", accuracy: 0.5, "always the most frequent": 0.75 });
  expect(() => models.regimes.accuracyRows([0], { truth: [] })).toThrow("truth: expected 1 labels");
});
