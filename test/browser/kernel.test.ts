import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { execute, type WorkFolder, workFolder } from "./support/jupyter.js";
import { missingJupyter } from "./support/machine.js";
import { type Output, readCells, writeSmall } from "./support/notebook.js";

const missing = missingJupyter();

describe.skipIf(missing)(`outputs through the real kernel${missing ? ` (left out: ${missing})` : ""}`, () => {
  let work: WorkFolder;
  let outputs: Output[][];
  let first: string;

  beforeAll(async () => {
    work = workFolder();
    const file = writeSmall(work.folder);
    await execute(file);
    first = JSON.stringify(readCells(file));
    outputs = readCells(file).map((cell) => cell.outputs ?? []);
  });
  afterAll(() => work.remove());

  const typesOf = (cell: number): string[][] =>
    outputs[cell]!.map((output) => Object.keys(output.data ?? {}).sort());
  const textOf = (cell: number): string => [outputs[cell]![0]!.data!["text/plain"]].flat().join("");

  test("a figure is one output: JSON, picture and title, and nothing that a notebook would have to trust", () => {
    const types = ["application/vnd.plotly.v1+json", "image/png", "text/plain"];
    expect(typesOf(1)).toEqual([types]);
    expect(typesOf(2)).toEqual([types]);
    expect(textOf(1)).toBe("[figure: Two waves that never agree for long]");
  });

  test("a table is one output: HTML and text", () => {
    expect(typesOf(3)).toEqual([["text/html", "text/plain"]]);
    expect(String(outputs[3]![0]!.data!["text/html"])).toContain("&lt;b&gt;");
  });

  test("progress leaves its final line only", () => {
    expect(typesOf(4)).toEqual([["text/plain"]]);
    expect(textOf(4)).toBe("waving ████████████████████ 3/3 · all waved");
  });

  test("a claim can be read back", () => {
    expect(typesOf(5)).toEqual([["application/vnd.vitrade.claim+json", "text/plain"]]);
    expect(outputs[5]![0]!.data!["application/vnd.vitrade.claim+json"]).toMatchObject({
      held: true,
      value: 1,
    });
  });

  test("two executions leave the same bytes", async () => {
    const again = writeSmall(work.folder);
    await execute(again);
    expect(JSON.stringify(readCells(again))).toBe(first);
  });
});
