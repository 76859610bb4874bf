/** Does β matter on real bars: elbow and active dimensions of each fold, and whether any β predicts. */
import { core, features, models } from "vitrade";
import { byAsset, isoDay, longShort, root, rowsByAsset } from "./common.mjs";
import { settings } from "./rules.mjs";

const { betas, latent, hidden, epochs, learningRate, shifts } = settings.beta;

/** The data of a fold: its last part is the test part, and nothing after it is there. */
function foldOf(bars, fold) {
  const { folds, first, validation, window } = settings;
  const end = first + ((1 - first) * (fold + 1)) / folds;
  const count = Math.floor(end * bars[0].openTime.length);
  const test = (1 - first) / folds / end;
  const split = { test, validation: validation * (1 - test), train: (1 - validation) * (1 - test) };
  return features.candleDataset(
    bars.map((own) => ({ ...own, ...cut(own, count) })),
    { ...window, split },
  );
}

function cut(bars, count) {
  const names = ["openTime", "open", "high", "low", "close", "volume"];
  return Object.fromEntries(names.map((name) => [name, bars[name].slice(0, count)]));
}

/** K columns of a part by one network. */
function columnsOf(encoded, network) {
  const size = encoded.shape[1] * encoded.shape[2];
  return models.disentangle.latentColumns(
    encoded.mean.subarray(network * size, (network + 1) * size),
    encoded.shape[2],
  );
}

const joined = (a, b) => Float64Array.from([...a, ...b]);

/** What went best before the test part, on the test part. */
function signalOf(columns, { train, validation }) {
  const [first, second, test] = columns;
  const known = joined(train.returns, validation.returns);
  return models.bestColumn(
    first.map((column, k) => joined(column, second[k])),
    known,
    test,
  ).values;
}

async function studyFold(bars, fold, say) {
  const data = foldOf(bars, fold);
  const { train, validation, test } = data;
  const key = core.fold(root, "beta", fold);
  const model = models.betaVae({ data, latent, hidden });
  const fit = await models.train(model, data, {
    ...{ beta: betas, seeds: settings.seeds, epochs, learningRate, key },
  });
  say(`β, fold ${fold + 1}: ${betas.length * settings.seeds} networks on ${train.rows} windows`);
  const sweep = models.sweepTable(fit, validation, { key: core.fold(key, "sweep") }).betas;
  const bend = models.disentangle.elbow(
    sweep.map((row) => -row.totalCorrelation),
    sweep.map((row) => row.error),
  );
  const parts = [train, validation, test];
  const encoded = parts.map((part) => fit.encode(part));
  const signals = betas.map((beta) =>
    fit.settings.flatMap((own, r) =>
      own.beta === beta
        ? [
            signalOf(
              encoded.map((of) => columnsOf(of, r)),
              data,
            ),
          ]
        : [],
    ),
  );
  const components = signalOf(
    parts.map((part) => models.linearScores(train, part, latent)),
    data,
  );
  const trailing = signalOf(
    parts.map((part) => [features.trailingReturns({ bars, stepMs: data.stepMs }, part, 24)]),
    data,
  );
  const scale = data.length * data.columns.length;
  const row = {
    ...{
      fold: fold + 1,
      from: isoDay(test.decidedAt.reduce((a, b) => Math.min(a, b))),
      elbow: betas[bend.index],
    },
    ...{ training: train.rows, validation: validation.rows, test: test.rows },
    betas: sweep.map(({ beta, active, activePredicted, kl, totalCorrelation, error }) => ({
      ...{ beta, active, activePredicted, kl, totalCorrelation, error: error / scale },
    })),
  };
  return { row, data, signals, rivals: { "8 components": components, "last day": trailing } };
}

const meanOf = (series) => series[0].map((_, n) => core.mean(series.map((of) => of[n])));

/** Weights of every variant over all folds. */
function panelsOf(folds) {
  const panel = (valuesOf) => folds.map((one) => longShort(one.data.symbols, one.data.test, valuesOf(one)));
  const ofBeta = (b) => panel(({ signals }) => meanOf(signals[b]));
  const elbow = panel(({ signals, row }) => meanOf(signals[betas.indexOf(row.elbow)]));
  return {
    ...Object.fromEntries(betas.map((beta, b) => [`β = ${beta}`, ofBeta(b)])),
    "elbow β": elbow,
    "8 components": panel(({ rivals }) => rivals["8 components"]),
    "last day": panel(({ rivals }) => rivals["last day"]),
  };
}

function select(folds, candidatesOf, name) {
  const parts = folds.map((one) => {
    const order = byAsset(one.data.test);
    const arranged = (values) => Float64Array.from(order, (n) => values[n]);
    return {
      signals: candidatesOf(one).map((seeds) => seeds.map(arranged)),
      outcome: arranged(one.data.test.returns),
      lengths: rowsByAsset({ asset: order.map((n) => one.data.test.asset[n]) }),
    };
  });
  return models.disentangle.forwardSelection(parts, { key: core.fold(root, name), replicates: shifts });
}

/** The results of the question and the weights of its variants. */
export async function studyBeta(bars, say) {
  const folds = [];
  for (let fold = 0; fold < settings.folds; fold++) folds.push(await studyFold(bars, fold, say));
  const chosen = select(folds, ({ signals }) => signals, "ic");
  const rivals = select(folds, (one) => Object.values(one.rivals).map((values) => [values]), "rivals");
  const rowOf = (signal, one) => ({ signal, folds: one.folds, ic: one.mean, error: one.standardError });
  const coefficients = [
    ...betas.map((beta, b) => rowOf(`β = ${beta}`, chosen.candidates[b])),
    ...Object.keys(folds[0].rivals).map((name, c) => rowOf(name, rivals.candidates[c])),
  ];
  return {
    results: {
      ...{ folds: folds.map(({ row }) => row), coefficients },
      best: betas[chosen.best],
      ...{ chance: chosen.benchmark, p: chosen.p },
    },
    panels: panelsOf(folds),
  };
}
