/** The clocks of a command: the wall's for markets, one that only counts for durations, and what parts them. */
import { afterEach, expect, test, vi } from "vitest";
import { type Clock, systemClock, watchJumps } from "../../lib/cli/clock.js";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("the time is the wall's also after a machine slept, while the time that has passed stood still", () => {
  const [wall, passed] = [Date.now(), performance.now()];
  vi.spyOn(Date, "now").mockReturnValue(wall + 8 * 3_600_000);
  vi.spyOn(performance, "now").mockReturnValue(passed);
  expect(systemClock.now()).toBe(wall + 8 * 3_600_000);
  expect(systemClock.elapsed()).toBe(passed);
});

test.each([
  [8 * 3_600_000, ["28800 s ahead of the time that has passed: the machine slept, or its clock was set"]],
  [-3_600_000, ["3600 s back: the machine's clock was set"]],
  [1500, []],
])("a jump of %d ms of the wall's clock is told once: %o", (jump, words) => {
  vi.useFakeTimers();
  const time = { wall: 0, passed: 0 };
  const clock: Clock = { now: () => 1e12 + time.wall, elapsed: () => time.passed };
  const told: string[] = [];
  const end = watchJumps(clock, 1000, (detail) => told.push(detail));
  for (let second = 0; second < 10; second++) {
    time.wall += 1000 + (second === 4 ? jump : 0);
    time.passed += 1000;
    vi.advanceTimersByTime(1000);
  }
  end();
  expect(told).toEqual(words);
});
