/**
 * The rules of the study on real bars, written before it was run for the first time.
 *
 * Data: Bybit's USDT perpetuals BTC, ETH, SOL, BNB and WIF, hourly, at the hours common to all five, with the funding that was paid.
 * Folds: four test parts of equal length, one after the other, over the last half of the hours; everything that is fitted or chosen
 * for a test part is fitted or chosen on what was known before it. Decisions fall every eight hours, portfolios are decided once a
 * week; a decision at a close is executed at the next open. Costs: Bybit's taker fee, half a basis point of half-spread, funding.
 * Intervals: 95 %, from resampled blocks of two days unless said otherwise; where several things are compared with one, the level is
 * divided among them (Bonferroni), so that "better" means better after the number of comparisons is paid for.
 *
 * Nothing here is tuned: layers, epochs and seeds are small so that the whole takes minutes on two cores, and stand before the first
 * run. All variants that are traded are counted in `variants`, and the last question charges for every one of them.
 */

export const SYMBOLS = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "BNBUSDT", "WIFUSDT"];

export const settings = {
  seed: 2026,
  /** Forward folds over the last half. */
  folds: 4,
  first: 0.5,
  validation: 0.15,
  /** Networks that differ by their seed alone, for each fold and setting. */
  seeds: 3,
  /** Bars of a window, and bars from one decision to the next, over which the return is predicted. */
  window: { length: 24, horizon: 8, stride: 8 },
  level: 0.95,
  bootstrap: { replicates: 999, meanBlock: 48 },
  beta: { betas: [1, 2, 4, 8, 16], latent: 8, hidden: [48], epochs: 15, learningRate: 2e-3, shifts: 199 },
  vae: { latent: 8, hidden: [64, 32], epochs: 10, learningRate: 3e-3, batchSize: 64, draws: 40 },
  bnn: { hidden: [32, 16], epochs: 20, learningRate: 0.01, batchSize: 128, draws: 40 },
  size: { weight: 0.2, kelly: 0.02, volatility: 0.003, maxWeight: 0.2 },
  factors: { hidden: [32], epochs: 40, split: { train: 0.6, validation: 0.2, test: 0.2 } },
  portfolios: { lookBack: 1440, every: 168, cap: 0.4, latents: 4, epochs: 40, draws: 800, recipesEvery: 336 },
  costLevels: [0, 0.25, 0.5, 1, 2],
  simulator: { markets: 8 },
};

export const rules = {
  beta: [
    "A β-VAE of candles (a day, four columns, 8 latent dimensions, 48 hidden units, 3 seeds, 15 epochs) for each β of 1, 2, 4, 8, 16 is trained before each fold.",
    "Elbow: on the fold's validation part, the β whose squared error against total correlation lies furthest from the line between the ends.",
    "Signal: the latent dimension, with its sign, that went best with the returns of training and validation part. IC: its rank correlation with the next eight hours' return in the fold, mean over seeds.",
    "β matters for prediction if the best of five mean ICs has p < 0.05 against the best of five with returns shifted in time; eight principal components are reported beside and are not part of the five.",
    "β matters for compression if the active dimensions fall with β in every fold. The elbow is stable if all folds name the same β.",
  ],
  forecast: [
    "A market VAE (8 latent dimensions, layers of 64 and 32, 3 seeds, 10 epochs) and a Bayesian network (layers of 32 and 16, 3 seeds, 20 epochs) predict the next eight hours' log return from a day of standard features.",
    "Baselines: the training part's mean and variance; the same mean with a variance in proportion to that of the last 24 hours, the proportion fitted on the training part.",
    "A network is better than a baseline if its mean negative log-likelihood is lower and the 95 % interval of the difference (standard error over days, divided among the four comparisons) leaves out zero.",
  ],
  size: [
    "Side: that of the Bayesian network's predicted mean. Sizes: fixed 0.2; less when volatile; less when unsure (epistemic variance against the mean square of the validation part's predictions); Kelly; Kelly less one epistemic standard deviation; and fixed only where the predicted gain exceeds a round trip's cost.",
    "Epistemic uncertainty is worth something for size if 'less when unsure' has a higher Sharpe ratio than 'fixed', or 'cautious Kelly' than 'Kelly', before costs, and the interval of the difference leaves out zero; there are five comparisons.",
    "Beside: rows are cut into three equal groups by epistemic uncertainty within each fold; IC of the predicted mean in each, with errors from shifts in time.",
  ],
  factors: [
    "Hourly returns over a scale known before the hour. Linear factor models with one and two factors (five coins identify no third), fitted on the first 60 %, chosen by the log-likelihood of the next 20 %; the last 20 % tests.",
    "Loadings of the first factor, and the fraction of variance of each principal component, in each half-year, with intervals from resampled days.",
    "Gains of log-likelihood in a test hour: nonlinear over linear, shared fat tails over normal noise, nonlinear over linear with fat tails; three comparisons. The bend is real if the third interval leaves out zero.",
    "Asymmetry: the slope of each coin on the mean of all where it falls over the slope where it rises, by regression, with intervals from resampled days.",
  ],
  portfolios: [
    "Before each fold a portfolio VAE (4 latent dimensions, 40 epochs) learns from the four recipes of chapter 6 on the fold's past; 800 draws are projected to a cap of 40 %.",
    "Five rules decide weekly on the last sixty days: equal weights, minimum variance, Markowitz, best generated, least volatile generated.",
    "Generated portfolios help if a generated rule's Sharpe ratio after costs less that of equal weights has an interval that leaves out zero; there are four comparisons.",
  ],
  costs: [
    "Every variant that the other questions trade is traded here over the same hours, before costs, at several multiples of the fees and the spread, and with funding at every multiple.",
    "Something survives if the best of all variants after costs has a deflated Sharpe ratio, charged for all of them as independent, with a probability of at least 0.95.",
    "Beside: the same charged for the effective number of trials, and the probability of backtest overfitting over eight blocks.",
  ],
  simulator: [
    "The same bars' numbers that need no network, on eight simulated markets of as many hours and the same symbols, with no funding: where the real number lies outside the range of the eight, the simulator got it wrong.",
    "The simulator was calibrated to these very months, so what it meets is no finding; what it misses is.",
  ],
};

/** Everything that is traded, by the question that trades it. */
export const variants = {
  beta: ["β = 1", "β = 2", "β = 4", "β = 8", "β = 16", "elbow β", "8 components", "last day"],
  forecast: ["VAE, sign", "VAE, half Kelly"],
  size: ["fixed", "less when volatile", "less when unsure", "Kelly", "cautious Kelly", "only where it pays"],
  portfolios: [
    "equal weights",
    "minimum variance",
    "Markowitz",
    "best generated",
    "least volatile generated",
  ],
  baselines: ["always long", "sign of the last day"],
};
