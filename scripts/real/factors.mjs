/** How many factors five coins have, what their loadings were in 2024 and 2025, and whether a bend is seen. */
import { core, features, models, trading } from "vitrade";
import { isoDay, root } from "./common.mjs";
import { settings } from "./rules.mjs";

const RESAMPLES = 199;

/** Rows of all parts together: they follow one another in time. */
function allRows({ train, validation, test }) {
  const parts = [train, validation, test];
  return {
    x: Float64Array.from(parts.flatMap(({ x }) => Array.from(x))),
    time: parts.flatMap(({ time }) => Array.from(time)),
  };
}

const rowsOf = (x, width, rows) =>
  Float64Array.from(rows.flatMap((n) => Array.from(x.subarray(n * width, (n + 1) * width))));

/** Fractions of the variance of standardised returns by principal component, and correlations of each coin with the first two. */
export function components(x, width) {
  const columns = models.disentangle.latentColumns(x, width);
  const matrix = core.fromRows(
    columns.map((one) => Float64Array.from(columns, (other) => core.correlation(one, other))),
  );
  const { values, vectors } = core.symmetricEigen(matrix);
  const order = Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  const column = (k) => {
    const axis = core.columnOf(vectors, order[k]);
    const largest = axis.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best));
    return axis.map((value) => Math.sign(largest) * value * Math.sqrt(values[order[k]]));
  };
  return { fractions: order.map((k) => values[k] / width), first: column(0), second: column(1) };
}

/** A statistic of rows, a list of numbers, with 95 % intervals from resampled blocks of rows. */
export function withInterval(x, width, statistic, key) {
  const rows = x.length / width;
  const { meanBlock } = settings.bootstrap;
  const draws = Array.from({ length: RESAMPLES }, (_, r) => {
    const order = trading.significance.stationaryBootstrapIndices(core.fold(key, r), rows, meanBlock);
    return statistic(rowsOf(x, width, Array.from(order)));
  });
  return Array.from(statistic(x), (value, i) => {
    const own = draws.map((draw) => draw[i]);
    return { value, lower: core.quantile(own, 0.025), upper: core.quantile(own, 0.975) };
  });
}

const halfYear = (time) => {
  const date = new Date(time);
  return `${date.getUTCFullYear()}, ${date.getUTCMonth() < 6 ? "first" : "second"} half`;
};

function byHalfYear({ x, time }, names) {
  const width = names.length;
  const halves = [...new Set(time.map(halfYear))];
  return halves.map((half) => {
    const rows = Array.from(time.keys()).filter((n) => halfYear(time[n]) === half);
    const own = rowsOf(x, width, rows);
    const read = (sample) => {
      const { fractions, first } = components(sample, width);
      return [...fractions.slice(0, 3), ...first];
    };
    const measured = withInterval(own, width, read, core.fold(root, "loadings", half));
    const loadings = names.map((coin, a) => ({ coin, ...measured[3 + a] }));
    return { half, rows: rows.length, fractions: measured.slice(0, 3), loadings };
  });
}

/** The factors of the bars. */
export async function studyFactors(bars, say) {
  const { hidden, epochs, split } = settings.factors;
  const data = features.returnDataset({ bars }, { split });
  const key = core.fold(root, "factors");
  const linear = [];
  for (const factors of [1, 2]) linear.push(await models.factorModel({ data, factors, key }));
  const validation = linear.map((fit) => core.mean(fit.logLikelihood(data.validation)));
  const factors = validation[1] > validation[0] ? 2 : 1;
  const network = { data, factors, key, hidden, epochs, seeds: settings.seeds };
  const fits = {
    linear: linear[factors - 1],
    nonlinear: await models.factorModel(network),
    linearTails: await models.factorModel({ data, factors, key, sharedTails: true }),
    nonlinearTails: await models.factorModel({ ...network, sharedTails: true }),
  };
  say(`factors: ${factors} of 2, ${data.train.rows} hours`);
  const logs = Object.fromEntries(
    Object.entries(fits).map(([name, fit]) => [name, fit.logLikelihood(data.test)]),
  );
  const second = linear.map((fit) => fit.logLikelihood(data.test));
  const level = 1 - (1 - settings.level) / 3;
  const gain = (model, one, other) => {
    const options = { ...settings.bootstrap, key: core.fold(key, model), level };
    const { estimate, lower, upper } = trading.significance.meanDifference(one, other, options);
    return { model, gain: estimate, lower, upper };
  };
  const rows = allRows(data);
  const slopes = withInterval(
    rows.x,
    data.names.length,
    (x) => models.factor.slopeRatiosOfData(x, data.names.length),
    core.fold(key, "slopes"),
  );
  const part = ({ time, rows: count }) => ({
    from: isoDay(time[0]),
    to: isoDay(time[count - 1]),
    rows: count,
  });
  return {
    parts: { train: part(data.train), validation: part(data.validation), test: part(data.test) },
    number: [1, 2].map((count, i) => ({
      factors: count,
      validation: validation[i],
      test: core.mean(second[i]),
    })),
    chosen: factors,
    secondFactor: gain("second factor", second[1], second[0]),
    gains: [
      gain("nonlinear over linear", logs.nonlinear, logs.linear),
      gain("fat tails over normal noise", logs.linearTails, logs.linear),
      gain("nonlinear over linear, fat tails", logs.nonlinearTails, logs.linearTails),
    ],
    halves: byHalfYear(rows, data.names),
    slopes: data.names.map((coin, a) => ({ coin, ...slopes[a] })),
  };
}
