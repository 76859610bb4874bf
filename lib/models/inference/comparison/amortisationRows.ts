/** Bounds of fitted and amortised posteriors as rows of a table. */
import type { PosteriorScore } from "./amortisation.js";

/** One answer, in nats a row of the data; NaN where a bound has no parts. */
export type AmortisationRow = Record<string, string | number> & { answer: string; ELBO: number };

/**
 * A row a known bound, then a row a score with its parts and the mean squared error that its reconstruction term
 * stands for, given the noise variance of the model's `columns` inputs.
 * @param bounds   name → bound
 * @param scores   name → score
 */
export function amortisationRows(
  bounds: Readonly<Record<string, number>>,
  scores: Readonly<Record<string, PosteriorScore>>,
  { noiseVar, columns }: { readonly noiseVar: number; readonly columns: number },
): AmortisationRow[] {
  const rows: AmortisationRow[] = Object.entries(scores).map(([answer, score]) => {
    const { elbo, reconstruction, kl, klPerLatent } = score;
    const row: AmortisationRow = { answer, ELBO: elbo, reconstruction, KL: kl };
    klPerLatent.forEach((own, k) => {
      row[`KL ${k + 1}`] = own;
    });
    const squares = -2 * reconstruction - columns * Math.log(2 * Math.PI * noiseVar);
    return { ...row, MSE: (squares * noiseVar) / columns };
  });
  const blank = Object.fromEntries(Object.keys(rows[0] ?? {}).map((name) => [name, Number.NaN]));
  const known = Object.entries(bounds).map(([answer, ELBO]) => ({ ...blank, answer, ELBO }));
  return [...known, ...rows];
}
