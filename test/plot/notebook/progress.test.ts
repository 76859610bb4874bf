import { expect, test } from "vitest";
import { progress } from "../../../lib/plot/notebook/progress.js";

/** A run of `steps` steps of `stepMs` milliseconds each, and what it wrote. */
function run(
  stepMs: number,
  steps = 100,
  total = 100,
): { line: string; update: boolean; id: string; final: boolean }[] {
  const written: { line: string; update: boolean; id: string; final: boolean }[] = [];
  let now = 5000;
  const bar = progress(total, "training", {
    clock: () => now,
    write: (line, { id, update }, final) => written.push({ line, id, update, final }),
  });
  for (let step = 1; step <= steps; step++) {
    now += stepMs;
    bar.update(step, `ELBO ${step}`);
  }
  bar.finish("ELBO −1.20");
  return written;
}

test("a line is written at most four times a second", () => {
  expect(run(10)).toHaveLength(1 + 3 + 1); // the first step, every 250 ms of one second, the end
  expect(run(1000)).toHaveLength(100 + 1);
});

test("all lines are written over one another", () => {
  const lines = run(100);
  expect(new Set(lines.map(({ id }) => id)).size).toBe(1);
  expect(lines.map(({ update }) => update)).toEqual([false, ...new Array(lines.length - 1).fill(true)]);
  expect(lines.map(({ final }) => final).indexOf(true)).toBe(lines.length - 1);
});

test("two pieces of work have two lines", () => {
  expect(run(1000, 1)[0]!.id).not.toBe(run(1000, 1)[0]!.id);
});

test("while it runs the line tells rate and time left, and the final line tells neither", () => {
  const fast = run(50);
  expect(fast[1]!.line).toBe("training █░░░░░░░░░░░░░░░░░░░ 6/100 · 20.0/s, 5 s left · ELBO 6");
  expect(fast.at(-1)!.line).toBe("training ████████████████████ 100/100 · ELBO −1.20");
  expect(fast.at(-1)!.line).toBe(run(777).at(-1)!.line);
});

test("work that stops early ends at the step it reached", () => {
  expect(run(10, 40).at(-1)!.line).toBe("training ████████░░░░░░░░░░░░ 40/100 · ELBO −1.20");
  expect(run(10, 0).at(-1)!.line).toMatch("100/100");
});

test("a total that counts nothing is refused", () => {
  expect(() => progress(0, "x")).toThrow("total: expected an integer of at least 1, got 0");
});
