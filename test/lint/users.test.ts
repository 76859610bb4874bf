/** What the library exports is there for someone: a use outside the tests, or a reason that is written down. */
import { beforeAll, expect, test } from "vitest";
import { script } from "../scripts/project.js";

interface Exported {
  readonly name: string;
  readonly file: string;
  readonly users: readonly string[];
}

interface Lint {
  exportedValues(): Exported[];
  readonly kept: ReadonlyMap<string, string>;
}

let values: readonly Exported[];
let kept: Lint["kept"];

beforeAll(async () => {
  const lint = await script<Lint>("lint/users.mjs");
  values = lint.exportedValues();
  kept = lint.kept;
});

test("every exported value has a user outside the tests, or is kept for a reason", () => {
  const idle = values.filter(({ name, users }) => users.length === 0 && !kept.has(name));
  expect(idle.map(({ name, file }) => `${name} of ${file}`)).toEqual([]);
});

test("what is kept for a reason exists, and the reason is a sentence", () => {
  const names = new Set(values.map(({ name }) => name));
  expect([...kept.keys()].filter((name) => !names.has(name))).toEqual([]);
  for (const reason of kept.values()) expect(reason.split(" ").length, reason).toBeGreaterThan(5);
});

test.each([
  ["trading.backtest", "README.md"],
  ["sweep.decodeTable", "docs/guides/sweep.md"],
  ["portfolio.minimumVariance", "lib/portfolio/index.ts example"],
  ["market.realResults", "notebooks/08-real-bars.ipynb"],
  ["models.bayesian.trainSourceNetwork", "scripts/source-network.mjs"],
  ["nn.startBackend", "bench/bnn.bench.ts"],
  ["train", "lib/cli/train.ts"],
])("the use of %s in %s is found", (wanted, place) => {
  expect(values.find(({ name, users }) => name === wanted && users.includes(place))).toBeDefined();
});

test("a definition, a door and a use in its own file are no users of a public value", () => {
  const own = values.filter(
    ({ users, file }) => users.includes(file) || users.some((user) => user.endsWith("index.ts")),
  );
  expect(own.filter(({ name }) => name.includes("."))).toEqual([]);
  expect(values.find(({ name }) => name === "crpsFair")?.users).toEqual([]);
});
