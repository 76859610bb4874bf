import { mean } from "../../lib/core/stats.js";
import { mcmcDiagnostics } from "../../lib/prob/diagnostics/mcmc.js";
import { psis } from "../../lib/prob/diagnostics/psis.js";
import { expectedRankPmf, sbcRank, sbcTest } from "../../lib/prob/diagnostics/sbc.js";
import type { Adapter } from "./vectors.js";

export const psisSbcAdapters: Readonly<Record<string, Adapter>> = {
  psis: (input) => {
    const ratios = input.vector("log_weights");
    const result = psis(ratios);
    return {
      khat: result.khat,
      top10_smoothed_log_weights: result.logWeights
        .slice()
        .sort((a, b) => b - a)
        .subarray(0, 10),
      ess_raw: result.essRaw,
      ess_psis: result.essSmoothed,
      logmeanexp: result.logMeanExp,
      elbo: mean(ratios),
      tail_len: result.tailLength,
    };
  },
  sbc: (input) => {
    const draws = input.number("L");
    const test = sbcTest(input.vector("ranks"), draws);
    return {
      hist: Array.from(test.histogram),
      chi2: test.chiSquare,
      p_value: test.pValue,
      expected_rank_pmf: expectedRankPmf(draws, input.number("posterior_sd_ratio")),
    };
  },
  sbcRank: (input) => {
    const posterior = input.matrix("posterior_draws");
    const ranks = Array.from(input.vector("prior_draws"), (truth, i) => sbcRank(truth, posterior[i]!));
    return { rank: ranks.map(({ rank }) => rank), ties: ranks.map(({ ties }) => ties) };
  },
  mcmcDiagnostics: (input) => {
    const result = mcmcDiagnostics(input.matrix("chains"));
    return {
      rhat_split: result.rhatSplit,
      rhat_rank: result.rhat,
      ess_bulk: result.essBulk,
      ess_tail: result.essTail,
      ess_mean: result.essMean,
      mcse_mean: result.mcseMean,
    };
  },
};
