import { afterEach, expect, test, vi } from "vitest";
import { display, inNotebook, nextId } from "../../../lib/plot/notebook/display.js";

const kernelPath = "/somewhere/node_modules/tslab/dist/jupyter.js";

afterEach(() => {
  delete require.cache[kernelPath];
  vi.restoreAllMocks();
});

/** Loads a module that looks like tslab's, listening or not. */
function pretendKernel(lastWriteDisplayData: unknown): void {
  require.cache[kernelPath] = { exports: { lastWriteDisplayData } } as NodeJS.Module;
}

test("without a kernel the text goes to standard output", () => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  expect(inNotebook()).toBe(false);
  display({ "text/plain": "[figure: one]", "image/png": "AAAA" });
  display({ "image/png": "AAAA" });
  expect(write.mock.calls).toEqual([["[figure: one]\n"]]);
});

test("a kernel gets all types as one output", () => {
  const write = vi.fn();
  pretendKernel(write);
  expect(inNotebook()).toBe(true);
  const bundle = { "text/plain": "[figure: one]", "image/png": "AAAA" };
  display(bundle);
  display(bundle, { place: { id: "vitrade-7", update: true }, metadata: { "image/png": { width: 760 } } });
  expect(write.mock.calls).toEqual([
    [{ data: bundle, metadata: {}, transient: {} }, false],
    [
      { data: bundle, metadata: { "image/png": { width: 760 } }, transient: { display_id: "vitrade-7" } },
      true,
    ],
  ]);
});

test("a kernel that runs no cell is not listening", () => {
  pretendKernel(null);
  expect(inNotebook()).toBe(false);
});

test("names of outputs count up", () => {
  const [, first] = /^vitrade-(\d+)$/.exec(nextId())!;
  expect(nextId()).toBe(`vitrade-${Number(first) + 1}`);
});
