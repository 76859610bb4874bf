/** Results of the study on real bars: what each key of their file holds. */

/** The ends of a confidence interval. */
type Interval = { lower: number; upper: number };

/** A rank correlation with returns, over all folds and in each of them, with its standard error. */
type Coefficient = { folds: number[]; ic: number; error: number };

/** Rows of each part of a fold. */
type Parts = { training: number; validation: number; test: number };

type Fold = { fold: number; from: string };

/** One series of bars that the results were computed from. */
type Series = {
  symbol: string;
  first: string;
  last: string;
  rows: number;
  gaps: number;
  settlements: number;
  sha256: string;
  fundingSha256: string;
};

/** One network of a sweep of β on a fold. */
type BetaRow = {
  beta: number;
  active: number;
  activePredicted: number;
  kl: number;
  totalCorrelation: number;
  error: number;
};

type BetaResults = {
  folds: (Fold & Parts & { elbow: number; betas: BetaRow[] })[];
  coefficients: (Coefficient & { signal: string })[];
  best: number;
  chance: number;
  p: number;
};

/** Scores of a model beside a baseline; the difference of their NLL has the interval. */
type ForecastScore = Interval & {
  baseline: string;
  model: string;
  nll: number;
  crps: number;
  coverage: number;
  difference: number;
};

type ForecastResults = {
  folds: (Fold & Parts & { to: string })[];
  scores: ForecastScore[];
  coefficients: (Coefficient & { model: string })[];
};

type SizeResults = {
  groups: (Coefficient & { group: string; rows: number })[];
  gaps: (Interval & { rule: string; than: string; difference: number })[];
  parts: { aleatoric: number; epistemic: number; withVolatility: number };
};

type Gain = Interval & { model: string; gain: number };
type OfCoin = Interval & { coin: string; value: number };

type FactorResults = {
  number: { factors: number; validation: number; test: number }[];
  chosen: number;
  secondFactor: Gain;
  gains: Gain[];
  halves: { half: string; rows: number; fractions: (Interval & { value: number })[]; loadings: OfCoin[] }[];
  slopes: OfCoin[];
};

type PortfolioResults = {
  folds: (Fold & { portfolios: number })[];
  decisions: number;
  gaps: (Interval & { rule: string; difference: number; folds: number[] })[];
};

/** A variant of the rules, traded at one level of costs. */
type Traded = Interval & {
  variant: string;
  sharpe: number;
  totalReturn: number;
  maxDrawdown: number;
  turnover: number;
  gross: number;
  trading: number;
  funding: number;
};

/** The best Sharpe ratio, charged for the trials it is the best of. */
type Charge = { trials: number; benchmark: number; probability: number };

type CostResults = {
  from: string;
  to: string;
  hours: number;
  variants: number;
  free: Traded[];
  levels: { level: number; rows: Traded[] }[];
  survival: { best: string; sharpe: number; independent: Charge; effective: Charge; overfitting: number };
  equity: { variant: string; time: number[]; equity: number[] }[];
};

/** A fact of the real bars beside its range over simulated markets. */
type Beside = { name: string; real: number; low: number; middle: number; high: number; outside: boolean };

type SimulatorResults = {
  markets: number;
  /** Of the real bars: what a reader who has them can recompute in a second. */
  joint: { pairCorrelation: number; component1: number; component2: number };
  headlines: Beside[];
  facts: { compared: number; outside: Beside[] };
  funding: (Interval & { symbol: string; settlements: number; paid: number })[];
};

/** Numbers of every figure on real bars, with what they were computed from and the rules they follow. */
export interface RealResults {
  data: Series[];
  rules: Record<string, string[]>;
  variants: Record<string, string[]>;
  versions: { component: string; version: string }[];
  beta: BetaResults;
  forecast: ForecastResults;
  size: SizeResults;
  factors: FactorResults;
  portfolios: PortfolioResults;
  costs: CostResults;
  simulator: SimulatorResults;
}
