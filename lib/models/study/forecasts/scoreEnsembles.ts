/** Scores of ensembles of several sizes out of the same networks. */
import { checkCount, momentsOf, normalForecast } from "../../../core/index.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";
import { type ForecastScores, type OutcomePart, scoreForecasts } from "./scoreForecasts.js";

/**
 * The table of `scoreForecasts` for the first `count` networks of a fit, for each count [C]: their mixture as a normal distribution.
 *
 * Each network answers once, so the fit is one of plain networks; differences are from the first count.
 * @throws RangeError when a count is not positive or there are fewer networks.
 */
export function scoreEnsembles(
  fit: StudyFit,
  part: StudyPart & OutcomePart,
  counts: readonly number[],
): ForecastScores[] {
  const most = Math.max(...counts);
  checkCount("networks of the fit", fit.settings.length, most);
  const single = Array.from({ length: most }, (_, i) => fit.network(i).predict(part, { draws: 1 }));
  const mixed = counts.map((count) => {
    checkCount("count", count);
    const some = single.slice(0, count);
    const joined = (of: (own: (typeof single)[number]) => Float64Array) =>
      Float64Array.from(some.flatMap((own) => Array.from(of(own))));
    const draws = { draws: count, mean: joined((own) => own.mean), variance: joined((own) => own.aleatoric) };
    return [count === 1 ? "1 network" : `${count} networks`, normalForecast(momentsOf(draws), part)];
  });
  return scoreForecasts(Object.fromEntries(mixed), part);
}
