/** What the simulator got wrong: numbers that need no network, on real bars and on several simulated markets. */
import { core, features, market, models, portfolio, trading } from "vitrade";
import { root } from "./common.mjs";
import { components, withInterval } from "./factors.mjs";
import { settings } from "./rules.mjs";

/** Medians of the stylised facts over half-years. */
function facts(bars) {
  const { length } = features.facts.HALF_YEARS;
  const ranges = features.facts.factRanges(features.facts.factsOverWindows(bars, { length, step: length }));
  return Object.fromEntries(Object.entries(ranges).map(([name, [, middle]]) => [name, middle]));
}

/** Rank correlation of the last `back` hours' return with the next eight hours', all coins together. */
function momentum(bars, back) {
  const { horizon } = settings.window;
  const [then, next] = [[], []];
  for (const { close } of bars)
    for (let t = back; t + horizon < close.length; t += horizon) {
      then.push(Math.log(close[t] / close[t - back]));
      next.push(Math.log(close[t + horizon] / close[t]));
    }
  return core.correlation(ranks(then), ranks(next));
}

function ranks(values) {
  const out = new Float64Array(values.length);
  Array.from(values.keys())
    .sort((a, b) => values[a] - values[b])
    .forEach((n, rank) => {
      out[n] = rank;
    });
  return out;
}

const annual = (ledger) => trading.summarise(ledger).sharpe;

/** Numbers of the chapter's questions that need no network. */
async function headlines(bars) {
  const { split } = settings.factors;
  const { lookBack, every, cap } = settings.portfolios;
  const data = features.returnDataset({ bars }, { split });
  const key = core.fold(root, "simulator");
  const linear = await models.factorModel({ data, factors: 1, key });
  const two = await models.factorModel({ data, factors: 2, key });
  const tails = await models.factorModel({ data, factors: 1, key, sharedTails: true });
  const mean = (fit) => core.mean(fit.logLikelihood(data.test));
  const { fractions, first } = components(data.train.x, bars.length);
  const walk = {
    lookBack,
    every,
    from: Math.floor(settings.first * bars[0].close.length),
    costs: trading.BYBIT_COSTS,
  };
  const equal = new Float64Array(bars.length).fill(1 / bars.length);
  const quiet = (window) => portfolio.minimumVariance(portfolio.sampleCovariance(window), { cap });
  const held = annual(portfolio.walkForward(bars, { ...walk, decide: () => equal }));
  return {
    "IC of the last day's return": momentum(bars, 24),
    "IC of the last 8 hours' return": momentum(bars, 8),
    "fraction of the first component": fractions[0],
    "fraction of the second component": fractions[1],
    "lowest loading on the first component": Math.min(...first),
    "gain of a second factor [nats]": mean(two) - mean(linear),
    "gain of shared fat tails [nats]": mean(tails) - mean(linear),
    "slope down over up, mean of coins": core.mean(
      models.factor.slopeRatiosOfData(data.train.x, bars.length),
    ),
    "minimum variance less equal weights [Sharpe]":
      annual(portfolio.walkForward(bars, { ...walk, decide: quiet })) - held,
    "equal weights [Sharpe]": held,
  };
}

const rowsOf = (real, simulated) =>
  Object.entries(real).map(([name, value]) => {
    const own = simulated.map((one) => one[name]);
    const [low, high] = [Math.min(...own), Math.max(...own)];
    return { name, real: value, low, middle: core.median(own), high, outside: value < low || value > high };
  });

/** Real numbers beside those of simulated markets of as many hours. */
export async function studySimulator(bars, { funding, say }) {
  const symbols = bars.map(({ symbol }) => symbol);
  const count = bars[0].openTime.length;
  const [realFacts, realHeadlines] = [facts(bars), await headlines(bars)];
  const [simulatedFacts, simulatedHeadlines] = [[], []];
  for (let n = 0; n < settings.simulator.markets; n++) {
    const drawn = market.simulate.simulate({
      symbols,
      bars: count,
      key: core.fold(root, "simulated market", n),
    });
    simulatedFacts.push(facts(drawn.bars));
    simulatedHeadlines.push(await headlines(drawn.bars));
  }
  say(`simulator: ${settings.simulator.markets} markets`);
  const factRows = rowsOf(realFacts, simulatedFacts);
  return {
    markets: settings.simulator.markets,
    joint: features.facts.jointFacts(bars),
    headlines: rowsOf(realHeadlines, simulatedHeadlines),
    facts: { compared: factRows.length, outside: factRows.filter(({ outside }) => outside) },
    funding: fundingRows(bars, funding),
  };
}

/** What was paid for holding each coin long, a year; the simulator has none. */
function fundingRows(bars, funding) {
  const { openTime, stepMs } = bars[0];
  const years = (openTime.at(-1) - openTime[0] + stepMs) / (365 * 86_400_000);
  return bars.map(({ symbol }) => {
    const { time, rate } = funding[symbol];
    const due = Array.from(time.keys()).filter((n) => time[n] > openTime[0] && time[n] <= openTime.at(-1));
    const own = Float64Array.from(due, (n) => rate[n]);
    const yearly = (due.length / years) * 100;
    const [mean] = withInterval(own, 1, (x) => [core.mean(x)], core.fold(root, "funding", symbol));
    return {
      ...{ symbol, settlements: due.length, paid: mean.value * yearly },
      ...{ lower: mean.lower * yearly, upper: mean.upper * yearly },
    };
  });
}
