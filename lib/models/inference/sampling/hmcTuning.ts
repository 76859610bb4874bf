/** The warm-up of Hamiltonian Monte Carlo: its step size and its metric. */

/** What a chain has learnt so far. */
export interface Tuning {
  /** [P] variances */
  metric(): Float64Array;
  /** The size to use at an iteration: the current one during the warm-up, its average afterwards. */
  stepSize(iteration: number): number;
  learn(iteration: number, theta: Float64Array, acceptance: number): void;
}

/** Learns the step size at each warm-up iteration, and the metric (variances) at the end of each window. */
export function adaptation(
  warmup: number,
  unit: Float64Array,
  firstStep: number,
  targetAcceptance: number,
): Tuning {
  const windows = adaptationWindows(warmup);
  let metric = unit;
  let step = dualAveraging(firstStep, targetAcceptance);
  let moments = runningMoments(unit.length);
  return {
    metric: () => metric,
    stepSize: (iteration: number) => (iteration < warmup ? step.current() : step.averaged()),
    learn(iteration: number, theta: Float64Array, acceptance: number): void {
      step.update(acceptance);
      if (iteration >= windows[0]!) moments.add(theta);
      if (!windows.includes(iteration + 1) || iteration + 1 === windows[0]) return;
      metric = moments.variances();
      moments = runningMoments(unit.length);
      step = dualAveraging(step.averaged(), targetAcceptance);
    },
  };
}

/** The metric is renewed at the end of each window; nothing is learnt of it before the first and after the last. */
function adaptationWindows(warmup: number): number[] {
  const first = Math.floor(0.15 * warmup);
  const last = Math.floor(0.75 * warmup);
  return [first, first + Math.floor((last - first) / 3), last];
}

/** Nesterov's dual averaging of the log step size (Hoffman & Gelman 2014, algorithm 5). */
function dualAveraging(initial: number, targetAcceptance: number) {
  const shrinkTo = Math.log(10 * initial);
  let logStep = Math.log(initial);
  let logAverage = Math.log(initial);
  let error = 0;
  let count = 0;
  return {
    current: () => Math.exp(logStep),
    averaged: () => Math.exp(logAverage),
    update(acceptance: number): void {
      count++;
      error += (targetAcceptance - acceptance - error) / (count + 10);
      logStep = shrinkTo - (Math.sqrt(count) / 0.05) * error;
      const weight = count ** -0.75;
      logAverage = weight * logStep + (1 - weight) * logAverage;
    },
  };
}

/** Welford's running variances, drawn a little towards 10⁻³ as in Stan. */
function runningMoments(dimension: number) {
  const centre = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  let count = 0;
  return {
    add(theta: Float64Array): void {
      count++;
      for (let p = 0; p < dimension; p++) {
        const off = theta[p]! - centre[p]!;
        centre[p]! += off / count;
        squares[p]! += off * (theta[p]! - centre[p]!);
      }
    },
    variances: (): Float64Array => squares.map((s) => (count * (s / (count - 1)) + 5e-3) / (count + 5)),
  };
}
