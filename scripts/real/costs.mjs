/** Does anything survive: every variant over the same hours, at several costs, and the best of them charged for all. */
import { core, market, trading } from "vitrade";
import { isoDay, joinPanels, root, sharpeGap } from "./common.mjs";
import { portfolioGaps } from "./portfolios.mjs";
import { settings } from "./rules.mjs";

/** Close of the first decision that all variants have, and of the last bar that is evaluated. */
export function commonHours(bars, panels) {
  const first = Math.max(...panels.map(([{ time }]) => time[0]));
  const { stepMs } = bars[0];
  const last = Math.min(...panels.map((own) => own.at(-1).time.at(-1)));
  return { first, last: last + settings.window.horizon * stepMs };
}

/** The decisions of a panel between two times. */
function between({ time, names, values }, first, last) {
  const start = time.findIndex((at) => at >= first);
  const end = time.filter((at) => at < last).length;
  return {
    time: time.slice(start, end),
    names,
    values: values.slice(start * names.length, end * names.length),
  };
}

const scaled = (level, funding) => ({
  ...trading.BYBIT_COSTS,
  takerBps: level * trading.BYBIT_COSTS.takerBps,
  makerBps: level * trading.BYBIT_COSTS.makerBps,
  halfSpreadBps: level * trading.BYBIT_COSTS.halfSpreadBps,
  funding,
});

function rowOf(variant, ledger) {
  const options = { ...settings.bootstrap, key: core.fold(root, "sharpe", variant), level: settings.level };
  const { sharpe, lower, upper, totalReturn } = trading.significance.annualSharpe(ledger, options);
  const { years, annualTurnover, gross, fees, spread, funding, maxDrawdown } = trading.summarise(ledger);
  return {
    ...{ variant, sharpe, lower, upper, totalReturn, maxDrawdown, turnover: annualTurnover / 365 },
    ...{ gross: gross / years, trading: (fees + spread) / years, funding: funding / years },
  };
}

/** Equity every week. */
function weekly({ time, equity }) {
  const rows = Array.from(time.keys()).filter((t) => t % 168 === 0);
  return { time: rows.map((t) => time[t]), equity: rows.map((t) => equity[t]) };
}

function survival(ledgers) {
  const { sharpeMoments, deflatedSharpe, effectiveTrials, backtestOverfitting } = trading.significance;
  const names = Object.keys(ledgers);
  const returns = names.map((name) => trading.ledgerReturns(ledgers[name]));
  const sharpes = returns.map((own) => sharpeMoments(own).sharpe);
  const best = sharpes.indexOf(Math.max(...sharpes));
  const variance = core.variance(sharpes);
  const year = Math.sqrt(core.barsPerYear(ledgers[names[0]].stepMs));
  const charged = (count, source) => {
    const { benchmark, probability } = deflatedSharpe(sharpeMoments(returns[best]), {
      variance,
      count,
      source,
    });
    return { trials: count, benchmark: benchmark * year, probability };
  };
  return {
    ...{ best: names[best], sharpe: sharpes[best] * year },
    independent: charged(names.length, "independent"),
    effective: charged(effectiveTrials(returns), "effective"),
    overfitting: backtestOverfitting(returns, 8).probability,
  };
}

/** Fifths of the equity in each coin, always long or on the side of the last day. */
function dullPanels(panel, bars) {
  const { hold, trailing } = trading.baselines(panel, { bars }, { weight: 0.2, trailing: 24 });
  return { "always long": [hold], "sign of the last day": [trailing] };
}

/** Ledgers of all variants at all costs, and what the study asks of them. */
export function studyCosts(bars, studied, { funding, say }) {
  const panels = { ...studied, ...dullPanels(joinPanels(studied.fixed), bars) };
  const { first, last } = commonHours(bars, Object.values(panels));
  const { openTime, stepMs } = bars[0];
  const end = openTime.findIndex((time) => time + stepMs >= last) + 1;
  const used = bars.map((own) => market.sliceBars(own, 0, end));
  const decided = Object.entries(panels).map(([name, own]) => [name, between(joinPanels(own), first, last)]);
  const ledgersAt = (costs) =>
    Object.fromEntries(decided.map(([name, panel]) => [name, trading.backtest(panel, used, { costs })]));
  const rowsAt = (ledgers) => Object.entries(ledgers).map(([name, ledger]) => rowOf(name, ledger));
  const levels = settings.costLevels.map((level) => ({
    level,
    rows: rowsAt(ledgersAt(scaled(level, funding))),
  }));
  const ledgers = ledgersAt(scaled(1, funding));
  const hours = Object.values(ledgers).map(({ time }) => time.length);
  if (new Set(hours).size > 1) throw new Error(`ledgers: expected one length, got ${hours.join(", ")}`);
  say(`costs: ${decided.length} variants at ${levels.length} levels over ${hours[0]} hours`);
  const returns = (name) => trading.ledgerReturns(ledgers[name]);
  const weeklyRules = Object.keys(studied).slice(-5);
  const gapOf = (one, other, { comparisons, rule }) =>
    sharpeGap(one, other, { comparisons, key: core.fold(root, "portfolio gap", rule), stepMs });
  return {
    costs: {
      ...{ from: isoDay(first), to: isoDay(last), hours: hours[0], variants: decided.length },
      ...{ free: rowsAt(ledgersAt(trading.NO_COSTS)), levels, survival: survival(ledgers) },
      equity: Object.entries(ledgers).map(([variant, ledger]) => ({ variant, ...weekly(ledger) })),
    },
    gaps: portfolioGaps(Object.fromEntries(weeklyRules.map((name) => [name, returns(name)])), gapOf),
  };
}
