import { readFileSync } from "node:fs";
import { test } from "vitest";
import { fromRows } from "/work/main/lib/core/linalg.js";
import { solveQuadraticProgram } from "/work/main/lib/portfolio/quadraticProgram.js";
test("t", () => {
  const d = JSON.parse(readFileSync("/work/shared/vectors/port.json", "utf8"));
  for (const c of d.cases.filter((c: any) => ["minVariance", "meanVarianceUtility"].includes(c.fn))) {
    const S = c.input.cov, n = S.length, mu = c.input.mu ?? Array(n).fill(0), lam = c.input.risk_aversion ?? 1;
    const t0 = performance.now();
    const x = solveQuadraticProgram({ quadratic: fromRows(S).mul(2 * lam), linear: Float64Array.from(mu, (m: number) => -m), lower: new Float64Array(n), upper: new Float64Array(n).fill(1), equal: [{ coefficients: new Float64Array(n).fill(1), value: 1 }], atMost: [] });
    const ms = performance.now() - t0;
    let q = 0, l = 0; for (let i = 0; i < n; i++) { l += mu[i] * x[i]!; for (let j = 0; j < n; j++) q += x[i]! * x[j]! * S[i][j]; }
    const obj = c.fn === "minVariance" ? q : l - lam * q;
    console.log(c.id, "rel", (obj - c.expect.objective) / c.expect.objective, "sum", x.reduce((a, b) => a + b) - 1, "min", Math.min(...x), "werr", Math.max(...x.map((v, i) => Math.abs(v - c.expect.w[i]))), ms.toFixed(2));
  }
});
