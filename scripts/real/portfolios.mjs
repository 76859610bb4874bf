/** Do generated portfolios help: five weekly rules over the folds, compared with equal weights by pairs. */
import { core, features, models, portfolio, trading } from "vitrade";
import { isoDay, root } from "./common.mjs";
import { settings } from "./rules.mjs";

const { lookBack, every, cap, latents, epochs, draws, recipesEvery } = settings.portfolios;

/** Simple returns of the bars from `from` up to and including bar `t`, [L,A]. */
function windowOf(returns, from, t) {
  const width = returns.names.length;
  const rows = [];
  for (let n = Math.max(0, from); n < t; n++) {
    const row = returns.values.subarray(n * width, (n + 1) * width);
    if (row.every(Number.isFinite)) rows.push(row);
  }
  return core.fromRows(rows);
}

/** Portfolios drawn by a network that learnt from the past alone, within the cap. */
async function generated(past, key) {
  const recipes = portfolio.recipePortfolios(past, {
    key: core.fold(key, "recipes"),
    every: recipesEvery,
    cap,
  });
  const fit = await models.portfolio.train(recipes, { key: core.fold(key, "train"), latents, epochs });
  const pool = portfolio.latent.portfolioGenerator(fit).sample(draws, core.fold(key, "draws"));
  const weights = portfolio.rowsOf(pool).flatMap((own) => Array.from(portfolio.project(own, { cap })));
  return {
    recipes: recipes.origins.length,
    pool: { assets: pool.assets, weights: Float64Array.from(weights) },
  };
}

function rulesOf(assets) {
  const equal = new Float64Array(assets).fill(1 / assets);
  const meansOf = (window) => equal.map((_, a) => core.mean(window.getColumn(a)));
  return {
    "equal weights": () => equal,
    "minimum variance": (window) => portfolio.minimumVariance(portfolio.sampleCovariance(window), { cap }),
    Markowitz: (window) =>
      portfolio.meanVariance({
        ...{ expected: meansOf(window), covariance: portfolio.sampleCovariance(window) },
        ...{ riskAversion: 5, limits: { cap } },
      }),
    "best generated": (window, pool) => portfolio.selectBest(pool, window, "sharpe"),
    "least volatile generated": (window, pool) => portfolio.selectBest(pool, window, "volatility"),
  };
}

/** Decisions every week from bar `start` on; the pool of each fold knows the bars before the fold. */
export async function studyPortfolios(bars, start, say) {
  const { openTime, stepMs } = bars[0];
  const returns = features.returnMatrix(bars, "simple");
  const length = (openTime.length - start) / settings.folds;
  const borders = Array.from({ length: settings.folds }, (_, f) => Math.floor(start + f * length));
  const pools = [];
  for (const [f, border] of borders.entries())
    pools.push(await generated(windowOf(returns, 0, border), core.fold(root, "portfolios", f)));
  say(`portfolios: ${pools.map(({ recipes }) => recipes).join(", ")} to learn from`);
  const rules = rulesOf(bars.length);
  const time = [];
  const values = Object.fromEntries(Object.keys(rules).map((name) => [name, []]));
  for (let t = start; t < openTime.length - 1; t += every) {
    const { pool } = pools[borders.findLastIndex((border) => border <= t)];
    const window = windowOf(returns, t - lookBack, t);
    time.push(openTime[t] + stepMs);
    for (const [name, decide] of Object.entries(rules)) values[name].push(...decide(window, pool));
  }
  const names = bars.map(({ symbol }) => symbol);
  const panelOf = (name) => ({
    time: Float64Array.from(time),
    names,
    values: Float64Array.from(values[name]),
  });
  return {
    results: {
      folds: borders.map((border, f) => ({
        fold: f + 1,
        from: isoDay(openTime[border]),
        portfolios: pools[f].recipes,
      })),
      decisions: time.length,
    },
    panels: Object.fromEntries(Object.keys(rules).map((name) => [name, [panelOf(name)]])),
  };
}

/** Each rule against equal weights, by ledgers over the same hours. */
export function portfolioGaps(ledgers, gapOf) {
  const [base, ...others] = Object.keys(ledgers);
  const borders = (of) =>
    Array.from({ length: settings.folds + 1 }, (_, f) => Math.floor((f * of.length) / settings.folds));
  const perFold = (returns) =>
    borders(returns)
      .slice(1)
      .map((to, f) => trading.significance.sharpeMoments(returns.subarray(borders(returns)[f], to)).sharpe);
  return others.map((rule) => ({
    ...{ rule, ...gapOf(ledgers[rule], ledgers[base], { comparisons: others.length, rule }) },
    folds: perFold(ledgers[rule]).map((sharpe, f) => sharpe - perFold(ledgers[base])[f]),
  }));
}
