/** Reads the results of the study on real bars, as `npm run real` writes them: chapter 8 reads them where the bars themselves are not at hand. */
import { z } from "zod";
import { readSmall, type Schema, shaped } from "../core/index.js";
import { nearestData } from "./files/nearest.js";
import type { RealResults } from "./realResults.js";

const interval = { lower: z.number(), upper: z.number() };
const texts = z.array(z.string());
const coefficient = { folds: z.array(z.number()), ic: z.number(), error: z.number().positive() };
const measured = z.object({ value: z.number(), ...interval });

const series = z.object({
  symbol: z.string(),
  first: z.string(),
  last: z.string(),
  rows: z.number(),
  gaps: z.number(),
  settlements: z.number(),
  sha256: z.string().length(64),
  fundingSha256: z.string().length(64),
});

const foldRow = { fold: z.number(), from: z.string() };
const parts = { training: z.number(), validation: z.number(), test: z.number() };

const beta = z.object({
  folds: z.array(
    z.object({
      ...foldRow,
      elbow: z.number(),
      ...parts,
      betas: z.array(
        z.object({
          beta: z.number(),
          active: z.number(),
          activePredicted: z.number(),
          kl: z.number(),
          totalCorrelation: z.number(),
          error: z.number(),
        }),
      ),
    }),
  ),
  coefficients: z.array(z.object({ signal: z.string(), ...coefficient })),
  best: z.number(),
  chance: z.number(),
  p: z.number(),
});

const forecast = z.object({
  folds: z.array(z.object({ ...foldRow, to: z.string(), ...parts })),
  scores: z.array(
    z.object({
      baseline: z.string(),
      model: z.string(),
      nll: z.number(),
      crps: z.number(),
      coverage: z.number(),
      difference: z.number(),
      ...interval,
    }),
  ),
  coefficients: z.array(z.object({ model: z.string(), ...coefficient })),
});

const size = z.object({
  groups: z.array(z.object({ group: z.string(), rows: z.number(), ...coefficient })),
  gaps: z.array(z.object({ rule: z.string(), than: z.string(), difference: z.number(), ...interval })),
  parts: z.object({ aleatoric: z.number(), epistemic: z.number(), withVolatility: z.number() }),
});

const gain = z.object({ model: z.string(), gain: z.number(), ...interval });
const ofCoin = z.object({ coin: z.string(), value: z.number(), ...interval });

const factors = z.object({
  number: z.array(z.object({ factors: z.number(), validation: z.number(), test: z.number() })),
  chosen: z.number(),
  secondFactor: gain,
  gains: z.array(gain),
  halves: z.array(
    z.object({
      half: z.string(),
      rows: z.number(),
      fractions: z.array(measured),
      loadings: z.array(ofCoin),
    }),
  ),
  slopes: z.array(ofCoin),
});

const portfolios = z.object({
  folds: z.array(z.object({ ...foldRow, portfolios: z.number() })),
  decisions: z.number(),
  gaps: z.array(
    z.object({ rule: z.string(), difference: z.number(), ...interval, folds: z.array(z.number()) }),
  ),
});

const traded = z.object({
  variant: z.string(),
  sharpe: z.number(),
  ...interval,
  totalReturn: z.number(),
  maxDrawdown: z.number(),
  turnover: z.number(),
  gross: z.number(),
  trading: z.number(),
  funding: z.number(),
});

const charge = z.object({ trials: z.number(), benchmark: z.number(), probability: z.number() });

const costs = z.object({
  from: z.string(),
  to: z.string(),
  hours: z.number(),
  variants: z.number(),
  free: z.array(traded),
  levels: z.array(z.object({ level: z.number(), rows: z.array(traded) })),
  survival: z.object({
    best: z.string(),
    sharpe: z.number(),
    independent: charge,
    effective: charge,
    overfitting: z.number(),
  }),
  equity: z.array(z.object({ variant: z.string(), time: z.array(z.number()), equity: z.array(z.number()) })),
});

const beside = z.object({
  name: z.string(),
  real: z.number(),
  low: z.number(),
  middle: z.number(),
  high: z.number(),
  outside: z.boolean(),
});

const simulator = z.object({
  markets: z.number(),
  joint: z.object({ pairCorrelation: z.number(), component1: z.number(), component2: z.number() }),
  headlines: z.array(beside),
  facts: z.object({ compared: z.number(), outside: z.array(beside) }),
  funding: z.array(z.object({ symbol: z.string(), settlements: z.number(), paid: z.number(), ...interval })),
});

const results: Schema<RealResults> = z.object({
  data: z.array(series),
  rules: z.record(z.string(), texts),
  variants: z.record(z.string(), texts),
  versions: z.array(z.object({ component: z.string(), version: z.string() })),
  ...{ beta, forecast, size, factors, portfolios, costs, simulator },
});

/** Bytes of the file at most: it holds numbers of figures, no bars. */
const MOST = 4_000_000;

/**
 * Results of the study on real bars, whose arrays say their lengths in the schema: [folds], [β], [assets] and so on.
 * @param file  its path; by default data/real-results.json in the working folder or the nearest one above, as notebooks run below the root
 * @throws Error naming the file and the key when it is no such file.
 */
export function readRealResults(file: string = nearestData("real-results.json")): RealResults {
  const text = readSmall(file, MOST);
  if (text === undefined) throw new Error(`${file}: expected the results of npm run real, got no such file`);
  return shaped(results, JSON.parse(text), file);
}
