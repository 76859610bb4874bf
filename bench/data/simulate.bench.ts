/** Two years of hourly bars of sixteen symbols with tape, book and truth: ours, beside returns alone in numpy. */
import { describe } from "vitest";
import { key } from "../../lib/core/random.js";
import { simulate } from "../../lib/market/simulate/simulate.js";
import { race } from "../support/interleaved.js";
import { pythonContestant } from "../support/python.js";

const BARS = 2 * 365 * 24;
const symbols = Array.from({ length: 16 }, (_, a) => `ASSET${a}USDT`);
let turn = 0;

describe("data: simulate", () => {
  const numpy = pythonContestant("numpy, clustered returns alone", {
    needs: ["numpy"],
    program: `
import numpy as np
def work():
    T, A = ${BARS}, 16
    rng = np.random.default_rng(1)
    level = np.zeros(T); keep = np.exp(-1 / 3.0)
    noise = rng.standard_normal(T)
    for t in range(1, T):
        level[t] = keep * level[t - 1] + noise[t] * 0.3
    common = rng.standard_t(7, T); own = rng.standard_t(6, (T, A))
    r = 0.005 * np.exp(level)[:, None] * (0.85 * common[:, None] + 0.5 * own)
    np.exp(np.cumsum(r, axis=0))
    return T * A
`,
  });
  race("simulate 16 symbols, 2 years of hours", {
    unit: "bar",
    rounds: 7,
    against: Object.keys(numpy)[0] ?? "simulate",
    contestants: {
      simulate: () => simulate({ symbols, bars: BARS, key: key(turn++) }).bars.length * BARS,
      ...numpy,
    },
  });
});
