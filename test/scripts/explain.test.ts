import { expect, test } from "vitest";

test("npm's lack of a right is said with the path, and not hidden in a log", async () => {
  const { explainNpm } = (await import("../../scripts/setup/explain.mjs" as string)) as {
    explainNpm(text: string): string;
  };
  const output = [
    "npm error code EACCES",
    "npm error syscall mkdir",
    "npm error path /opt/course/node_modules/tslab",
    "npm error errno -13",
    "npm error Error: EACCES: permission denied, mkdir '/opt/course/node_modules/tslab'",
  ].join("\n");
  expect(explainNpm(output)).toMatch(
    /^npm may not write to \/opt\/course\/node_modules\/tslab: give yourself the right .* Details: \.vitrade\/npm\.log$/,
  );
  expect(explainNpm("npm error code ENOTFOUND")).toMatch(/^npm cannot reach its registry/);
});
