/** What every chapter must do to run on bars other than the simulated ones: no symbol is one it cannot do without. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const folder = path.resolve(__dirname, "../../notebooks");
const chapters = readdirSync(folder).filter((name) => /^\d\d-.*\.ipynb$/.test(name));

function codeOf(name: string): string[] {
  const { cells } = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  return cells.filter((cell) => cell.cell_type === "code").map((cell) => [cell.source].flat().join(""));
}

/** What each call asks for, up to the end of its statement. */
const opened = (code: readonly string[]): string[] =>
  code.flatMap((source) => Array.from(source.matchAll(/market\.open\(([^;]*)/g), (match) => match[1]!));

describe.each(chapters)("%s", (name) => {
  const code = codeOf(name);

  test("says how many bars it needs, and names no symbol that must be there", () => {
    const asked = opened(code).filter((call) => !call.includes('folder: "simulated"'));
    expect(asked.length).toBeGreaterThan(0);
    for (const call of asked) {
      expect(call).toContain("minBars: ");
      expect(call).not.toMatch(/\bsymbols: /);
    }
  });

  test("says of other bars whose they are", () => {
    expect(code.some((source) => /plot\.marketBanner\(\w+\)/.test(source))).toBe(true);
  });
});
