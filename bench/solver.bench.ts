/** The quadratic solver beside HiGHS on one program: least variance of 50 assets under caps, in one interleaved run. `npm run bench -- solver` */
import { bench, describe } from "vitest";
import { fromFlat, type Matrix, quadraticForm } from "../lib/core/linalg.js";
import { key, normals } from "../lib/core/random.js";
import { minimumVariance } from "../lib/portfolio/optimise/meanVariance.js";

const ASSETS = 50;
const ROWS = 200;
const CAP = 0.05;
const ROUNDS = 20;

const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0, throws: true };

interface Solution {
  readonly Status: string;
  readonly Columns: Readonly<Record<string, { readonly Primal: number }>>;
}

/** The program in the LP format that HiGHS reads. */
function programOf(covariance: Matrix): string {
  const names = Array.from({ length: ASSETS }, (_, a) => `x${a}`);
  const squares = names.flatMap((name, a) => [
    `${covariance.get(a, a)} ${name} ^2`,
    ...names.slice(a + 1).map((other, i) => `${2 * covariance.get(a, a + 1 + i)} ${name} * ${other}`),
  ]);
  const objective = squares.join(" + ").replaceAll("+ -", "- ");
  const bounds = names.map((name) => ` 0 <= ${name} <= ${CAP}`).join("\n");
  return `Minimize\n obj: [ ${objective} ] / 2\nSubject To\n c: ${names.join(" + ")} = 1\nBounds\n${bounds}\nEnd\n`;
}

async function work(): Promise<void> {
  const rows = fromFlat(normals(key("solver"), ROWS * ASSETS), ROWS, ASSETS);
  const covariance = rows.transpose().mmul(rows).div(ROWS);
  const program = programOf(covariance);
  const { default: load } = (await import("highs")) as unknown as {
    default: () => Promise<{ solve(text: string): Solution }>;
  };
  const highs = await load();
  const times = { own: [] as number[], HiGHS: [] as number[] };
  let [own, theirs] = [Number.NaN, Number.NaN];
  for (let round = 0; round < ROUNDS; round++) {
    let start = performance.now();
    own = quadraticForm(covariance, minimumVariance(covariance, { cap: CAP }));
    times.own.push(performance.now() - start);
    start = performance.now();
    const { Columns } = highs.solve(program);
    times.HiGHS.push(performance.now() - start);
    theirs = quadraticForm(
      covariance,
      Float64Array.from({ length: ASSETS }, (_, a) => Columns[`x${a}`]!.Primal),
    );
  }
  const median = (values: number[]) => values.sort((a, b) => a - b)[ROUNDS / 2]!;
  const [ours, others] = [median(times.own), median(times.HiGHS)];
  console.log(
    `own ${ours.toFixed(2)} ms, HiGHS ${others.toFixed(2)} ms with its text: ${(others / ours).toFixed(1)} times`,
  );
  console.log(`variance: HiGHS's over ours less one ${(theirs / own - 1).toExponential(1)}`);
}

describe("quadratic program of 50 assets", () => {
  bench("own and HiGHS in turn", work, once);
});
