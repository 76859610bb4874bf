/** What the market VAE and the Bayesian network predict, and what their uncertainty is worth for size. */
import { core, features, models, trading } from "vitrade";
import { byAsset, isoDay, joinPanels, reach, root, rowsByAsset, sharpeGap } from "./common.mjs";
import { settings } from "./rules.mjs";

const { window, folds, first, validation, seeds } = settings;

/** Both networks on every fold. */
async function fits(bars, say) {
  const data = features.forwardDatasets(bars, { ...window, folds, first, validation });
  const { latent, hidden, draws, ...training } = settings.vae;
  const vaeOf = (one) => models.vae({ data: one, latent, hidden });
  const vaes = await models.trainForward(data, vaeOf, { ...training, seeds, key: core.fold(root, "vae") });
  say(`market VAE: ${folds} folds, ${data[0].train.rows} to ${data[folds - 1].train.rows} windows`);
  const { hidden: widths, draws: passes, ...schedule } = settings.bnn;
  const bnnOf = (one) => models.bnn({ data: one, hidden: widths });
  const bnns = await models.trainForward(data, bnnOf, { ...schedule, seeds, key: core.fold(root, "bnn") });
  say(`Bayesian network: ${folds} folds`);
  const test = {
    asset: data.flatMap((one) => Array.from(one.test.asset)),
    decidedAt: Float64Array.from(data.flatMap((one) => Array.from(one.test.decidedAt))),
    returns: Float64Array.from(data.flatMap((one) => Array.from(one.test.returns))),
  };
  return {
    ...{ data, test, bnns },
    vae: models.predictForward(vaes, { draws }),
    bnn: models.predictForward(bnns, { draws: passes }),
  };
}

/** Σ of the last 24 squared hourly log returns of each row. */
function lastDay(bars, { asset, decidedAt }) {
  const { openTime, stepMs } = bars[0];
  const barOf = new Map(Array.from(openTime, (open, t) => [open + stepMs, t]));
  const squares = bars.map(({ close }) =>
    close.map((c, t) => (t === 0 ? 0 : Math.log(c / close[t - 1]) ** 2)),
  );
  return Float64Array.from(decidedAt, (time, n) => {
    const t = barOf.get(time);
    return core.sum(squares[asset[n]].subarray(t - 23, t + 1));
  });
}

/** Mean of the training part; its variance, or one in proportion to that of the last day. */
function baselinesOf(bars, data) {
  const one = (name, varianceOf) => {
    const parts = data.map(({ train, test }) => {
      const variance = varianceOf(train, test);
      return { mean: test.returns.map(() => core.mean(train.returns)), variance, test };
    });
    const all = (of) => Float64Array.from(parts.flatMap((part) => Array.from(of(part))));
    const aleatoric = all(({ variance }) => variance);
    const none = aleatoric.map(() => 0);
    const moments = { mean: all(({ mean }) => mean), aleatoric, latent: none, epistemic: none };
    const places = { asset: all(({ test }) => test.asset), decidedAt: all(({ test }) => test.decidedAt) };
    return [name, core.normalForecast(moments, places)];
  };
  return Object.fromEntries([
    one("training variance", (train, test) => test.returns.map(() => core.variance(train.returns))),
    one("last day's variance", (train, test) => {
      const factor = core.variance(train.returns) / core.mean(lastDay(bars, train));
      const least = core.variance(train.returns) / 100; // an hour without a trade has no variance of zero
      return lastDay(bars, test).map((square) => Math.max(least, factor * square));
    }),
  ]);
}

/** Rank correlation of values with what came, with errors from shifts in time within each fold. */
function coefficient(data, values, name, rows = () => true) {
  let from = 0;
  const parts = data.map(({ test }) => {
    const start = from;
    from += test.rows;
    const order = byAsset(test).filter((n) => rows(start + n));
    return {
      signals: [[Float64Array.from(order, (n) => values[start + n])]],
      outcome: Float64Array.from(order, (n) => test.returns[n]),
      lengths: rowsByAsset({ asset: order.map((n) => test.asset[n]) }),
    };
  });
  const options = { key: core.fold(root, "coefficient", name), replicates: settings.beta.shifts };
  const [only] = models.disentangle.forwardSelection(parts, options).candidates;
  return { folds: only.folds, ic: only.mean, error: only.standardError };
}

/** Third of each row by epistemic uncertainty within its fold, 0 the surest. */
function thirds(data, epistemic) {
  let from = 0;
  return data.flatMap(({ test }) => {
    const own = epistemic.subarray(from, from + test.rows);
    from += test.rows;
    const [low, high] = [core.quantile(own, 1 / 3), core.quantile(own, 2 / 3)];
    return Array.from(own, (value) => (value <= low ? 0 : value <= high ? 1 : 2));
  });
}

/** Sizes of one side; each fold knows its own validation part. */
function sizes(bnns) {
  const { weight, kelly, volatility, maxWeight } = settings.size;
  const { draws } = settings.bnn;
  const costBps = trading.roundTripBps(trading.BYBIT_COSTS);
  const edge = { kind: "edge", costBps, minEdgeMultiple: 1, epistemicPenalty: 0 };
  const perFold = bnns.map((fit) => {
    const forecast = fit.predict(fit.data.test, { draws });
    const meanSquare = core.mean(fit.predict(fit.data.validation, { draws }).mean.map((m) => m * m));
    const by = (position, more = {}) => trading.size(forecast, { maxWeight, position, ...more });
    return {
      fixed: by({ kind: "fixed", weight }),
      "less when volatile": by((row) => volatility / Math.sqrt(core.totalVariance(row))),
      "less when unsure": by({ kind: "shrunk", weight, meanSquare }),
      Kelly: by({ kind: "kelly", fraction: kelly, epistemicPenalty: 0 }),
      "cautious Kelly": by({ kind: "kelly", fraction: kelly, epistemicPenalty: 1 }),
      "only where it pays": by({ kind: "fixed", weight }, { signal: edge }),
    };
  });
  return Object.fromEntries(Object.keys(perFold[0]).map((name) => [name, perFold.map((own) => own[name])]));
}

const PAIRS = [
  ["less when volatile", "fixed"],
  ["less when unsure", "fixed"],
  ["Kelly", "fixed"],
  ["cautious Kelly", "Kelly"],
  ["only where it pays", "fixed"],
];

/** Results of both questions, and the weights of their variants. */
export async function studyForecasts(bars, say) {
  const { data, test, bnns, vae, bnn } = await fits(bars, say);
  const baselines = baselinesOf(bars, data);
  const forecasts = { "market VAE": vae, "Bayesian network": bnn };
  const comparisons = Object.keys(baselines).length * Object.keys(forecasts).length;
  const scores = Object.entries(baselines).flatMap(([baseline, own]) =>
    models
      .scoreForecasts({ [baseline]: own, ...forecasts }, test)
      .map(({ model, difference, error, ...rest }) => {
        const half = reach(comparisons) * error;
        return {
          ...{ baseline, model, ...rest, difference },
          lower: difference - half,
          upper: difference + half,
        };
      }),
  );
  const coefficients = Object.entries(forecasts).map(([model, { mean }]) => ({
    model,
    ...coefficient(data, mean, model),
  }));
  const group = thirds(data, bnn.epistemic);
  const groups = ["surest third", "middle third", "least sure third"].map((name, g) => ({
    ...{ group: name, rows: group.filter((own) => own === g).length },
    ...coefficient(data, bnn.mean, name, (n) => group[n] === g),
  }));
  const positions = sizes(bnns);
  const ledgerOf = (name) =>
    trading.ledgerReturns(trading.backtest(joinPanels(positions[name]), bars, { costs: trading.NO_COSTS }));
  const returns = Object.fromEntries(Object.keys(positions).map((name) => [name, ledgerOf(name)]));
  const gaps = PAIRS.map(([rule, than]) => ({
    ...{ rule, than },
    ...sharpeGap(returns[rule], returns[than], {
      ...{ comparisons: PAIRS.length, key: core.fold(root, "sizes", rule), stepMs: bars[0].stepMs },
    }),
  }));
  const deviations = (variance) => 1e4 * Math.sqrt(core.mean(variance));
  const signed = trading.size(vae, { maxWeight: 0.2, position: { kind: "fixed", weight: 0.2 } });
  return {
    forecast: {
      folds: data.map(({ train, validation: watched, test: own }, f) => ({
        ...{ fold: f + 1, from: isoDay(own.decidedAt[0]), to: isoDay(own.decidedAt[own.rows - 1]) },
        ...{ training: train.rows, validation: watched.rows, test: own.rows },
      })),
      ...{ scores, coefficients },
    },
    size: {
      ...{ groups, gaps },
      parts: {
        aleatoric: deviations(bnn.aleatoric),
        epistemic: deviations(bnn.epistemic),
        withVolatility: core.correlation(bnn.epistemic.map(Math.sqrt), bnn.aleatoric.map(Math.sqrt)),
      },
    },
    panels: {
      "VAE, sign": [signed],
      "VAE, half Kelly": [trading.size(vae, { maxWeight: 0.2 })],
      ...positions,
    },
  };
}
