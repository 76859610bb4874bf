import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { versions } from "../../lib/core/versions.js";

const library = JSON.parse(readFileSync("lib/package.json", "utf8")) as {
  version: string;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
};

test("the backend comes first, then the library, then every package at the version that was asked for", () => {
  const rows = versions("wasm");
  expect(rows[0]).toEqual({ component: "TensorFlow.js backend", version: "wasm" });
  expect(rows[1]).toEqual({ component: "vitrade", version: library.version });
  expect(rows.length).toBeGreaterThan(4);
  for (const { component, version } of rows.slice(2)) {
    expect(version, component).toMatch(/^\d+\.\d+\.\d+/);
    expect(version, component).toBe({ ...library.dependencies, ...library.peerDependencies }[component]);
  }
});
